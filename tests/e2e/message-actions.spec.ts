import type { Locator, Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import type { InsideScreen } from './support/inside-screen';
import { OpenMember } from './support/open-member';
import { openRoom } from './support/program-seat';
import { sendAll, write } from './support/long-talk';
import { expect, test } from './support/visits';

const PHONE = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };

type Finger = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) => Promise<void>;

async function fingerOn(page: Page): Promise<Finger> {
  const browser = await page.context().newCDPSession(page);
  return async (type, at) => {
    await browser.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [at] });
  };
}

async function middleOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('It is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** From now on the page’s time passes only where the test says so. */
async function stopTime({ page }: InsideScreen): Promise<void> {
  await page.clock.install();
  // A little ahead: it cannot be stopped at a moment that is over by then.
  await page.clock.pauseAt(Date.now() + 5_000);
}

/** The keys of messages come after the page, and with the bar. */
async function expectKeys(screen: InsideScreen): Promise<void> {
  await screen.log.focus();
  await screen.page.keyboard.press('ArrowUp');
  await expect(screen.action('More')).toBeVisible();
}

test('reactions are given and taken by mouse, everybody sees them and who gave them, and nothing jumps', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('pizza?');
  await guest.row('pizza?').hover();
  const before = await guest.row('pizza?').boundingBox();
  await expect(guest.action('Reply')).toBeVisible();
  expect(await guest.row('pizza?').boundingBox()).toEqual(before);
  await guest.action('More').click();
  await guest.page.getByRole('menuitemcheckbox', { name: 'React with 👍' }).click();
  await expect(guest.chip('pizza?', '👍')).toHaveAttribute('aria-pressed', 'true');
  await expect(owner.chip('pizza?', '👍')).toHaveAttribute('aria-pressed', 'false');
  await expect(owner.chip('pizza?', '👍')).toContainText('Rowan');

  await owner.chip('pizza?', '👍').click();
  await expect(guest.chip('pizza?', '👍')).toHaveAccessibleName(/2 people, you among them/);
  await guest.chip('pizza?', '👍').click();
  await owner.chip('pizza?', '👍').click();
  await expect(guest.chip('pizza?', '👍')).toHaveCount(0);
  await expect(owner.chip('pizza?', '👍')).toHaveCount(0);

  await guest.row('pizza?').hover();
  await guest.action('React').click();
  await guest.button('party face').click();
  await expect(owner.chip('pizza?', '🥳')).toBeVisible();
});

test('by key a message is reacted to from the picker, which finds emoji by name, and has the focus again', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('done at last');
  await expect(guest.message('done at last')).toBeVisible();
  await guest.log.focus();
  await guest.page.keyboard.press('ArrowUp');
  await expect(guest.row('done at last')).toBeFocused();
  await expect(guest.action('React')).toBeVisible();
  await guest.page.keyboard.press('+');
  const filter = guest.page.getByRole('textbox', { name: 'Search emoji' });
  await expect(filter).toBeFocused();
  await guest.expectAccessible('the picker');
  await filter.fill('part');
  await guest.page.keyboard.press('ArrowDown');
  await expect(guest.button('party face')).toBeFocused();
  await guest.page.keyboard.press('ArrowDown');
  await guest.page.keyboard.press('Enter');
  await expect(guest.row('done at last')).toBeFocused();
  await expect(owner.chip('done at last', '🎉')).toBeVisible();
  await guest.page.keyboard.press('Enter');
  await expect(guest.page.getByRole('menuitemcheckbox').first()).toBeFocused();
  await guest.expectAccessible('the menu');
  await guest.page.keyboard.press('Escape');
  await expect(guest.row('done at last')).toBeFocused();
});

test('by mouse, the menu copies a message, alone or with name and time, and edits one’s own', async ({ newTalk }) => {
  const { owner, guest } = await newTalk({ browser: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await guest.say('**two** wrods');
  await guest.expectStored('wrods');
  const choose = async (screen: InsideScreen, name: string) => {
    await screen.row('**two**').hover();
    await screen.action('More').click();
    await screen.choice(name).click();
    await expect(screen.page.getByRole('menu')).toHaveCount(0);
  };
  const copied = ({ page }: InsideScreen) => page.evaluate(() => navigator.clipboard.readText());
  await choose(owner, 'Copy text');
  expect(await copied(owner)).toBe('**two** wrods');
  await choose(owner, 'Copy with name and time');
  expect(await copied(owner)).toMatch(/^\[.*\d:\d\d:\d\d.*\] Rowan: \*\*two\*\* wrods$/);
  await choose(guest, 'Copy with name and time');
  expect(await copied(guest)).toMatch(/\] You: \*\*two\*\* wrods$/);

  await choose(guest, 'Edit');
  await expect(guest.editing).toBeVisible();
  await expect(guest.composer).toBeFocused();
  await expect(guest.composer).toHaveValue('**two** wrods');
  await guest.composer.fill('**two** words');
  await guest.saveEdit.click();
  await owner.expectTalk(['**two** words']);
  await expect(owner.row('**two**').getByTitle(/^Edited at .*\d:\d\d:\d\d/)).toContainText(/Edited at \d+:\d\d/);
  // Not even the owner edits what others said.
  await owner.row('**two**').hover();
  await owner.action('More').click();
  await expect(owner.choice('Copy text')).toBeVisible();
  await expect(owner.choice('Edit')).toHaveCount(0);
});

test('the bar stands at the message that one was at before its code has come', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  for (const { comeTo } of [
    { comeTo: (row: Locator) => row.hover() },
    { comeTo: (row: Locator) => row.page().keyboard.press('ArrowUp') },
  ]) {
    const door = await newGuest(owner.link);
    // The browser is not idle until the test says so.
    await door.page.evaluate(() => {
      const whenIdle = window.requestIdleCallback.bind(window);
      const waiting: IdleRequestCallback[] = [];
      window.requestIdleCallback = (run) => waiting.push(run);
      window.addEventListener('idle', () => {
        window.requestIdleCallback = whenIdle;
        waiting.forEach((run) => whenIdle(run));
      });
    });
    const guest = await door.join();
    await guest.expectLive();
    await owner.say('early');
    await expect(guest.message('early').last()).toBeVisible();
    await guest.log.focus();
    await comeTo(guest.row('early'));
    await expect(guest.action('React')).toHaveCount(0);
    await guest.page.evaluate(() => window.dispatchEvent(new Event('idle')));
    await expect(guest.action('React')).toBeVisible();
  }
});

test('a menu goes with a message that its author takes back, and the next message has its bar', async ({
  newOwner,
}) => {
  const owner = await newOwner();
  const author = await OpenMember.join(owner.link, 'Rowan');
  await author.say('stays');
  const { id } = await author.say('goes');
  await owner.row('goes').hover();
  await owner.action('More').click();
  await expect(owner.choice('Take back')).toBeVisible();
  author.session.takeBack(id);
  await expect(owner.message('goes')).toHaveCount(0);
  await expect(owner.page.getByRole('menu')).toHaveCount(0);
  await owner.row('stays').hover();
  await expect(owner.action('Reply')).toBeVisible();
});

test('one replies by key, and the quote leads to the message, marks it and gives it the focus', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('the question');
  for (let count = 0; count < 30; count += 1) await owner.say(`word ${count}`);
  await expect(guest.message('word 29')).toBeVisible();
  await expectKeys(guest);
  await guest.row('the question').focus();
  await guest.page.keyboard.press('r');
  await expect(guest.composer).toBeFocused();
  await guest.page.keyboard.type('the answer');
  await guest.page.keyboard.press('Enter');
  const quote = owner.row('the answer').getByRole('button', { name: /^Reply to/ });
  await expect(quote).toBeVisible();
  await owner.expectOnlyListScrolls();
  // The mark is there for two and a half seconds.
  await stopTime(owner);
  await quote.click();
  const target = owner.log.locator('[data-key][tabindex]').filter({ hasText: /^You: the question/ });
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport();
  await expect(target).toHaveAttribute('data-marked', '');
  await owner.page.clock.runFor(2_500);
  await expect(target).not.toHaveAttribute('data-marked');
});

test('a quote leads to a page that was never read', async ({ server, newPerson }) => {
  const seat = await openRoom(server.url);
  const first = write('the very first');
  await sendAll(seat, [first]);
  await sendAll(
    seat,
    Array.from({ length: 450 }, (_, index) => write(`word ${index}`)),
  );
  await sendAll(seat, [write('the answer', { kind: 'reply', id: first.id })]);
  const page = await newPerson();
  await page.goto(`/room/${seat.roomId}`);
  const guest = await new DoorScreen(page).join('Rowan');
  await guest
    .row('the answer')
    .getByRole('button', { name: /An earlier message/ })
    .click();
  await expect(guest.log.locator('[data-marked]')).toContainText('the very first');
  // The mark may be gone by now. Further down, the answer quotes it.
  await expect(guest.message('the very first').first()).toBeInViewport();
});

test('whoever writes while a page is read for a quote goes on writing', async ({ server, newPerson }) => {
  const seat = await openRoom(server.url);
  const first = write('the very first');
  await sendAll(seat, [first]);
  await sendAll(
    seat,
    Array.from({ length: 250 }, (_, index) => write(`word ${index}`)),
  );
  await sendAll(seat, [write('the answer', { kind: 'reply', id: first.id })]);
  const page = await newPerson();
  await page.goto(`/room/${seat.roomId}`);
  const guest = await new DoorScreen(page).join('Rowan');
  await expect(guest.message('the answer')).toBeVisible();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/api\/messages\?/, async (route) => {
    await released;
    await route.continue();
  });
  await guest
    .row('the answer')
    .getByRole('button', { name: /An earlier message/ })
    .click();
  await guest.composer.pressSequentially('I w');
  release();
  await expect(guest.log.locator('[data-marked]')).toContainText('the very first');
  await page.keyboard.type('rite');
  await expect(guest.composer).toHaveValue('I write');
});

test('taking back can be undone for five seconds, and the owner takes back anybody’s', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await guest.say('a slip');
  await expect(owner.message('a slip')).toBeVisible();
  await expectKeys(guest);
  await expect(guest.row('a slip')).toBeFocused();
  await stopTime(guest);
  await guest.page.keyboard.press('Delete');
  await expect(guest.button('Undo')).toBeFocused();
  await expect(guest.message('a slip')).toHaveCount(0);
  await guest.page.keyboard.press('Enter');
  await expect(guest.row('a slip')).toBeFocused();
  await guest.page.keyboard.press('Delete');
  await guest.page.clock.runFor(4_900);
  await expect(owner.message('a slip')).toBeVisible();
  await guest.page.clock.runFor(200);
  await guest.page.clock.resume();
  await expect(owner.message('a slip')).toHaveCount(0);

  await guest.say('not nice');
  await owner.row('not nice').hover();
  await owner.action('More').click();
  await owner.choice('Take back').click();
  await owner.page.reload();
  await expect(guest.message('not nice')).toHaveCount(0);
});

test('on touch a finger that stays opens a sheet, in which one reacts, edits, replies and takes back, and one that goes sideways replies', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk({ browser: PHONE });
  await owner.say('hold me, and https://example.org');
  // The actions of messages come after the page; a finger has no other sign of it than a mouse gets. On a phone a mouse that was there
  // before them gets none.
  await expect(async () => {
    await guest.page.mouse.move(0, 0);
    await guest.row('hold me').hover();
    await expect(guest.action('Reply')).toBeVisible({ timeout: 500 });
  }).toPass();
  await guest.page.mouse.move(0, 0);
  await expect(guest.action('Reply')).toHaveCount(0);
  let at = await middleOf(guest.message('hold me'));
  const touch = await fingerOn(guest.page);
  await touch('touchStart', { x: 60, y: at.y });
  await expect(guest.dialog.getByRole('heading')).toHaveText(/\d\d:\d\d/);
  await touch('touchEnd');
  await guest.expectAccessible('the sheet');
  await guest.dialog.getByRole('menuitemcheckbox', { name: 'React with ❤️' }).tap();
  await expect(guest.dialog).toHaveCount(0);
  await expect(owner.chip('hold me', '❤️')).toBeVisible();

  // The message has moved up for the reaction, where a finger would only press it.
  at = await middleOf(guest.message('hold me'));
  await touch('touchStart', { x: 60, y: at.y });
  // The first move is further than a finger moves that holds, which it would do from 400 ms on.
  for (let x = 80; x <= 160; x += 20) await touch('touchMove', { x, y: at.y });
  await touch('touchEnd');
  await expect(guest.composer).toBeFocused();
  await guest.say('swiped');
  await expect(owner.row('swiped').getByRole('button', { name: /^Reply to/ })).toBeVisible();

  const chooseHolding = async (text: string, name: string) => {
    await guest.expectStored(text);
    await touch('touchStart', await middleOf(guest.message(text)));
    await expect(guest.choice(name)).toBeVisible();
    await touch('touchEnd');
    await guest.choice(name).tap();
    await expect(guest.dialog).toHaveCount(0);
  };
  await guest.say('a wrod');
  await chooseHolding('a wrod', 'Edit');
  await guest.composer.fill('a word');
  await guest.saveEdit.tap();
  await expect(owner.message('a word')).toBeVisible();
  await owner.say('and you?');
  await chooseHolding('and you?', 'Reply');
  await guest.say('chosen');
  await expect(owner.row('chosen').getByRole('button', { name: /^Reply to/ })).toBeVisible();
  await guest.page.clock.install();
  await chooseHolding('a word', 'Take back');
  await expect(guest.button('Undo')).toBeVisible();
  await guest.page.clock.runFor(5_000);
  await expect(owner.message('a word')).toHaveCount(0);
});
