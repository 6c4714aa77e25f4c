import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerOneAtATime } from '@/server/api/node/one-at-a-time';
import { openStorage } from '@/server/storage/client';
import { eventually } from '@tests/support/eventually';
import { startApp } from '@tests/support/app';
import { connectRaw, rawRequest } from '@tests/support/raw-connection';
import { roomsApi } from '@tests/support/rooms';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server whose answers the test gives by hand, and which counts the requests that it had at the same time. */
async function startServer(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  answerOneAtATime(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Answers each request a moment later with its own path, and counts how many are under way at once. */
function echo(): { listener: RequestListener; counts: { now: number; most: number; asked: number } } {
  const counts = { now: 0, most: 0, asked: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    counts.asked += 1;
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    response.once('close', () => (counts.now -= 1));
    let body = '';
    for await (const chunk of request) body += String(chunk);
    await new Promise((resolve) => setImmediate(resolve));
    const text = `${request.url ?? ''}${body}`;
    response.writeHead(200, { 'content-length': Buffer.byteLength(text) }).end(text);
  };
  return { counts, listener: (request, response) => void answer(request, response).catch(() => response.destroy()) };
}

const paths = (count: number) => Array.from({ length: count }, (_, index) => `/${index}`);

describe('requests that are pipelined on one connection', () => {
  it('are under way one at a time and answered in order, four hundred in one write', async () => {
    const { listener, counts } = echo();
    const { url } = await startServer(listener);
    const { socket, bodies } = await connectRaw(url);
    socket.write(
      paths(400)
        .map((path) => rawRequest(path))
        .join(''),
    );
    await eventually(() => expect(bodies()).toEqual(paths(400)));
    expect(counts).toEqual({ now: 0, most: 1, asked: 400 });
  });

  it('are served without end when they come no faster than they are answered', async () => {
    const { listener, counts } = echo();
    const { url } = await startServer(listener);
    const { socket, bodies } = await connectRaw(url);
    const headers = { 'X-Long': 'x'.repeat(4_000) };
    socket.write(
      paths(2_000)
        .map((path) => rawRequest(path, headers))
        .join(''),
    );
    await vi.waitFor(() => expect(bodies()).toHaveLength(2_000), 20_000);
    expect(counts.most).toBe(1);
  });

  it('let everything else have a turn in between, even when an answer is made and read at once', async () => {
    let turn = 0;
    const count = () => {
      turn += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const turns = new Set<number>();
    const { url } = await startServer((_, response) => {
      turns.add(turn);
      response.end();
    });
    const { socket, heard } = await connectRaw(url);
    socket.write(rawRequest('/').repeat(400));
    await eventually(() => expect(heard().match(/HTTP\/1\.1 200/g)).toHaveLength(400));
    clearImmediate(counting);
    expect(turns.size).toBe(400);
  });

  it('do not hold up those of another connection', async () => {
    const held: ServerResponse[] = [];
    const { url } = await startServer((request, response) => {
      if (request.url === '/held') held.push(response);
      else response.end('here');
    });
    const stuck = await connectRaw(url);
    stuck.socket.write(rawRequest('/held') + rawRequest('/behind'));
    await eventually(() => expect(held).toHaveLength(1));
    expect(await (await fetch(`${url}/other`)).text()).toBe('here');
    expect(stuck.heard()).toBe('');
    held[0]?.end('done');
    await eventually(() => expect(stuck.heard()).toContain('here'));
  });

  it('are cut off with their connection when they are a flood, and none of them is handled', async () => {
    let asked = 0;
    const { url } = await startServer(() => (asked += 1));
    const { socket, closed } = await connectRaw(url);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5_000));
    await eventually(() => expect(closed()).toBe(true));
    expect(asked).toBe(1);
  });

  it('are not read from a connection where many wait', async () => {
    const { url, server } = await startServer((request, response) => {
      if (request.url === '/other') response.end();
    });
    let parsed = 0;
    server.prependListener('request', (request: IncomingMessage) => {
      if (request.url !== '/other') parsed += 1;
    });
    const { socket } = await connectRaw(url);
    socket.write(
      paths(2_000)
        .map((path) => rawRequest(path, { 'X-Long': 'x'.repeat(4_000) }))
        .join(''),
    );
    await eventually(() => expect(parsed).toBeGreaterThan(32));
    for (let turn = 0; turn < 100; turn += 1) await fetch(`${url}/other`);
    // One packet has up to 64 kB, and these are sixteen packets' worth.
    expect(parsed).toBeLessThan(64);
    expect(socket.writableLength).toBeGreaterThan(0);
  });

  it('are forgotten when the connection ends before their turn', async () => {
    const asked: (string | undefined)[] = [];
    let first: ServerResponse | undefined;
    const { url } = await startServer((request, response) => {
      asked.push(request.url);
      if (request.url === '/first') first = response;
      else response.end();
    });
    const { socket } = await connectRaw(url);
    socket.write(rawRequest('/first') + rawRequest('/second', {}, 'POST', 'body') + rawRequest('/third'));
    await eventually(() => expect(first).toBeDefined());
    socket.destroy();
    await eventually(() => expect(first?.destroyed).toBe(true));
    first?.end('nobody reads this');
    for (let turn = 0; turn < 20; turn += 1) await fetch(`${url}/after`);
    expect(new Set(asked)).toEqual(new Set(['/first', '/after']));
  });

  it('end with one that is the last of its connection', async () => {
    const { listener, counts } = echo();
    const { url } = await startServer(listener);
    const { socket, closed, bodies } = await connectRaw(url);
    socket.write(rawRequest('/1') + rawRequest('/2', { Connection: 'close' }));
    await eventually(() => expect(closed()).toBe(true));
    expect(bodies()).toEqual(['/1', '/2']);
    expect(counts.asked).toBe(2);
  });

  it('have their bodies, whole and in pieces, however long they waited', async () => {
    const { listener, counts } = echo();
    const { url } = await startServer(listener);
    const { socket, bodies } = await connectRaw(url);
    const large = 'l'.repeat(300_000);
    const last = rawRequest('/4', {}, 'POST', 'in pieces');
    socket.write(
      rawRequest('/1') + rawRequest('/2', {}, 'POST', 'small') + rawRequest('/3', {}, 'PUT', large) + last.slice(0, -3),
    );
    await eventually(() => expect(bodies()).toHaveLength(3));
    socket.write(last.slice(-3));
    await eventually(() => expect(bodies()).toEqual(['/1', '/2small', `/3${large}`, '/4in pieces']));
    expect(counts.most).toBe(1);
    socket.write(rawRequest('/5'));
    await eventually(() => expect(bodies().at(-1)).toBe('/5'));
  });

  it('wait behind an event stream, and end with it', async () => {
    const storage = await openStorage({ kind: 'embedded' });
    const app = await startApp(storage);
    closing.push(
      () => app.close(),
      () => storage.close(),
    );
    const seat = await roomsApi(app).open();
    const headers = { Authorization: `Bearer ${seat.token}` };
    const asked = vi.spyOn(app.context.storage.redis, 'ping');
    const { socket, heard, closed } = await connectRaw(app.url);
    socket.write(
      rawRequest(`/api/realtime?channel=${seat.roomId}`, headers) +
        rawRequest(`/api/realtime?channel=${seat.roomId}`, headers) +
        rawRequest('/api/health'),
    );
    await eventually(() => expect(heard()).toContain('"connected"'));
    await seat.send({ text: 'heard all the same' });
    await eventually(() => expect(heard()).toContain('heard all the same'));
    await seat.destroy();
    await eventually(() => expect(closed()).toBe(true));
    expect(heard().match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(asked).not.toHaveBeenCalled();
  });
});
