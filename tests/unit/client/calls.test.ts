import { treaty } from '@elysiajs/eden/treaty2';
import { describe, expect, it } from 'vitest';
import { createCalls } from '@/client/calls';
import { CURSOR_START, messageIdSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import type { Api } from '@/server/api';

const ORIGIN = 'http://localhost';
const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const ids = ['message-1', 'message-2'].map((id) => messageIdSchema.parse(id));

type Calls = ReturnType<typeof createCalls<Api>>['api'];

/** The request and the answer of a call, by our calls or by Eden's. */
async function exchange(
  createApi: (fetcher: typeof fetch) => Calls,
  call: (api: Calls) => Promise<{ data: unknown; error: { value: unknown } | null }>,
  answer: () => Response,
) {
  const sent: unknown[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = request.body && { type: request.headers.get('content-type'), text: await request.text() };
    sent.push([request.method, request.url, body]);
    return answer();
  };
  const { data, error } = await call(createApi(fetcher));
  return { sent, data, error: error === null ? null : error.value };
}

const ours = (fetcher: typeof fetch) => createCalls<Api>(ORIGIN, fetcher).api;
const edens = (fetcher: typeof fetch) => treaty<Api>(ORIGIN, { parseDate: false, fetcher }).api;

const PROBLEM = { code: 'room_not_found', status: 404 };

describe('a call of the API is the one that Eden would make', () => {
  it.each<[string, (api: Calls) => Promise<{ data: unknown; error: { value: unknown } | null }>]>([
    ['without a query', (api) => api.room.post({ sealed: false, lifetimeSeconds: 60 })],
    ['without a body', (api) => api.room.get({ query: { roomId } })],
    ['with an empty body', (api) => api.room.join.post({}, { query: { roomId } })],
    ['with several values of one name', (api) => api.messages.delete({}, { query: { roomId, id: ids } })],
    ['with a number', (api) => api.messages.get({ query: { roomId, after: CURSOR_START, limit: 50 } })],
    ['with a value left out', (api) => api.messages.get({ query: { roomId, before: 'end', limit: undefined } })],
  ])('%s', async (_what, call) => {
    const answer = () => Response.json({ roomId });
    expect(await exchange(ours, call, answer)).toEqual(await exchange(edens, call, answer));
  });

  it.each([
    ['JSON', () => Response.json({ text: 'true', at: '2026-11-21T10:00:00Z' }, { status: 201 })],
    ['nothing', () => new Response(null, { status: 204 })],
    ['a page', () => new Response('<h1>Back soon</h1>', { headers: { 'content-type': 'text/html' } })],
    [
      'a problem',
      () =>
        new Response(JSON.stringify(PROBLEM), {
          status: 404,
          headers: { 'content-type': 'application/problem+json' },
        }),
    ],
    ['a page that says no', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ])('answered with %s', async (_what, answer) => {
    const call = (api: Calls) => api.room.get({ query: { roomId } });
    expect(await exchange(ours, call, answer)).toEqual(await exchange(edens, call, answer));
  });
});
