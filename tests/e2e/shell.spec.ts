import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { FrontScreen } from './support/front-screen';
import { expect, test } from './support/on-redis';
import { openRoom } from './support/program-seat';
import { roomIdOf } from './support/room-api';
import { expectNoTrace } from './support/traces';

// The server believes that a proxy of ours stands in front and reports addresses and protocol.
test.use({
  settings: { RATE_LIMITS: 'off', TRUSTED_PROXIES: '1' },
  // The policy reports everything that it blocks on the console, and one test is about that.
  expectedErrors: [/Content Security Policy/],
});

const EVERYWHERE = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': expect.stringMatching(/^camera=\(\), microphone=\((?:self)?\), geolocation=\(\)/),
};

const headersOf = ({ headers }: Response) => Object.fromEntries(headers);

/** The parts of a policy by name. */
function policyOf(response: Response): Record<string, string[]> {
  const parts = (response.headers.get('content-security-policy') ?? '').split('; ').map((part) => part.split(' '));
  return Object.fromEntries(parts.map(([name = '', ...values]) => [name, values]));
}

test('every answer carries the headers of the shell: pages, API, event stream, files, and paths that do not exist', async ({
  server,
}) => {
  const { roomId, token } = await openRoom(server.url);
  const page = await (await fetch(server.url)).text();
  const files = [...page.matchAll(/(?:href|src)="(\/[^"]+\.[^"]+)"/g)].map(([, path = '']) => path);
  expect(files.filter((path) => path.includes('/_next/static/'))).not.toEqual([]);
  const pages = ['/', '/?reason=expired', `/room/${roomId}`, '/room/nothing', '/nowhere', '/%'];
  const api = [
    `/api/room?roomId=${roomId}`,
    `/api/room?roomId=${'Z'.repeat(22)}`,
    '/api/room',
    `/api/members?roomId=${roomId}`,
    `/api/messages?roomId=${roomId}`,
    `/api/files?roomId=${roomId}&fileId=${'Z'.repeat(22)}`,
    `/api/files/piece?roomId=${roomId}&fileId=${'Z'.repeat(22)}&index=0`,
    `/api/realtime?channel=${roomId}`,
    '/api/realtime',
    '/api/health',
    '/api/openapi',
    '/api/openapi/json',
    '/api/nothing',
    '/api/%',
    '/api',
  ];
  const others = [
    '/robots.txt',
    '/icons/192.png',
    '/licence.txt',
    '/_next/static/nothing.js',
    '/icons/nothing.png',
    '/_next/image?url=%2Fx&w=16&q=75',
  ];
  const asked = [
    ...[...pages, ...api, ...others, ...files].map((path) => ({ path, method: 'GET' })),
    ...['/', `/room/${roomId}`].map((path) => ({ path, method: 'HEAD' })),
    ...['POST', 'PUT', 'DELETE', 'OPTIONS'].flatMap((method) =>
      ['/api/messages', '/api/realtime', '/nowhere'].map((path) => ({ path, method })),
    ),
  ];
  for (const { path, method } of asked) {
    const stop = new AbortController();
    const response = await fetch(server.url + path, {
      method,
      redirect: 'manual',
      signal: stop.signal,
      headers: { authorization: `Bearer ${token}` },
    });
    const name = `${method} ${path} (${response.status})`;
    expect(headersOf(response), name).toMatchObject(EVERYWHERE);
    // A room alone may ask for the microphone, and shows what it has put together in memory.
    const inRoom = path.startsWith('/room/');
    expect(response.headers.get('permissions-policy'), name).toContain(`microphone=${inRoom ? '(self)' : '()'}`);
    const { 'img-src': images, 'media-src': media } = policyOf(response);
    for (const sources of [images, media]) expect(sources?.includes('blob:') ?? false, name).toBe(inRoom);
    for (const absent of ['x-powered-by', 'server', 'strict-transport-security', 'access-control-allow-origin']) {
      expect(response.headers.get(absent), `${absent} of ${name}`).toBeNull();
    }
    if (/html|json|event-stream/.test(response.headers.get('content-type') ?? '')) {
      expect(policyOf(response), name).toMatchObject({ 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] });
    }
    if (path.startsWith('/room/') || (path.startsWith('/api/') && path !== '/api/openapi')) {
      expect(response.headers.get('cache-control'), name).toContain('no-store');
      expect(response.headers.get('x-robots-tag'), name).toContain('noindex');
    }
    stop.abort();
  }
});

test('when the proxy in front reports https, browsers are asked to stay on https', async ({ server }) => {
  for (const path of ['/', '/api/health', '/robots.txt', '/nowhere']) {
    const response = await fetch(server.url + path, { headers: { 'x-forwarded-proto': 'https' } });
    expect(response.headers.get('strict-transport-security'), path).toMatch(/^max-age=\d{8}; includeSubDomains$/);
  }
  const opened = await fetch(`${server.url}/api/room`, { method: 'POST', headers: { 'x-forwarded-proto': 'https' } });
  expect(opened.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
});

test('the scripts of a page run by a nonce that is new each time, and nothing inline or evaluated is allowed', async ({
  server,
}) => {
  const { roomId } = await openRoom(server.url);
  const nonces = new Set<string>();
  const paths = ['/', '/', `/room/${roomId}`, `/room/${roomId}`, '/nowhere'];
  for (const path of paths) {
    const response = await fetch(server.url + path);
    const policy = policyOf(response);
    for (const name of ['script-src', 'style-src']) {
      expect(policy[name], `${name} of ${path}`).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/unsafe|\*|https?:|data:/)]),
      );
    }
    const nonce =
      /^'nonce-(.+)'$/.exec(policy['script-src']?.find((source) => source.startsWith("'nonce-")) ?? '')?.[1] ?? '';
    expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
    nonces.add(nonce);
    const html = await response.text();
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
    expect(html).not.toMatch(/<[^>]+\son[a-z]+=/i);
  }
  expect(nonces.size).toBe(paths.length);
});

/** Attempts that an attacker would put into a page. Each tries to change its title, its look or its addresses. */
const SMUGGLED = `
  <script>document.title = 'run'</script>
  <script src="data:text/javascript,document.title='run'"></script>
  <img src="data:," onerror="document.title = 'run'" alt="">
  <style>body { display: none }</style>
  <base href="https://elsewhere.example/">
  <iframe src="data:text/html,run"></iframe>`;

test('code that somebody smuggles into a page does not run there', async ({ newPerson }) => {
  const page = await newPerson();
  const breaches = new Set<string>();
  page.on('console', (message) => {
    if (message.type() === 'info') breaches.add(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
      console.info(
        effectiveDirective.startsWith('script-') ? `${effectiveDirective} ${blockedURI}` : effectiveDirective,
      );
    });
  });
  await page.route('/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${SMUGGLED}</body>`) });
  });
  await page.goto('/');
  await expect(new FrontScreen(page).make).toBeVisible();
  await expect
    .poll(() => [...breaches].toSorted())
    .toEqual([
      'base-uri',
      'frame-src',
      'script-src-attr inline',
      'script-src-elem data',
      'script-src-elem inline',
      'style-src-elem',
    ]);
  await expect(page).toHaveTitle('Mayfly: chat rooms that leave no trace');
});

/** Sends a method or path that `fetch` would correct. */
async function askRaw(url: string, method: string, path: string, headers: Record<string, string>): Promise<void> {
  const asked = request(url, { method, path, headers, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}

test('no line of the log contains anything of a room or its people, whatever goes wrong', async ({
  newOwner,
  newGuest,
  server,
  redis,
}) => {
  const owner = await newOwner({ browser: { extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.77' } } });
  const { link } = owner;
  const guest = await (
    await newGuest(link, { extraHTTPHeaders: { 'x-forwarded-for': '2001:db8:77::99' } })
  ).join('Wendelin Grünspecht');
  await guest.say('cinnabar before noon');
  await expect(owner.message('cinnabar before noon')).toBeVisible();

  const plain = await openRoom(server.url);
  const { roomId, token } = plain;
  await plain.say('verdigris in the open', 'Ottoline Quickbeam');
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-forwarded-for': '198.51.100.23',
  };
  const room = `?roomId=${roomId}`;
  const said = JSON.stringify({ sender: 'Ottoline Quickbeam', text: 'verdigris in the open' });
  const bodies = [
    said,
    said.slice(0, -1),
    `{"sender":7,"text":"verdigris in the open"}`,
    JSON.stringify({ text: 'verdigris'.repeat(9_000) }),
    'verdigris\0',
  ];
  const everyWay = async () => {
    for (const body of bodies) await fetch(`${server.url}/api/messages${room}`, { method: 'POST', headers, body });
    for (const path of [`/api/room/join${room}`, `/api/room/leave${room}&x=%00`, `/api/room/${roomId}`])
      await fetch(server.url + path, { method: 'POST', headers, body: '{}' });
    await fetch(`${server.url}/api/members${room}`, {
      method: 'PATCH',
      headers,
      body: '{"name":"Ottoline Quickbeam"}',
    });
    await fetch(`${server.url}/api/messages${room}`, {
      method: 'POST',
      headers: { ...headers, origin: 'https://verdigris.example' },
      body: said,
    });
    for (const method of ['GET', 'PROPFIND', 'TRACE']) {
      for (const path of [
        `/room/${roomId}%`,
        `/api/room${room}%E0%A4%A`,
        `/api/realtime?channel=${roomId}&last_ack_${roomId}=verdigris`,
        `/api/${token}`,
      ]) {
        await askRaw(server.url, method, path, headers);
      }
    }
  };
  await everyWay();
  // A key of another type than the scripts expect: every unexpected error quotes the command.
  await redis.command('SET', `room:{${roomId}}`, 'verdigris in the open');
  await everyWay();
  await redis.command('CLIENT', 'KILL', 'TYPE', 'normal');
  await everyWay();
  await guest.leave();

  const log = Buffer.from(server.log());
  expect(log.toString()).toContain('"event":"request.failed"');
  const key = new URL(link).hash.slice(1);
  expectNoTrace(
    { log },
    {
      'a room’s id': roomId,
      'a sealed room’s id': roomIdOf(link),
      'a name': 'Ottoline Quickbeam',
      'a sealed name': 'Wendelin Grünspecht',
      'a word': 'verdigris',
      'a sealed word': 'cinnabar',
      'a key': key,
      'a key’s bytes': Buffer.from(key, 'base64url'),
      'a token': token,
      'a token’s hash': createHash('sha256').update(token).digest(),
      'a member’s id': plain.memberId,
      'an address': '198.51.100.23',
      'an owner’s address': '203.0.113.77',
      'a guest’s address': '2001:db8:77',
    },
  );
});

test('the search for traces finds a word in every encoding that it knows', () => {
  const word = 'Grünspecht';
  const written = [
    word,
    ...[0, 1, 2].map((offset) =>
      Buffer.concat([randomBytes(offset), Buffer.from(`${word} and more`)]).toString('base64'),
    ),
    ...[0, 1, 2].map((offset) => Buffer.concat([randomBytes(offset), Buffer.from(`${word}?`)]).toString('base64url')),
    Buffer.from(word).toString('hex'),
    Buffer.from(word).toString('hex').toUpperCase(),
    encodeURIComponent(word),
    JSON.stringify(word),
    'Gr\\u00fcnspecht',
    Buffer.from(word, 'utf16le'),
  ];
  for (const place of written) {
    expect(
      () => expectNoTrace({ place: Buffer.concat([randomBytes(50), Buffer.from(place)]) }, { word }),
      String(place),
    ).toThrow();
  }
  expectNoTrace({ elsewhere: Buffer.from('Buntspecht, Schwarzspecht') }, { word });
});
