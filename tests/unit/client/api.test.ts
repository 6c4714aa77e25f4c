import { describe, expect, it } from 'vitest';
import { createRoomApi, type RoomApi } from '@/client/api';
import { messageIdSchema, CURSOR_START } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import { plainSchema } from '@/domain/speech';

const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
}

/** An API whose server answers as given, and the requests sent to it. */
function apiThat(answer: () => Response | Promise<Response>, isOnline = true): { api: RoomApi; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({ method: request.method, url: request.url, body: request.body === null ? null : await request.text() });
    return answer();
  };
  return { api: createRoomApi({ origin: 'http://localhost', fetcher, isOnline: () => isOnline }), sent };
}

const problem =
  (status: number, code: string, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify({ type: 'about:blank', title: code, status, detail: code, code }), {
      status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    });

describe('the API in the browser', () => {
  it.each([
    ['a refusal', problem(403, 'room_locked'), { reason: 'room_locked' }],
    [
      'the time to wait',
      problem(429, 'rate_limited', { 'retry-after': '7' }),
      { reason: 'rate_limited', retryAfterSeconds: 7 },
    ],
    [
      'a storage that is away',
      problem(503, 'storage_unavailable', { 'retry-after': '2' }),
      { reason: 'storage_unavailable', retryAfterSeconds: 2 },
    ],
    [
      'a proxy that answers for the server',
      () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
      { reason: 'unreachable' },
    ],
    [
      'a proxy’s page that is given with 200',
      () => new Response('<h1>Back soon</h1>', { headers: { 'content-type': 'text/html' } }),
      { reason: 'unreachable' },
    ],
    [
      'JSON with a code of ours that is not a problem document',
      () => Response.json({ status: 404, code: 'room_not_found' }, { status: 404 }),
      { reason: 'unreachable' },
    ],
    [
      'a problem document of another answer',
      () =>
        new Response(problem(404, 'room_not_found')().body, {
          status: 502,
          headers: { 'content-type': 'application/problem+json' },
        }),
      { reason: 'unreachable' },
    ],
    ['a code that it does not know', problem(400, 'brand_new'), { reason: 'unreachable' }],
    [
      'an answer that is no JSON',
      () => new Response('{', { headers: { 'content-type': 'application/json' } }),
      { reason: 'unreachable' },
    ],
    ['a line that is cut', () => Promise.reject(new TypeError('network error')), { reason: 'unreachable' }],
  ])('reports %s as a value', async (_what, answer, failure) => {
    const { api } = apiThat(answer);
    expect(await api.readRoom(roomId)).toEqual({ ok: false, failure });
  });

  it('says offline when the browser has no network', async () => {
    const { api } = apiThat(() => Promise.reject(new TypeError('network error')), false);
    expect(await api.readRoom(roomId)).toEqual({ ok: false, failure: { reason: 'offline' } });
  });

  it('counts an answer without a body as done', async () => {
    const { api, sent } = apiThat(() => new Response(null, { status: 204 }));
    expect(await api.destroyRoom(roomId)).toEqual({ ok: true, value: null });
    expect(await api.leaveRoom(roomId)).toEqual({ ok: true, value: null });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DELETE http://localhost/api/room?roomId=${roomId}`,
      `POST http://localhost/api/room/leave?roomId=${roomId}`,
    ]);
  });

  it('counts nothing as done just because a page came with 200', async () => {
    const { api } = apiThat(() => new Response('<h1>Back soon</h1>', { headers: { 'content-type': 'text/html' } }));
    expect(await api.leaveRoom(roomId)).toEqual({ ok: false, failure: { reason: 'unreachable' } });
  });

  it('leaves texts that look like dates, numbers or JSON as they are', async () => {
    const texts = ['2026-11-21T10:00:00Z', '123', 'true', '{"a":1}'];
    const rest = { id: 'message-1', roomId, memberId: 'AAAAAAAAAAAAAAAA', timestamp: 1, cursor: '1-0' };
    const messages = texts.map((text) => ({ ...rest, text }));
    const { api } = apiThat(() => Response.json({ messages, removed: [], cursor: '1-0' }));
    const answer = await api.readMessages(roomId, CURSOR_START);
    expect(answer.ok && answer.value.messages.map(({ text }) => text)).toEqual(texts);
  });

  it('sends a message as JSON, under its own id', async () => {
    const { api, sent } = apiThat(() => Response.json({}, { status: 201 }));
    const message = {
      id: messageIdSchema.parse('message-1'),
      sender: plainSchema.parse('Otter'),
      text: plainSchema.parse('123'),
    };
    await api.sendMessage(roomId, message);
    expect(sent).toEqual([
      { method: 'POST', url: `http://localhost/api/messages?roomId=${roomId}`, body: JSON.stringify(message) },
    ]);
  });

  it('reads the page before a cursor, and null where the server says that nothing stands before it', async () => {
    const page = { messages: [], removed: [], cursor: '2-0', older: null };
    const { api, sent } = apiThat(() => Response.json(page));
    expect(await api.readPage(roomId, 'end')).toEqual({ ok: true, value: page });
    await api.readPage(roomId, CURSOR_START);
    expect(sent.map(({ url }) => new URL(url).searchParams.get('before'))).toEqual(['end', '0-0']);
  });

  it('takes messages back by their ids, each a parameter of its own', async () => {
    const { api, sent } = apiThat(() => new Response(null, { status: 204 }));
    const ids = ['message-1', 'message-2'].map((id) => messageIdSchema.parse(id));
    expect(await api.takeBack(roomId, ids)).toEqual({ ok: true, value: null });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DELETE http://localhost/api/messages?roomId=${roomId}&id=message-1&id=message-2`,
    ]);
  });

  it('does not accept a bare string as speech', () => {
    const { api } = apiThat(() => Response.json({}));
    // @ts-expect-error A string that was neither sealed nor declared to be plain is not sent.
    void api.rename(roomId, 'Otter');
  });
});
