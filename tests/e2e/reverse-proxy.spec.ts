import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, test } from './support/behind-nginx';
import type { InsideScreen } from './support/inside-screen';
import { openRoom } from './support/program-seat';

/**
 * Answers that nginx may give while its backend is away. The 404 is that of a proxy that serves something else
 * meanwhile.
 */
const AWAY = [502, 404, 503] as const;

/** Waits until this page asks for its stream and nginx answers with `status`. */
async function expectRefused({ page }: InsideScreen, status: number): Promise<void> {
  const answer = page.waitForResponse(
    (response) => response.url().includes('/api/realtime') && response.status() === status,
  );
  await tryAgain(page);
  await answer;
}

/** Saves the test from waiting for the page's own next try, which may be 20 s away. */
const tryAgain = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

test.describe('behind a proxy that loses its backend', () => {
  // The browser logs lines of its own about the proxy's answers.
  test.use({
    expectedErrors: [/Failed to load resource: (the server responded with a status of (404|502|503)|net::ERR_)/],
  });

  test('a tab hears the next message, whatever the proxy said meanwhile', async ({ newTalk, server }) => {
    test.setTimeout(120_000);
    const { owner, guest } = await newTalk();
    await owner.say('before');
    await expect(guest.message('before')).toBeVisible();

    await server.stop();
    for (const person of [owner, guest]) await expect(person.connection).toHaveText('Reconnecting…');
    for (const status of AWAY) {
      await server.nginx.answerForBackend(status);
      for (const person of [owner, guest]) await expectRefused(person, status);
    }
    await guest.say('into the void');
    await expect(guest.log.getByText('Waiting to send')).toBeVisible();
    await server.nginx.answerForBackend(404);
    await expectRefused(owner, 404);

    await server.start();
    for (const { page } of [owner, guest]) await tryAgain(page);
    for (const person of [owner, guest]) await person.expectLive();
    // What waited goes out by itself once there is a connection, but not before what others say from then on.
    await expect(owner.message('into the void')).toBeVisible();
    await owner.say('after');
    for (const person of [owner, guest]) await person.expectTalk(['before', 'into the void', 'after']);
  });

  test('a page that is visited meanwhile says so, and gets in once the backend is back', async ({
    newTalk,
    server,
  }) => {
    const { guest } = await newTalk();
    // The page itself is there: a proxy may have it in its cache, as the browser has here.
    await server.stop();
    await server.nginx.answerForBackend(404);
    await guest.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await guest.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await expect(guest.page.getByRole('heading', { level: 1 })).toHaveText('Can’t reach the room');
    await server.start();
    await guest.page.getByRole('button', { name: 'Try again' }).click();
    await guest.expectInside();
    await guest.expectLive();
  });
});

test('through the proxy of the docs events arrive as they are sent, uncompressed and one by one', async ({
  server,
}) => {
  const seat = await openRoom(server.url);
  const asked = get(`${server.url}/api/realtime?channel=${seat.roomId}`, {
    agent: false,
    headers: { authorization: `Bearer ${seat.token}`, 'accept-encoding': 'gzip' },
  });
  const [stream] = (await once(asked, 'response')) as [IncomingMessage];
  let heard = '';
  stream.setEncoding('utf8').on('data', (part: string) => (heard += part));
  expect(stream.headers['content-encoding']).toBeUndefined();
  await expect.poll(() => heard).toContain('"type":"connected"');
  for (const text of ['one', 'two']) {
    await seat.say(text);
    await expect.poll(() => heard).toContain(`"text":"${text}"`);
  }
  asked.destroy();
});

test('the proxy of the docs accepts the bodies that Mayfly accepts, and no larger ones', async ({ server }) => {
  const send = (bytes: number) =>
    fetch(`${server.url}/api/room`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(bytes),
    });
  const [ours, theirs] = [await send(300_000), await send(2_000_000)];
  expect([ours.status, ours.headers.get('content-type')]).toEqual([413, 'application/problem+json']);
  expect([theirs.status, theirs.headers.get('content-type')]).toEqual([413, 'text/html']);
});
