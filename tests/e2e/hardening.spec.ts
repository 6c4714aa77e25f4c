import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from './support/fixtures';

/** What comes back on one connection that asks once, until the server closes it. */
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
    const answer = await askRaw(server.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: x\r\n\r\n`);
    expect(answer, path).toMatch(/^HTTP\/1\.1 (200|404) /);
  }
});

test('nothing fetches or writes down what an image is asked for by', async ({ server }) => {
  const before = server.log();
  const answer = await fetch(`${server.url}/_next/image?url=%2Fapi%2Fhealth%0AFORGED&w=64&q=75`);
  expect(answer.status).toBe(404);
  expect(server.log().slice(before.length)).not.toContain('FORGED');
});

test('pages are only read', async ({ server }) => {
  const before = server.log();
  for (const path of ['/', '/room/nothing']) {
    const answer = await fetch(server.url + path, { method: 'POST', headers: { 'next-action': 'FORGED' }, body: 'x' });
    expect(answer.status, path).toBe(404);
  }
  expect(server.log().slice(before.length)).toBe('');
});

test('what a page is sent is not written down, be it large or broken off', async ({ server }) => {
  const before = server.log();
  const post = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
  for (const path of ['/', '/room/FORGED', '/robots.txt']) {
    expect(await askRaw(server.url, post(path, 200_000) + 'a'.repeat(200_000)), path).toMatch(/^HTTP\/1\.1 404 [^]*not_found/);
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.end(`${post(path, 60_000)}a`);
    await once(socket.resume(), 'close');
  }
  expect(server.log().slice(before.length)).toBe('');
});

test('a target that is no path is nowhere, and a whole address is as good as its path', async ({ server }) => {
  const before = server.log();
  const ask = (method: string, target: string) => askRaw(server.url, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  for (const [method, target] of [['OPTIONS', '*'], ['GET', '*'], ['GET', 'http://[/FORGED']] as const) {
    expect(await ask(method, target), target).toMatch(/^HTTP\/1\.1 404 [^]*not_found/);
  }
  expect(await ask('GET', 'http://elsewhere.example/api/health')).toMatch(/^HTTP\/1\.1 200 [^]*"ok"/);
  expect(server.log().slice(before.length)).toBe('');
});

test('a path that cannot be decoded is nowhere, behind a proxy with TLS too', async ({ server }) => {
  for (const path of ['/api/%ff', '/%ff']) {
    const answer = await fetch(server.url + path, { headers: { 'x-forwarded-proto': 'https' } });
    expect(answer.status, path).toBe(404);
    expect(await answer.json(), path).toMatchObject({ code: 'not_found' });
  }
});
