import { once } from 'node:events';
import { Agent, type IncomingMessage, request as open, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BODY_BYTES_MAX } from '@/domain/limits';
import { openStorage, type Storage } from '@/server/storage/client';
import { eventually } from '@tests/support/eventually';
import { startApp, type TestApp } from '@tests/support/app';

const JSON_TYPE = { 'content-type': 'application/json' };

let storage: Storage;
let app: TestApp;
/** One connection, so that a test sees whether it still works. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
  storage = await openStorage({ kind: 'embedded' });
  app = await startApp(storage);
});
afterAll(async () => {
  agent.destroy();
  await app.close();
  await storage.close();
});

/** Sends `chunks` one after the other, without a length unless `options` has one, and reads the answer. */
async function send(path: string, options: RequestOptions, chunks: readonly (string | Buffer)[] = []) {
  const outgoing = open(`${app.url}${path}`, { agent, ...options });
  for (const chunk of chunks) outgoing.write(chunk);
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const { statusCode: status, headers } = answer;
  return { status, headers, body: Buffer.concat(parts), reused: outgoing.reusedSocket };
}

const CHUNK = Buffer.alloc(16_384, 'a');
const TOO_LARGE = Array.from({ length: 40 }, () => CHUNK);

describe('the API over sockets', () => {
  it('sends every answer with its length in bytes', async () => {
    const { headers, body } = await send('/api/room', { method: 'POST', headers: JSON_TYPE }, [
      '{"credentials":"bearer"}',
    ]);
    expect(headers['content-length']).toBe(String(body.length));
    const nothing = await send('/api/nothing', {});
    expect(nothing.headers['content-length']).toBe(String(nothing.body.length));
  });

  it('answers HEAD with the length that GET would have, and no body', async () => {
    const [head, get] = [await send('/api/health', { method: 'HEAD' }), await send('/api/health', {})];
    expect(head.body).toHaveLength(0);
    expect({ ...head.headers, date: null }).toEqual({ ...get.headers, date: null });
  });

  it.each([
    ['announced', { 'content-length': TOO_LARGE.length * CHUNK.length }],
    ['sent without a length', {}],
  ])('answers a body that is too large, %s, and serves the next request of the connection', async (_, length) => {
    const { status, body } = await send(
      '/api/room',
      { method: 'POST', headers: { ...JSON_TYPE, ...length } },
      TOO_LARGE,
    );
    expect(status).toBe(413);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'body_too_large' });
    const next = await send('/api/room', { method: 'POST', headers: JSON_TYPE }, ['{}']);
    expect([next.status, next.reused]).toEqual([201, true]);
  });

  it.each([
    ['room_not_found', 'POST', '/api/messages?roomId=none', JSON_TYPE],
    ['cross_origin', 'POST', '/api/room', { ...JSON_TYPE, origin: 'http://elsewhere.example' }],
    ['unsupported_media_type', 'POST', '/api/room', { 'content-type': 'text/plain' }],
    ['body_too_large', 'POST', '/api/room', JSON_TYPE],
    ['not_found', 'PUT', '/api/room', JSON_TYPE],
  ])('answers %s without waiting for the body that was announced', async (code, method, path, headers) => {
    const outgoing = open(`${app.url}${path}`, { method, headers: { ...headers, 'content-length': 1_000_000_000 } });
    outgoing.flushHeaders();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    let body = '';
    for await (const part of answer) body += String(part);
    expect(JSON.parse(body)).toMatchObject({ code });
    outgoing.on('error', () => undefined).destroy();
  });

  it('accepts a body of the largest size, in however many pieces', async () => {
    const json = Buffer.from(JSON.stringify({ lifetimeSeconds: 60 }).padEnd(BODY_BYTES_MAX));
    const pieces = [json.subarray(0, 7), json.subarray(7, 40_000), json.subarray(40_000)];
    expect((await send('/api/room', { method: 'POST', headers: JSON_TYPE }, pieces)).status).toBe(201);
    expect((await send('/api/room', { method: 'POST', headers: JSON_TYPE }, [...pieces, ' '])).status).toBe(413);
  });

  it('ignores an upload that breaks off', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'POST /api/room HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"life',
    );
    await eventually(async () => expect((await send('/api/health', {})).status).toBe(200));
    socket.destroy();
    await once(socket, 'close');
    expect((await send('/api/health', {})).status).toBe(200);
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });

  it.each(['http://elsewhere.example/api/health', '*', 'api/health', '//[/api/health'])(
    'has nothing at %s',
    async (target) => {
      const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      let answer = '';
      socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
      await once(socket, 'close');
      expect(answer).toMatch(/^HTTP\/1\.1 (404|400) /);
    },
  );
});
