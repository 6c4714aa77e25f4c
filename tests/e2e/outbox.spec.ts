import type { Page } from '@playwright/test';
import { EndedScreen } from './support/ended-screen';
import { openPlainRoom, refuse, roomIdOf } from './support/room-api';
import { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

// The browser logs lines of its own about requests that the test cuts, and about a room that is gone.
test.use({ expectedErrors: [/Failed to load resource: (net::ERR_|.* status of (401|404|409|422|429))/] });

const FIRST = ['first of the waiting', 'second of the waiting', 'third of the waiting'];

/** All that the browser and this tab keep of a room, or null. */
const keptOf = (page: Page, name: 'outbox' | 'draft', roomId: string) =>
  page.evaluate((prefix) => {
    const kept = [...Object.entries(localStorage), ...Object.entries(sessionStorage)];
    return (kept.find(([key]) => key.startsWith(prefix))?.[1] ?? null) as string | null;
  }, `mayfly:${name}:${roomId}`);

const keptMessages = (page: Page, roomId: string) => keptOf(page, 'outbox', roomId);

/** Waits until all of `FIRST` is kept, sealed: a message waits, and says so, from the moment before it is sealed. */
const expectFirstKept = (page: Page, roomId: string) =>
  expect
    .poll(async () => JSON.parse((await keptMessages(page, roomId)) ?? '{}') as unknown)
    .toMatchObject({ messages: FIRST.map(() => ({ text: expect.stringMatching(/^v2\./) })) });

/** Another tab of this person's browser, in the same room. */
async function openTab({ page }: InsideScreen, link = page.url()): Promise<InsideScreen> {
  const tab = new InsideScreen(await page.context().newPage());
  await tab.page.goto(link);
  return tab;
}

/** The question that the browser asks before it closes the page; null: it closes without one. */
async function closing(page: Page): Promise<string | null> {
  const asked = page.waitForEvent('dialog').then((dialog) => {
    void dialog.dismiss();
    return dialog.type();
  });
  const closed = page.waitForEvent('close').then(() => null);
  await page.close({ runBeforeUnload: true });
  return Promise.race([asked, closed]).finally(() => {
    asked.catch(() => undefined);
    closed.catch(() => undefined);
  });
}

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
  await owner.expectStored('meanwhile');

  await expectFirstKept(guest.page, roomIdOf(link));
  const kept = await keptMessages(guest.page, roomIdOf(link));
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
  await expectFirstKept(guest.page, roomIdOf(link));
  await guest.page.reload();
  await expect(guest.connection).toHaveText('Reconnecting…');
  await guest.expectTalk(FIRST);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(3);
  expect(await keptMessages(guest.page, roomIdOf(link))).not.toContain('waiting');
  await expect(owner.message('of the waiting')).toHaveCount(0);

  await guest.page.unrouteAll();
  // Without this the page would come back by itself, but after up to twenty seconds.
  for (const isOffline of [true, false]) await guest.page.context().setOffline(isOffline);
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

test.describe('a message that was refused', () => {
  test('stays where it was written, hides nothing that comes, and keeps its place for the eye', async ({ newTalk }) => {
    const { owner, guest } = await newTalk();
    await owner.say('before');
    await expect(guest.message('before')).toBeVisible();
    await refuse(guest.page, 'POST', '/api/messages', { status: 422, code: 'invalid_request' });
    await guest.say('refused');
    await expect(guest.failed('refused').again).toBeVisible();
    await guest.failed('refused').again.focus();
    for (let count = 1; count <= 30; count += 1) await owner.say(`after it ${count}.`);
    await expect(guest.message('after it 30.')).toBeInViewport();
    await guest.expectTalk([
      'before',
      'refused',
      ...Array.from({ length: 30 }, (_, index) => `after it ${index + 1}.`),
    ]);
    await expect(guest.failed('refused').again).toBeFocused();
  });

  test('is one of a slim row when there are several, which opens, sends them all or gives them up', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    await refuse(guest.page, 'POST', '/api/messages', { status: 409, code: 'message_limit_reached' });
    for (const text of FIRST) await guest.say(text);
    const row = guest.log.getByRole('group', { name: '3 not sent' });
    await expect(row).toBeVisible();
    await expect(guest.message('of the waiting')).toHaveCount(0);
    await guest.expectAccessible('several messages refused');

    await row.getByRole('button', { name: '3 not sent' }).click();
    await guest.expectTalk(FIRST);
    await guest.expectAccessible('several messages refused, listed');
    await guest.failed(FIRST[1] ?? '').discard.click();
    await expect(guest.composer).toBeFocused();
    await expect(guest.log.getByRole('group', { name: '2 not sent' })).toBeVisible();

    await owner.say('meanwhile');
    await expect(guest.message('meanwhile')).toBeVisible();
    await guest.page.unrouteAll();
    await guest.button('Send all').click();
    for (const person of [owner, guest]) await person.expectTalk(['meanwhile', FIRST[0] ?? '', FIRST[2] ?? '']);

    await refuse(guest.page, 'POST', '/api/messages', { status: 409, code: 'message_limit_reached' });
    for (const text of ['given up', 'given up, too']) await guest.say(text);
    await guest.log.getByRole('group', { name: '2 not sent' }).getByRole('button', { name: 'Discard' }).click();
    await expect(guest.log.getByRole('group', { name: 'not sent' })).toHaveCount(0);
    await expect(guest.log).not.toContainText('given up');
  });
});

test('refused for speed, messages wait, count the seconds in one place, and go out in order by themselves', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const note = guest.page.getByText('You’re sending too fast. Sending in');
  await refuse(guest.page, 'POST', '/api/messages', { status: 429, code: 'rate_limited', retryAfter: 4 });
  for (const text of FIRST) await guest.say(text);
  await expect(note).toHaveCount(1);
  await expect(guest.log.getByText('Waiting to send')).toHaveCount(3);
  await expect(guest.log.getByRole('alert')).toHaveCount(0);
  await expect(guest.page.getByText('Your messages will send by themselves.')).toHaveCount(1);
  await guest.expectAccessible('messages that wait for the server');
  const first = await note.innerText();
  await expect(note).not.toHaveText(first);
  await guest.page.unrouteAll();
  for (const person of [owner, guest]) await person.expectTalk(FIRST);
  await expect(note).toHaveCount(0);
});

test.describe('a tab that is closed', () => {
  test('asks first while something waits, and not a moment longer', async ({ newTalk }) => {
    const { owner, guest, link } = await newTalk();
    await guest.page.context().setOffline(true);
    await expect(guest.connection).toHaveText('Offline');
    await guest.say('nobody has got this');
    expect(await closing(guest.page)).toBe('beforeunload');
    await guest.page.context().setOffline(false);
    await owner.expectTalk(['nobody has got this']);
    // The answer may come after the others have heard the message, and until then it counts as unsent.
    await expect.poll(() => keptMessages(guest.page, roomIdOf(link))).toBeNull();
    expect(await closing(guest.page)).toBeNull();
  });

  test('leaves what waits, sealed, to the next one in that browser, which sends it once and in order', async ({
    newTalk,
  }) => {
    const { owner, guest, link } = await newTalk();
    const roomId = roomIdOf(link);
    await guest.page.context().setOffline(true);
    await expect(guest.connection).toHaveText('Offline');
    for (const text of FIRST) await guest.say(text);
    await guest.composer.fill('half a thought');
    await expectFirstKept(guest.page, roomId);
    await expect.poll(() => keptOf(guest.page, 'draft', roomId)).toMatch(/"v2\./);
    const context = guest.page.context();
    await guest.page.close();
    await context.setOffline(false);
    await owner.say('meanwhile');
    await owner.expectStored('meanwhile');

    const tab = await openTab(guest, link);
    for (const person of [owner, tab]) await person.expectTalk(['meanwhile', ...FIRST]);
    await expect(tab.composer).toHaveValue('half a thought');
    await tab.composer.fill('');
    for (const name of ['outbox', 'draft'] as const) await expect.poll(() => keptOf(tab.page, name, roomId)).toBeNull();
  });

  test('leaves what was refused to one of the others alone', async ({ newTalk }) => {
    const { guest, link } = await newTalk();
    const refuseIn = ({ page }: InsideScreen) =>
      refuse(page, 'POST', '/api/messages', { status: 422, code: 'invalid_request' });
    await refuseIn(guest);
    const other = await openTab(guest, link);
    await other.expectLive();
    await guest.say('refused');
    await expect(guest.failed('refused').again).toBeVisible();
    const third = await openTab(guest, link);
    await third.expectLive();
    await expect(third.message('refused')).toHaveCount(0);

    await guest.page.close();
    const fourth = await openTab(third, link);
    await fourth.expectLive();
    const fifth = await openTab(third, link);
    await fifth.expectLive();
    // Whichever comes into sight first: the browser may show one of the others when a tab is closed.
    const tabs = [other, third, fourth, fifth];
    const heirs = async () => {
      const counts = await Promise.all(tabs.map((tab) => tab.message('refused').count()));
      return tabs.filter((_, index) => counts[index] !== 0);
    };
    await expect.poll(async () => (await heirs()).length).toBe(1);
    const [heir] = await heirs();
    await heir?.failed('refused').discard.click();
    for (const tab of tabs) await expect(tab.message('refused')).toHaveCount(0);
    await expect.poll(() => keptMessages(fifth.page, roomIdOf(link))).toBeNull();
  });

  test('leaves nothing in the browser once its room has ended, or its person was removed, meanwhile', async ({
    newTalk,
  }) => {
    for (const way of ['ended', 'removed'] as const) {
      const { owner, guest, link } = await newTalk();
      const roomId = roomIdOf(link);
      await guest.page.context().setOffline(true);
      await expect(guest.connection).toHaveText('Offline');
      await guest.say('too late');
      await expect.poll(() => keptMessages(guest.page, roomId)).not.toBeNull();
      const context = guest.page.context();
      await guest.page.close();
      await context.setOffline(false);
      if (way === 'removed') await owner.remove('Rowan');
      else {
        await (await owner.askToDestroy()).confirm.click();
        await new EndedScreen(owner.page).expectDestroyed();
      }

      const tab = await openTab(guest, link);
      await expect(tab.heading).not.toHaveText('Room');
      await expect.poll(() => keptMessages(tab.page, roomId)).toBeNull();
    }
  });
});

test('a draft survives a reload, sealed, and is gone from the browser once it is sent', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  const roomId = roomIdOf(link);
  await guest.composer.fill('not yet said');
  await expect.poll(() => keptOf(guest.page, 'draft', roomId)).toMatch(/"v2\./);
  expect(await keptOf(guest.page, 'draft', roomId)).not.toContain('said');
  await guest.page.reload();
  await expect(guest.composer).toHaveValue('not yet said');
  await guest.composer.press('Enter');
  await owner.expectTalk(['not yet said']);
  await expect.poll(() => keptOf(guest.page, 'draft', roomId)).toBeNull();
  await guest.page.reload();
  await guest.expectTalk(['not yet said']);
  await expect(guest.composer).toHaveValue('');
});

test('what is written as the page is reloaded is there afterwards, said or as a draft, and never twice', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const said: string[] = [];
  for (let round = 1; round <= 6; round += 1) {
    const text = `round ${round}.`;
    await guest.composer.fill(text);
    await guest.composer.press('Enter');
    await guest.page.reload();
    await guest.expectLive();
    // A message that was not even sealed yet comes back as a draft, which is opened after the page is live.
    await expect
      .poll(async () => (await guest.log.innerText()).includes(text) || (await guest.composer.inputValue()) === text)
      .toBe(true);
    if ((await guest.composer.inputValue()) !== '') await guest.composer.press('Enter');
    said.push(text);
    for (const person of [owner, guest]) await person.expectTalk(said);
    await expect(guest.composer).toHaveValue('');
  }
});

test('a page that loads deletes the remains of rooms that have ended, and of no other', async ({ newFront }) => {
  const front = await newFront();
  const outbox = (endsAt: number) => JSON.stringify({ endsAt, memberId: 'M'.repeat(16), messages: [] });
  const items = { ended: outbox(Date.now() - 1_000), alive: outbox(Date.now() + 60_000), garbled: '{"endsAt":' };
  await front.page.evaluate((entries) => {
    for (const [name, value] of Object.entries(entries)) {
      sessionStorage.setItem(`mayfly:outbox:${name}`, value);
      localStorage.setItem(`mayfly:outbox:${name}:a-page`, value);
    }
  }, items);
  await front.page.reload();
  await expect(front.make).toBeVisible();
  await expect
    .poll(() =>
      front.page.evaluate(() =>
        [...Object.keys(sessionStorage), ...Object.keys(localStorage)].filter((key) =>
          key.startsWith('mayfly:outbox:'),
        ),
      ),
    )
    .toEqual(['mayfly:outbox:alive', 'mayfly:outbox:alive:a-page']);
});

test('the words of a plain room are never put into storage, and the page says so', async ({ newPerson }) => {
  const page = await newPerson();
  await page.goto(await openPlainRoom(page));
  const inside = new InsideScreen(page);
  await inside.expectLive();
  await page.context().setOffline(true);
  await expect(inside.connection).toHaveText('Offline');
  await inside.say('in the open');
  await expect(inside.log.getByText('Waiting to send')).toBeVisible();
  await inside.composer.fill('half in the open');
  await expect(page.getByText('your browser doesn’t store what you write')).toBeVisible();
  await expect(page.getByText('(keep this tab open)')).toBeVisible();
  expect(
    await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])),
  ).not.toMatch(/in the open|outbox|draft/);
  expect(await closing(page)).toBe('beforeunload');

  await page.context().setOffline(false);
  await expect(inside.log.getByText('Waiting to send')).toHaveCount(0);
  await inside.expectTalk(['in the open']);
  await expect(page.getByText('your browser doesn’t store what you write')).toHaveCount(0);
});
