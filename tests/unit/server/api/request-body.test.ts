import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, REKEY_BODY_BYTES_MAX } from '@/domain/limits';
import { bodyBytesMax, readJsonBody } from '@/server/api/request-body';

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: BodyInit | null, headers: Record<string, string> = JSON_TYPE) =>
  readJsonBody(new Request('http://localhost/', { method: 'POST', headers, body, ...(body && { duplex: 'half' }) }));
const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('a body', () => {
  it.each([
    ['none', null, {}],
    ['an empty one of any type', '', { 'content-type': 'text/plain' }],
    ['an empty one of no type', streamOf(), {}],
    ['one of empty pieces', streamOf('', ''), {}],
  ])('%s counts as an empty object', async (_, body, headers) => {
    expect(await post(body, headers)).toEqual({});
  });

  it('is put together from its pieces, wherever they are cut', async () => {
    const bytes = new TextEncoder().encode('{"text":"🦋"}');
    const inPieces = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await post(inPieces)).toEqual({ text: '🦋' });
  });

  it('of a rekey alone may be larger', () => {
    expect(bodyBytesMax('http://localhost/api/room/rekey?roomId=x')).toBe(REKEY_BODY_BYTES_MAX);
    for (const path of [
      '/api/room',
      '/api/room/rekey/',
      '/api/room/join?x=/api/room/rekey',
      '/api/messages#/api/room/rekey',
    ])
      expect(bodyBytesMax(`http://localhost${path}`)).toBe(BODY_BYTES_MAX);
  });

  it('may be exactly as large as its cap', async () => {
    expect(await post(`"${'x'.repeat(BODY_BYTES_MAX - 2)}"`)).toHaveLength(BODY_BYTES_MAX - 2);
    await expect(post(`"${'x'.repeat(BODY_BYTES_MAX - 1)}"`)).rejects.toMatchObject({ reason: 'body_too_large' });
    await expect(post(streamOf('"', 'x'.repeat(BODY_BYTES_MAX), '"'))).rejects.toMatchObject({
      reason: 'body_too_large',
    });
  });

  it('is bounded in depth, because walking through it would overflow the stack', async () => {
    expect(await post(nested(16))).toEqual(JSON.parse(nested(16)));
    for (const levels of [17, 30_000])
      await expect(post(nested(levels))).rejects.toMatchObject({ reason: 'invalid_request' });
  });

  it('is bounded in width: nothing that is asked names more than the members of the largest room', async () => {
    const wide = (entries: number) => ({
      wraps: Object.fromEntries(Array.from({ length: entries }, (_, key) => [key, 1])),
    });
    expect(await post(JSON.stringify(wide(1_000)))).toEqual(wide(1_000));
    const faults = [{ path: '', message: 'has more than 1000 entries in one place' }];
    for (const body of [wide(1_001), [wide(1_001)], Array.from({ length: 1_001 }, () => 0)])
      await expect(post(JSON.stringify(body))).rejects.toMatchObject({ reason: 'invalid_request', faults });
  });

  it('of another type is refused for that first, however large or broken', async () => {
    for (const body of ['{', 'x'.repeat(BODY_BYTES_MAX + 1), streamOf('', 'x')]) {
      await expect(post(body, { 'content-type': 'text/plain' })).rejects.toMatchObject({
        reason: 'unsupported_media_type',
      });
    }
  });

  it.each(['{', 'x', '{}{}', '\ufffe'])('that is %j is malformed', async (body) => {
    await expect(post(body)).rejects.toMatchObject({ reason: 'malformed_body' });
  });
});
