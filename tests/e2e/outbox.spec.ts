import type { Page } from '@playwright/test';
import { EndedScreen } from './support/ended-screen';
import { openPlainRoom, roomIdOf } from './support/room-api';
import { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

// The browser logs lines of its own about requests that the test cuts, and about a room that is gone.
test.use({ expectedErrors: [/Failed to load resource: (net::ERR_|.* status of 404)/] });

const FIRST = ['first of the waiting', 'second of the waiting', 'third of the waiting'];

const keptMessages = (page: Page, roomId: string) =>
  page.evaluate((key) => sessionStorage.getItem(key), `mayfly:outbox:${roomId}`);

/** Makes every send fail as if the server were out of reach. */
const cutOffSends = (page: Page) =>
  page.route(/\/api\/messages\?/, (route) =>
    route.request().method() === 'POST' ? route.abort('connectionrefused') : route.fallback(),
  );

/** The same for the event stream, unless it is already open. */
const cutOffStreams = (page: Page) => page.route(/\/api\/realtime\?/, (route) => route.abort('connectionrefused'));

test('messages sent while offline wait in order, are marked so, and go out once when the line is back', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  await guest.page.context().setOffline(true);
  await expect(guest.connection).toHaveText('Offline');
  for (const text of FIRST) await guest.say(text);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(3);
  await owner.say('meanwhile');

  const kept = await keptMessages(guest.page, roomIdOf(link));
  expect(JSON.parse(kept ?? '')).toMatchObject({
    messages: FIRST.map(() => ({ text: expect.stringMatching(/^v2\./) })),
  });
  for (const word of ['waiting', 'first', 'second', 'third', 'Rowan']) expect(kept).not.toContain(word);

  await guest.page.context().setOffline(false);
  for (const person of [owner, guest]) await person.expectTalk(['meanwhile', ...FIRST]);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(0);
  await expect.poll(() => keptMessages(guest.page, roomIdOf(link))).toBeNull();
});

test('waiting messages survive a reload, sealed, and go out once', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  await cutOffSends(guest.page);
  await cutOffStreams(guest.page);
  for (const text of FIRST) await guest.say(text);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(3);
  await guest.page.reload();
  await expect(guest.connection).toHaveText('Reconnecting…');
  await guest.expectTalk(FIRST);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(3);
  expect(await keptMessages(guest.page, roomIdOf(link))).not.toContain('waiting');
  await expect(owner.message('of the waiting')).toHaveCount(0);

  await guest.page.unrouteAll();
  for (const person of [owner, guest]) await person.expectTalk(FIRST);
  await guest.expectLive();
  await guest.page.reload();
  await guest.expectTalk(FIRST);
  await expect.poll(() => keptMessages(guest.page, roomIdOf(link))).toBeNull();
});

test('a message whose answer was lost is stored once and shown once', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  let lost = 0;
  await guest.page.route(/\/api\/messages\?/, async (route) => {
    if (route.request().method() !== 'POST' || lost === 2) return route.fallback();
    lost += 1;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await guest.say('said once');
  await guest.say('said after it');
  for (const person of [owner, guest]) await person.expectTalk(['said once', 'said after it']);
  expect(lost).toBe(2);
  await guest.page.reload();
  await guest.expectTalk(['said once', 'said after it']);
});

test('when the room ends, waiting messages are handed back to be copied, and are gone from the tab’s storage', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  await cutOffSends(guest.page);
  for (const text of FIRST) await guest.say(text);
  await expect.poll(() => keptMessages(guest.page, roomIdOf(link))).not.toBeNull();
  await (await owner.askToDestroy()).confirm.click();

  const ended = new EndedScreen(guest.page);
  await ended.expectDestroyed();
  await expect(ended.draft).toHaveValue(FIRST.join('\n'));
  expect(await keptMessages(guest.page, roomIdOf(link))).toBeNull();
});

test('a page that loads deletes the remains of rooms that have ended, and of no other', async ({ newFront }) => {
  const front = await newFront();
  const outbox = (endsAt: number) => JSON.stringify({ endsAt, memberId: 'M'.repeat(16), messages: [] });
  const items = { ended: outbox(Date.now() - 1_000), alive: outbox(Date.now() + 60_000), garbled: '{"endsAt":' };
  await front.page.evaluate((entries) => {
    for (const [name, value] of Object.entries(entries)) sessionStorage.setItem(`mayfly:outbox:${name}`, value);
  }, items);
  await front.page.reload();
  await expect(front.make).toBeVisible();
  await expect
    .poll(() =>
      front.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('mayfly:outbox:'))),
    )
    .toEqual(['mayfly:outbox:alive']);
});

test('the words of a plain room are never put into storage', async ({ newPerson }) => {
  const page = await newPerson();
  await page.goto(await openPlainRoom(page));
  const inside = new InsideScreen(page);
  await inside.expectLive();
  await page.context().setOffline(true);
  await expect(inside.connection).toHaveText('Offline');
  await inside.say('in the open');
  await expect(inside.log.getByText('Waiting to send')).toBeVisible();
  expect(
    await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])),
  ).not.toMatch(/in the open|outbox/);

  await page.context().setOffline(false);
  await expect(inside.log.getByText('Waiting to send')).toHaveCount(0);
  await inside.expectTalk(['in the open']);
});
