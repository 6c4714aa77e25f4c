import type { BrowserContext } from '@playwright/test';
import {
  badgeOf,
  iconsOf,
  notesPlayed,
  notified,
  recordAttention,
  setHidden,
  timesAsked,
  type Answer,
} from './support/attention';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { scrollBy } from './support/long-talk';
import { expect, test as base } from './support/visits';

interface AttentionFixtures {
  /** A new person in a room, whose browser is stubbed and answers so when it is asked for notifications. */
  newListener: (link: string, name: string, answer: Answer) => Promise<InsideScreen>;
}

const test = base.extend<AttentionFixtures>({
  newListener: async ({ newPerson }, provide) => {
    await provide(async (link, name, answer) => {
      const door = new DoorScreen(await newPerson());
      await recordAttention(door.page, answer);
      await door.page.goto(link);
      const inside = await door.join(name);
      await inside.expectLive();
      return inside;
    });
  },
});

const SENTENCE = 'New message in a Mayfly room';
const TONE_NOTES = 2;

/** Another tab of the same browser in the same room. */
async function openTab(context: BrowserContext, link: string): Promise<InsideScreen> {
  const tab = new InsideScreen(await context.newPage());
  await recordAttention(tab.page, 'granted');
  await tab.page.goto(link);
  await tab.expectLive();
  return tab;
}

async function turnOn(screen: InsideScreen, ...names: Parameters<InsideScreen['switch']>[0][]) {
  await screen.openMenu();
  for (const name of names) {
    await screen.switch(name).click();
    await expect(screen.switch(name)).toBeChecked();
  }
  await screen.page.keyboard.press('Escape');
}

test('a hidden tab counts what the others write, in its title and by a dot, until it is seen', async ({
  newOwner,
  newGuest,
  newListener,
}) => {
  const owner = await newOwner();
  const rowan = await newListener(owner.link, 'Rowan', 'granted');
  const sage = await (await newGuest(owner.link)).join('Sage');
  const icons = await iconsOf(rowan.page);
  await expect(rowan.page).toHaveTitle('Room · Mayfly');
  await owner.say('seen at once');
  await expect(rowan.message('seen at once')).toBeVisible();
  await expect(rowan.page).toHaveTitle('Room · Mayfly');

  await setHidden(rowan.page, true);
  await owner.say('a secret word');
  await expect(rowan.page).toHaveTitle('(1) Mayfly');
  await sage.say('another one');
  await expect(rowan.page).toHaveTitle('(2) Mayfly');
  // What calls for attention is fetched once the page stands.
  await expect.poll(() => badgeOf(rowan.page)).toBe(2);
  const [dotted, ...others] = await iconsOf(rowan.page);
  expect(dotted).toMatch(/^data:image\/svg\+xml,.*circle/);
  expect(others).toEqual([]);

  await setHidden(rowan.page, false);
  await expect(rowan.page).toHaveTitle('Room · Mayfly');
  expect(await iconsOf(rowan.page)).toEqual(icons);
  expect(await badgeOf(rowan.page)).toBeNull();
  expect(await notified(rowan.page), 'nobody has switched them on').toEqual([]);
  expect(await notesPlayed(rowan.page)).toBe(0);
  expect(await timesAsked(rowan.page)).toBe(0);
  await expect(owner.page).toHaveTitle('Room · Mayfly');
});

test('the line “New” stands above the first message that one missed, and goes when one has written', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest } = await newTalk();
  const sage = await (await newGuest(owner.link)).join('Sage');
  await owner.say('before');
  await expect(guest.message('before')).toBeVisible();
  await expect(guest.newLine).toHaveCount(0);
  await setHidden(guest.page, true);
  await owner.say('missed first');
  await expect(sage.message('missed first')).toBeVisible();
  await sage.say('missed second');
  await expect(guest.message('missed second')).toBeVisible();
  await setHidden(guest.page, false);
  await expect(guest.newLine).toBeVisible();
  await owner.say('seen live');
  await expect(guest.message('seen live')).toBeVisible();
  await guest.expectTalk(['before', 'New', 'missed first', 'missed second', 'seen live']);
  await expect(owner.newLine).toHaveCount(0);
  await guest.expectAccessible('a room with the line above what is new');

  await guest.say('caught up');
  await expect(guest.newLine).toHaveCount(0);

  // Hidden again: the line is where one stopped this time, and not there at all where nothing came.
  await setHidden(guest.page, true);
  await setHidden(guest.page, false);
  await owner.say('looked on');
  await expect(guest.message('looked on')).toBeVisible();
  await expect(guest.newLine).toHaveCount(0);
  await setHidden(guest.page, true);
  await sage.say('the last');
  await expect(guest.newLine).toHaveCount(1);
  await setHidden(guest.page, false);
  await guest.expectTalk(['looked on', 'New', 'the last']);
});

test('who has scrolled up reads on in the same place, and finds the line below', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  for (let count = 1; count <= 30; count += 1) await owner.say(`line ${count}.`);
  await expect(guest.message('line 30.')).toBeInViewport();
  await scrollBy(guest, -600);
  const { lines } = await scrollBy(guest, 0);
  await owner.say('said meanwhile');
  await expect(guest.page).toHaveTitle('(1) Mayfly');
  await expect(guest.newLine).toHaveCount(1);
  expect((await scrollBy(guest, 0)).lines).toEqual(lines);
  await guest.newMessages.click();
  await expect(guest.newLine).toBeInViewport();
  await expect(guest.page).toHaveTitle('Room · Mayfly');
  // The line goes while one is further up, and nothing moves.
  await scrollBy(guest, -600);
  const above = await scrollBy(guest, 0);
  await setHidden(guest.page, true);
  await expect(guest.newLine).toHaveCount(0);
  await setHidden(guest.page, false);
  expect((await scrollBy(guest, 0)).lines).toEqual(above.lines);
});

test('notifications are asked for by their switch alone, and say that there is a message and nothing of it', async ({
  newTalk,
  newListener,
}) => {
  const { owner, guest: rowan, link } = await newTalk();
  const sage = await newListener(link, 'Sage', 'granted');
  expect(await timesAsked(sage.page)).toBe(0);
  await turnOn(sage, 'Notify me');
  expect(await timesAsked(sage.page)).toBe(1);
  await owner.say('while it is in sight');
  await expect(sage.message('while it is in sight')).toBeVisible();

  await setHidden(sage.page, true);
  await owner.say('a word for this room alone');
  await expect.poll(() => notified(sage.page)).toHaveLength(1);
  const [first] = await notified(sage.page);
  expect(first).toMatchObject({ title: SENTENCE, isClosed: false });
  expect(JSON.stringify(first)).not.toContain('word');
  expect(JSON.stringify(first), 'the room').not.toContain(new URL(link).pathname.split('/').at(-1));
  // Closely followed by others, it stays the only one.
  await rowan.say('and one more');
  await expect(sage.page).toHaveTitle('(2) Mayfly');
  expect(await notified(sage.page)).toHaveLength(1);
  await setHidden(sage.page, false);
  await expect.poll(async () => (await notified(sage.page)).map(({ isClosed }) => isClosed)).toEqual([true]);
  expect(await notesPlayed(sage.page), 'the sound has a switch of its own').toBe(0);
});

test('the name of who wrote is shown by a second switch, and the notification goes with the room', async ({
  newTalk,
  newListener,
}) => {
  const { owner, guest: rowan, link } = await newTalk();
  const sage = await newListener(link, 'Sage', 'granted');
  await sage.openMenu();
  await expect(sage.switch('Show who wrote')).toHaveCount(0);
  await sage.expectAccessible('the menu with its switches');
  await sage.page.keyboard.press('Escape');
  await turnOn(sage, 'Notify me', 'Show who wrote');
  await setHidden(sage.page, true);
  await rowan.say('not to be read elsewhere');
  await expect.poll(() => notified(sage.page)).toHaveLength(1);
  const [note] = await notified(sage.page);
  expect(note?.title).toBe('New message from \u2068Rowan\u2069 in a Mayfly room');
  expect(JSON.stringify(note)).not.toContain('elsewhere');

  await (await owner.askToDestroy()).confirm.click();
  await expect(sage.page).toHaveTitle('Room ended · Mayfly');
  await expect.poll(async () => (await notified(sage.page)).map(({ isClosed }) => isClosed)).toEqual([true]);
  expect((await iconsOf(sage.page)).some((icon) => icon.startsWith('data:'))).toBe(false);
  expect(await badgeOf(sage.page)).toBeNull();
});

test('one soft sound is off at first, and then plays while the page is hidden', async ({ newOwner, newListener }) => {
  const owner = await newOwner();
  const guest = await newListener(owner.link, 'Rowan', 'granted');
  await guest.openMenu();
  await expect(guest.switch('Sound')).not.toBeChecked();
  await guest.switch('Sound').press('Space');
  await expect(guest.switch('Sound')).toBeChecked();
  // So that one knows it.
  await expect.poll(() => notesPlayed(guest.page)).toBe(TONE_NOTES);
  await guest.page.keyboard.press('Escape');
  await owner.say('while it is in sight');
  await expect(guest.message('while it is in sight')).toBeVisible();
  await setHidden(guest.page, true);
  await owner.say('one');
  await expect.poll(() => notesPlayed(guest.page)).toBe(2 * TONE_NOTES);
  await owner.say('two');
  await expect(guest.page).toHaveTitle('(2) Mayfly');
  expect(await notesPlayed(guest.page)).toBe(2 * TONE_NOTES);
  expect(await timesAsked(guest.page)).toBe(0);

  // The choice is the browser's: it is there after a reload, and says nothing of a room.
  await guest.page.reload();
  await guest.expectLive();
  await guest.openMenu();
  await expect(guest.switch('Sound')).toBeChecked();
  const kept = await guest.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
  expect(kept).toBe(
    JSON.stringify([['mayfly:attention', '{"sound":true,"forYou":false,"notify":false,"names":false}']]),
  );
  await guest.switch('Sound').click();
  await expect.poll(() => guest.page.evaluate(() => localStorage.length)).toBe(0);
});

test('of several tabs each counts, one calls, and none while another is looked at', async ({
  newOwner,
  newListener,
}) => {
  const owner = await newOwner();
  const first = await newListener(owner.link, 'Rowan', 'granted');
  await turnOn(first, 'Notify me');
  const second = await openTab(first.page.context(), owner.link);
  await turnOn(second, 'Notify me');
  const notes = async () => [...(await notified(first.page)), ...(await notified(second.page))].length;

  await setHidden(first.page, true);
  await owner.say('the other tab is in sight');
  await expect(first.page).toHaveTitle('(1) Mayfly');
  await expect(second.message('the other tab is in sight')).toBeVisible();
  await expect(second.page).toHaveTitle('Room · Mayfly');
  expect(await notes()).toBe(0);
  await setHidden(second.page, true);
  await owner.say('nobody looks');
  await expect(first.page).toHaveTitle('(2) Mayfly');
  await expect(second.page).toHaveTitle('(1) Mayfly');
  await expect.poll(notes).toBe(1);
});

test('a browser that blocks notifications says so, and does the rest', async ({ newOwner, newListener }) => {
  const owner = await newOwner();
  const guest = await newListener(owner.link, 'Rowan', 'denied');
  await guest.openMenu();
  await guest.switch('Notify me').click();
  await expect(guest.header).toContainText('Your browser blocks notifications for this site.');
  await expect(guest.switch('Notify me')).not.toBeChecked();
  await expect(guest.switch('Notify me')).toBeDisabled();
  await guest.page.keyboard.press('Escape');
  await setHidden(guest.page, true);
  await owner.say('one');
  await expect(guest.page).toHaveTitle('(1) Mayfly');
  expect(await notified(guest.page)).toEqual([]);
});

test('a browser without notifications and sound loses only these', async ({ newOwner, newListener }) => {
  const owner = await newOwner();
  const guest = await newListener(owner.link, 'Rowan', 'lacking');
  await guest.openMenu();
  await expect(guest.header).toContainText('This browser can’t show notifications.');
  for (const name of ['Sound', 'Sound when it’s for you', 'Notify me', 'Show who wrote'] as const)
    await expect(guest.switch(name)).toHaveCount(0);
  await guest.page.keyboard.press('Escape');
  await setHidden(guest.page, true);
  await owner.say('one');
  await expect(guest.page).toHaveTitle('(1) Mayfly');
  await expect.poll(async () => (await iconsOf(guest.page)).length).toBe(1);
});

test('front page, door, room and end have titles of their own, and none says which room', async ({
  page,
  newOwner,
  newGuest,
}) => {
  await new FrontScreen(page).open();
  await expect(page).toHaveTitle('Mayfly: chat rooms that leave no trace');
  const owner = await newOwner();
  await expect(owner.page).toHaveTitle('Room · Mayfly');
  const door = await newGuest(owner.link);
  await expect(door.page).toHaveTitle('You’re invited · Mayfly');
  const guest = await door.join('Rowan');
  await expect(guest.page).toHaveTitle('Room · Mayfly');
  await guest.leave();
  await expect(guest.page).toHaveTitle('You left · Mayfly');
  await (await owner.askToDestroy()).confirm.click();
  await expect(owner.page).toHaveTitle('Room ended · Mayfly');
  const ended = new EndedScreen(owner.page);
  await ended.home.click();
  await expect(owner.page).toHaveTitle('Mayfly: chat rooms that leave no trace');
  await new FrontScreen(owner.page).makeRoom();
  await expect(owner.page).toHaveTitle('Room · Mayfly');
});
