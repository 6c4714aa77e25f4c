import type { Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import type { InsideScreen } from './support/inside-screen';
import { readRoom } from './support/room-api';
import { expect, test } from './support/visits';

/** The left and right edges of what stands in a room’s column. */
async function edgesOf({ header, log, composer }: InsideScreen) {
  const inHeader = await header.evaluate(({ firstElementChild: row }) => {
    const { left, right } = row?.getBoundingClientRect() ?? new DOMRect();
    return { left, right };
  });
  const inLog = await log.evaluate(({ firstElementChild: column }) => {
    const { left, right } = column?.getBoundingClientRect() ?? new DOMRect();
    return { left, right };
  });
  const inForm = await composer.evaluate((field) => {
    const { left, right } = field.closest('form')?.getBoundingClientRect() ?? new DOMRect();
    return { left, right };
  });
  return [inHeader, inLog, inForm];
}

const rowOf = (screen: InsideScreen, text: string) =>
  screen.log.locator('[data-key]').filter({ has: screen.page.getByText(text, { exact: true }) });

test('everybody in a room sees the same name of two words, which is in no title', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const name = (await owner.heading.textContent())?.replace(/^Room /, '') ?? '';
  expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  for (const screen of [owner, guest]) {
    await expect(screen.heading).toHaveText(`Room ${name}`);
    await expect(screen.header.getByText(name)).toBeVisible();
    expect(await screen.page.title()).not.toContain(name);
  }
  await guest.page.reload();
  await expect(guest.header.getByText(name)).toBeVisible();
});

test('header, messages and composer share their edges, whether the people are shown or not, at every width', async ({
  newTalk,
}) => {
  const { owner } = await newTalk();
  for (const width of [1280, 1100, 820, 375, 320]) {
    await owner.page.setViewportSize({ width, height: 800 });
    for (let times = 0; times < (width > 1024 ? 2 : 1); times += 1) {
      // The people go from beside the messages a frame after the window has become too narrow.
      await expect(owner.people).toHaveCount(width > 1024 && times === 0 ? 1 : 0);
      const [first, ...others] = await edgesOf(owner);
      for (const edges of others) expect(edges, `at ${width} pixels`).toEqual(first);
      await owner.expectFitsWidth();
      if (width > 1024) await owner.peopleButton.click();
    }
  }
});

test.describe('a line that is cut', () => {
  test.use({ expectedErrors: [/Failed to load resource: net::ERR_/] });

  test('has a word, and one that is live has none', async ({ newOwner }) => {
    const owner = await newOwner();
    await owner.expectLive();
    await expect(owner.header).not.toContainText(/live/i);
    await owner.page.context().setOffline(true);
    await expect(owner.connection).toHaveText('Offline');
    await owner.page.context().setOffline(false);
    await owner.expectLive();
  });
});

test('the ring runs out, and in the last minute another one closes', async ({ newOwner }) => {
  const arc = ({ header }: InsideScreen) => header.locator('circle').last();
  const calm = await newOwner();
  await expect(arc(calm)).toHaveAttribute('data-phase', 'left');
  const urgent = await newOwner({ minutes: '1 minute' });
  await expect(arc(urgent)).toHaveAttribute('data-phase', 'closing');
  const offset = async () => Number(await arc(urgent).getAttribute('stroke-dashoffset'));
  const before = await offset();
  await expect.poll(offset).toBeLessThan(before);
});

test('on a phone, too, the one button that invites has its word, and leads to the link', async ({ newPerson }) => {
  const page = await newPerson({ viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true });
  const owner = await (await new FrontScreen(page).open()).makeRoom();
  await expect(owner.invite).toHaveText('Invite');
  await owner.invite.tap();
  await expect(owner.dialog).toBeVisible();
  await owner.page.keyboard.press('Escape');
  await expect(owner.invite).toBeFocused();
});

test('the exact time of a message is there for a pointer and the arrow keys', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('the first');
  await owner.say('the second');
  await expect(guest.message('the second')).toBeVisible();
  await guest.say('an answer');
  await expect(owner.message('an answer')).toBeVisible();
  const timeOf = (text: string) => rowOf(owner, text).getByRole('time');
  for (const text of ['the first', 'an answer']) await expect(timeOf(text)).toBeHidden();

  await owner.log.getByText('an answer').hover();
  await expect(timeOf('an answer')).toHaveText(/^\d{1,2}:\d\d:\d\d/);
  await expect(timeOf('an answer')).toBeVisible();
  await owner.page.mouse.move(0, 0);
  await expect(timeOf('an answer')).toBeHidden();

  await owner.log.focus();
  await owner.page.keyboard.press('ArrowUp');
  await owner.page.keyboard.press('ArrowUp');
  await expect(rowOf(owner, 'the second')).toBeFocused();
  await expect(timeOf('the second')).toBeVisible();
  await owner.page.keyboard.press('ArrowDown');
  await expect(rowOf(owner, 'an answer')).toBeFocused();
  const attach = owner.page.getByRole('button', { name: 'Attach files' });
  // Both come after the page.
  for (const button of [owner.action('React'), attach]) await expect(button).toBeVisible();
  // The Tab key leads to what can be done with that message, and past all others.
  for (const name of ['React', 'Reply', 'More'] as const) {
    await owner.page.keyboard.press('Tab');
    await expect(owner.action(name)).toBeFocused();
  }
  await owner.page.keyboard.press('Tab');
  await expect(attach).toBeFocused();
  await owner.page.keyboard.press('Tab');
  await expect(owner.composer).toBeFocused();
});

test('one time is in sight for a talk without pauses, and one’s own messages are known by their side, and by a word read aloud', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  for (const text of ['one', 'two']) await owner.say(text);
  await guest.say('three');
  await expect(owner.message('three')).toBeVisible();
  const inSight = () =>
    owner.log
      .getByRole('time')
      .evaluateAll((all) => all.filter((time) => time.checkVisibility({ visibilityProperty: true })).length);
  expect(await inSight()).toBe(1);
  await expect(rowOf(owner, 'one')).toContainText('You: one');
  await expect(owner.log.getByText('You', { exact: true })).toHaveCount(0);
});

test('one to three emoji are large and without a bubble, and more of them are a message like others', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  for (const text of ['🎉🦋', 'words', '👍👍👍👍']) await owner.say(text);
  const sizeOf = (text: string) =>
    guest.log
      .getByText(text, { exact: true })
      .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  await expect(guest.message('👍👍👍👍')).toBeVisible();
  expect(await sizeOf('🎉🦋')).toBeGreaterThan(2 * (await sizeOf('words')));
  expect(await sizeOf('👍👍👍👍')).toBe(await sizeOf('words'));
});

test('people who come one after the other are one line', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  for (const name of ['Bob', 'Ann', 'Kim', 'Lee']) {
    const door = await newGuest(owner.link);
    await door.join(name);
    await expect(owner.person(name)).toBeVisible();
  }
  await expect(owner.log.getByRole('listitem')).toHaveText([/Bob.{0,2}, .{0,2}Ann.{0,2}, and 2 others joined/]);
});

test('whoever clicks among the messages writes on, and loses no key; scrolling and commands stay the browser’s', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await guest.say('click me');
  await owner.log.getByText('click me').click();
  await expect(owner.composer).not.toBeFocused();
  for (const key of ['Space', 'PageDown', 'ControlOrMeta+c', 'Shift']) await owner.page.keyboard.press(key);
  await expect(owner.composer).not.toBeFocused();
  await owner.page.keyboard.type('every letter');
  await expect(owner.composer).toHaveValue('every letter');
  await expect(owner.composer).toBeFocused();
});

/** Notes every state of the list of people, from the first one on, in which somebody is away. */
async function watchForAway(page: Page): Promise<() => Promise<number>> {
  const watch = () => {
    let seen = 0;
    new MutationObserver(() => {
      seen += Array.from(document.querySelectorAll('aside li')).filter((row) =>
        row.textContent.includes('Away'),
      ).length;
      document.documentElement.dataset['away'] = `${seen}`;
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  await page.addInitScript(watch);
  if (page.url() !== 'about:blank') await page.evaluate(watch);
  return () => page.evaluate(() => Number(document.documentElement.dataset['away'] ?? '0'));
}

test('a newcomer is here from the first frame, for everybody', async ({ newOwner, newPerson }) => {
  const owner = await newOwner();
  await owner.expectLive();
  const awayAtOwner = await watchForAway(owner.page);
  const page = await newPerson();
  const awayAtGuest = await watchForAway(page);
  await page.goto(owner.link);
  const guest = await new DoorScreen(page).join('Rowan');
  await guest.expectLive();
  await expect(owner.person('Rowan')).toContainText('Here');
  await expect(guest.person('Rowan')).toContainText('Here');
  expect(await awayAtOwner(), 'at the owner').toBe(0);
  expect(await awayAtGuest(), 'at the newcomer').toBe(0);
});

test('people have their initials, and a second one of the same name a mark on them', async ({ newTalk, newGuest }) => {
  const { owner, link } = await newTalk();
  await (await newGuest(link)).join('Rowan');
  await (await newGuest(link)).join('🦋 Zoë');
  await expect(owner.person('· 2').locator('[aria-hidden] > span').first()).toHaveText('R2');
  await expect(owner.person('Zoë').locator('[aria-hidden] > span').first()).toHaveText('🦋');
  await owner.expectAccessible('people with initials');
});

test('a guest leaves at once and comes back by one press, past the door and under the same name', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  await guest.openMenu();
  await guest.menuItem('Leave').click();
  const ended = new EndedScreen(guest.page);
  await expect(ended.heading).toHaveText('You left the room');
  await expect(owner.person('Rowan')).toHaveCount(0);
  await ended.comeBack.click();
  await guest.expectInside();
  await guest.expectLive();
  await expect(owner.person('Rowan')).toContainText('Here');
  expect((await readRoom(link)).members).toBe(2);
  await guest.say('here again');
  await expect(owner.message('here again')).toBeVisible();
});

test.describe('coming back where it is refused', () => {
  test.use({ expectedErrors: [/40[39]/] });

  test('leads to the door of a room that was locked meanwhile, and to the trouble of a link that was replaced', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    const ended = await guest.leave();
    await owner.setLocked(true);
    await ended.comeBack.click();
    const door = new DoorScreen(guest.page);
    await expect(door.closed).toContainText('The room is locked');

    await owner.setLocked(false);
    // The door looks again by itself every ten seconds, so there may be nothing left to press.
    await door.join('Rowan');
    await guest.leave();
    await owner.renewLink();
    await ended.comeBack.click();
    await expect(door.heading).toHaveText('This link was replaced');
  });
});

test('an owner is asked before leaving, and reads who owns the room then', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.openMenu();
  await owner.menuItem('Leave…').click();
  await expect(owner.dialog).toContainText('\u2068Rowan\u2069 has been here longest and will own the room.');
  await owner.expectAccessible('leave?');
  await owner.dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(owner.dialog).toHaveCount(0);
  await owner.expectInside();
  await owner.leave();
  await expect(guest.message('You own the room now')).toBeVisible();
});

test('the owner of an empty room takes a name at once, under which guests find them, and which is kept for the next room', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  await owner.rename('Zoë');
  const guest = await (await newGuest(owner.link)).join('Rowan');
  await expect(guest.person('Zoë')).toContainText('Owner');
  const page = owner.page;
  const next = await (await new FrontScreen(page).open()).makeRoom();
  await expect(next.person('Zoë')).toContainText('You');
});
