import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from './support/fixtures';
import { openRoom } from './support/program-seat';

/** The memory of a process. */
async function residentBytes(pid: number): Promise<number> {
  const pages = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1];
  return Number(pages) * 4_096;
}

/** Everything that comes back on one connection that sends one request, until the server closes it. */
async function askRaw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(request);
  await once(socket, 'close');
  return answer;
}

test('a connection that asks to be upgraded is answered and closed', async ({ server }) => {
  for (const path of ['/nowhere', '/_next/webpack-hmr', '/api/health', '/']) {
    const answer = await askRaw(
      server.url,
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: x\r\n\r\n`,
    );
    expect(answer, path).toMatch(/^HTTP\/1\.1 (200|404) /);
  }
});

test('an image address makes the server neither fetch nor write anything', async ({ server }) => {
  const before = server.log();
  const answer = await fetch(`${server.url}/_next/image?url=%2Fapi%2Fhealth%0AFORGED&w=64&q=75`);
  expect(answer.status).toBe(404);
  expect(server.log().slice(before.length)).not.toContain('FORGED');
});

test('pages accept only reads', async ({ server }) => {
  const before = server.log();
  for (const path of ['/', '/room/nothing']) {
    const answer = await fetch(server.url + path, { method: 'POST', headers: { 'next-action': 'FORGED' }, body: 'x' });
    expect(answer.status, path).toBe(404);
  }
  expect(server.log().slice(before.length)).toBe('');
});

test('a body sent to a page is not written to disk, be it large or broken off', async ({ server }) => {
  const before = server.log();
  const post = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
  for (const path of [
    '/',
    '/room/FORGED',
    '/robots.txt',
    '/_next/FORGED',
    '/_next/data/x/FORGED.json',
    '/__nextjs_FORGED',
    '/api',
    '/api?FORGED',
    '/api/r%6fom',
    '/api/FORGED%2F',
    '/api/%ff',
    '/api/../FORGED',
    '/api/realtime%3fFORGED',
  ]) {
    expect(await askRaw(server.url, post(path, 200_000) + 'a'.repeat(200_000)), path).toMatch(
      /^HTTP\/1\.1 404 [^]*not_found/,
    );
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.end(`${post(path, 60_000)}a`);
    await once(socket.resume(), 'close');
  }
  expect(server.log().slice(before.length)).toBe('');
});

test('headers of a proxy that the settings do not mention are reported once', async ({ server }) => {
  for (const name of ['x-forwarded-for', 'forwarded', 'x-forwarded-proto', 'x-forwarded-host']) {
    await fetch(`${server.url}/api/health`, { headers: { [name]: 'FORGED' } });
  }
  const lines = server
    .log()
    .split('\n')
    .filter((line) => line.includes('"proxy.not_trusted"'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('TRUSTED_PROXIES is 0');
  expect(server.log()).not.toContain('FORGED');
});

test('four hundred pages of history, requested in one write, are answered one after the other', async ({ server }) => {
  const owner = await openRoom(server.url);
  const text = '.'.repeat(1_000);
  for (let count = 0; count < 200; count += 1) await owner.say(text);
  const path = `/api/messages?roomId=${owner.roomId}&limit=200`;
  const page = await (await fetch(server.url + path, { headers: { authorization: `Bearer ${owner.token}` } })).text();
  const asked = `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${owner.token}\r\n`;
  const before = await residentBytes(server.pid);
  let most = before;
  const watch = setInterval(() => void residentBytes(server.pid).then((bytes) => (most = Math.max(most, bytes))), 20);
  const answer = await askRaw(server.url, `${asked}\r\n`.repeat(399) + `${asked}Connection: close\r\n\r\n`);
  clearInterval(watch);
  expect(answer.split(page)).toHaveLength(401);
  // All at once, they would be in memory several times over: as text, parsed, and as bytes to be sent.
  expect(most - before).toBeLessThan(400 * page.length);
});

test('a large answer is whole when it is compressed, and for a client that reads it late', async ({ server }) => {
  const owner = await openRoom(server.url);
  for (let count = 0; count < 200; count += 1) await owner.say(`${count} ${randomBytes(400).toString('base64')}`);
  const headers = { authorization: `Bearer ${owner.token}` };
  const url = `${server.url}/api/messages?roomId=${owner.roomId}&limit=200`;
  const plain = await fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' } });
  const compressed = await fetch(url, { headers: { ...headers, 'accept-encoding': 'gzip' } });
  expect([plain.headers.get('content-encoding'), compressed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
  expect(await compressed.text()).toBe(await plain.text());
});

test('a target that is not a path leads nowhere, and a whole address is as good as its path', async ({ server }) => {
  const before = server.log();
  const ask = (method: string, target: string) =>
    askRaw(server.url, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  for (const [method, target] of [
    ['OPTIONS', '*'],
    ['GET', '*'],
    ['GET', 'http://[/FORGED'],
  ] as const) {
    expect(await ask(method, target), target).toMatch(/^HTTP\/1\.1 404 [^]*not_found/);
  }
  expect(await ask('GET', 'http://elsewhere.example/api/health')).toMatch(/^HTTP\/1\.1 200 [^]*"ok"/);
  expect(server.log().slice(before.length)).toBe('');
});

test('a path that cannot be decoded leads nowhere, even behind a proxy with TLS', async ({ server }) => {
  for (const path of ['/api/%ff', '/%ff']) {
    const answer = await fetch(server.url + path, { headers: { 'x-forwarded-proto': 'https' } });
    expect(answer.status, path).toBe(404);
    expect(await answer.json(), path).toMatchObject({ code: 'not_found' });
  }
});
