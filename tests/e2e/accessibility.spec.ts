import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { openPlainRoom, refuse } from './support/room-api';
import { Screen } from './support/screen';
import { expect, test } from './support/visits';

class PlainScreen extends Screen {}

/** Narrow enough that the people are shown in a sheet instead of beside the conversation. */
const NARROW = { viewport: { width: 600, height: 800 } };

test('the front page breaks no rule of WCAG 2.2 AA, whatever it shows', async ({ newFront }) => {
  const front = await newFront();
  await front.expectAccessible('front page');
  await front.choose({ seats: '0' });
  await front.expectAccessible('a number with a fault');
  await front.page.goto('/?reason=expired');
  await front.expectAccessible('reason');
});

test.describe('pages that say what is wrong', () => {
  test.use({ expectedErrors: [/404|429|ERR_FAILED|Refused by the test/] });

  test('break no rule: a room that could not be made, a page that does not exist', async ({ newFront }) => {
    const front = await newFront();
    await refuse(front.page, 'POST', '/api/room', { status: 429, code: 'rate_limited', retryAfter: 3 });
    await front.make.click();
    await expect(front.failure).toBeVisible();
    await front.expectAccessible('a room that could not be made');
    await front.page.goto('/nowhere');
    await front.expectAccessible('not found');
  });

  test('break no rule: no key, a wrong one, no server, no secure connection', async ({ newOwner, newPerson }) => {
    const { link } = await newOwner();
    const page = await newPerson();
    const screen = new PlainScreen(page);
    await page.goto(link.replace(/#.*/, ''));
    await expect(screen.heading).toHaveText('Part of the link is missing');
    await screen.expectAccessible('key missing');
    await page.goto(`${link.slice(0, -43)}${'A'.repeat(43)}`);
    await expect(screen.heading).toHaveText('This link doesn’t open the room');
    await screen.expectAccessible('key wrong');

    await page.route('**/api/room?*', (route) => route.abort());
    await page.reload();
    await expect(screen.heading).toHaveText('Can’t reach the room');
    await screen.expectAccessible('unreachable');
    await page.unrouteAll();

    // An insecure page has no Web Crypto.
    await page.addInitScript(() => Reflect.deleteProperty(Crypto.prototype, 'subtle'));
    await page.reload();
    await expect(screen.heading).toHaveText('This needs a secure connection');
    await screen.expectAccessible('insecure context');
  });

  test('a page that breaks says so, and can be tried again', async ({ newPerson }) => {
    const page = await newPerson();
    const front = await new FrontScreen(page).open();
    // The times in a room are formatted with the reader's languages.
    await page.addInitScript(() => {
      const get = () => {
        throw new Error('Refused by the test.');
      };
      Object.defineProperty(navigator, 'languages', { get, configurable: true });
    });
    await front.make.click();
    const screen = new PlainScreen(page);
    await expect(screen.heading).toHaveText('Something went wrong');
    await expect(screen.heading).toBeFocused();
    await screen.expectAccessible('broken page');
    await page.evaluate(() => Reflect.deleteProperty(navigator, 'languages'));
    await screen.button('Try again').click();
    await new InsideScreen(page).expectInside();
  });
});

test('the door breaks no rule, not even with a fault', async ({ newOwner, newGuest }) => {
  const door = await newGuest((await newOwner()).link);
  await door.expectAccessible('door');
  await door.name.fill('');
  await door.joinButton.click();
  await expect(door.name).toHaveAccessibleDescription('Choose a name first.');
  await door.expectAccessible('door with a fault');
});

test('the door of a room that is full or locked breaks no rule', async ({ newTalk, newGuest }) => {
  const { owner, guest, link } = await newTalk({ seats: '2' });
  const door = await newGuest(link);
  await expect(door.closed).toContainText('Every seat is taken');
  await door.expectAccessible('full');
  await guest.leave();
  await owner.setLocked(true);
  await door.lookAgain.click();
  await expect(door.closed).toContainText('The room is locked');
  await door.expectAccessible('locked');
});

test.describe('inside a room', () => {
  test.use({ expectedErrors: [/409|429|503|ERR_INTERNET_DISCONNECTED/] });

  test('the conversation breaks no rule: empty, going on, a message refused, a draft that is too long', async ({
    newOwner,
    newGuest,
  }) => {
    const owner = await newOwner();
    await owner.expectLive();
    await owner.expectAccessible('empty room');
    const guest = await (await newGuest(owner.link)).join('Rowan');
    await guest.say('hello\nyou');
    await guest.say('again');
    await owner.say('hello back');
    await owner.expectStored('hello back');
    await refuse(owner.page, 'POST', '/api/messages', { status: 409, code: 'message_limit_reached' });
    await owner.say('refused');
    await expect(owner.log.getByRole('alert')).toBeVisible();
    await owner.composer.fill('x'.repeat(1001));
    await expect(owner.draftNote).toHaveText('1 character too long');
    await owner.expectAccessible('talk with a refused message and a draft that is too long');
  });

  test('the question whether to destroy the room breaks no rule, not even when destroying is refused', async ({
    newOwner,
  }) => {
    const owner = await newOwner();
    await refuse(owner.page, 'DELETE', '/api/room', { status: 429, code: 'rate_limited', retryAfter: 5 });
    const { confirm } = await owner.askToDestroy();
    await owner.expectAccessible('destroy?');
    await confirm.click();
    await expect(owner.dialog.getByRole('alert')).toBeVisible();
    await owner.expectAccessible('destroying refused');
  });

  test('a room that waits for its line breaks no rule', async ({ newOwner }) => {
    const owner = await newOwner();
    await owner.expectLive();
    await owner.page.context().setOffline(true);
    await expect(owner.connection).toHaveText('Offline');
    await owner.say('waits');
    await expect(owner.log.getByText('Waiting to send')).toBeVisible();
    await owner.expectAccessible('offline');
  });

  test('menu, seal and the question whether to remove a member break no rule', async ({ newTalk }) => {
    const { owner } = await newTalk();
    await owner.openMenu();
    await owner.expectAccessible('menu');
    await owner.page.keyboard.press('Escape');
    await owner.sealButton.click();
    await expect(owner.dialog).toBeVisible();
    await owner.expectAccessible('seal');
    await owner.button('Close').click();
    await owner.askToRemove('Rowan');
    await owner.expectAccessible('remove?');
  });

  test('changing the name, the link to be copied by hand and a locked room break no rule', async ({ newOwner }) => {
    const owner = await newOwner();
    await owner.people.getByRole('button', { name: 'Change your name' }).click();
    await owner.page.getByRole('textbox', { name: 'Your name', exact: true }).fill('');
    await owner.expectAccessible('renaming with a fault');
    await owner.button('Cancel').click();
    await owner.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await owner.invite.click();
    await expect(owner.dialog).toBeVisible();
    await owner.expectAccessible('invite');
    await owner.copyLink.click();
    await expect(owner.dialog).toContainText('Copying didn’t work');
    await owner.expectAccessible('link to be copied by hand');
    await owner.page.keyboard.press('Escape');
    await owner.setLocked(true);
    await owner.invite.click();
    await expect(owner.dialog).toContainText('The room is locked');
    await owner.expectAccessible('invitation to a locked room');
  });

  test('the sheet of people on a narrow screen breaks no rule, nor does a plain room', async ({
    newTalk,
    newPerson,
  }) => {
    const { owner } = await newTalk({ browser: NARROW });
    await owner.peopleButton.click();
    await expect(owner.dialog).toContainText('Rowan');
    await owner.expectAccessible('sheet of people');

    const page = await newPerson();
    await page.goto(await openPlainRoom(page));
    const plain = new InsideScreen(page);
    await plain.say('in the open');
    await plain.sealButton.click();
    await expect(plain.dialog).toContainText('Not encrypted');
    await plain.expectAccessible('not sealed');
  });
});

test('every end breaks no rule: left, removed, destroyed with a draft; for an expired room, see the real minute', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk();
  await (await guest.leave()).expectAccessible('left');
  const kim = await (await newGuest(link)).join('Kim');
  // Whoever listens hears of the removal, and whoever does not is refused.
  await kim.expectLive();
  await owner.button('Remove \u2068Kim\u2069').click();
  await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  const removed = new EndedScreen(kim.page);
  await expect(removed.heading).toHaveText('You were removed');
  await removed.expectAccessible('removed');
  await owner.composer.fill('a draft');
  await (await owner.askToDestroy()).confirm.click();
  const destroyed = new EndedScreen(owner.page);
  await expect(destroyed.draft).toBeVisible();
  await destroyed.expectAccessible('destroyed with a draft');
});

test('new messages are announced politely, and the passing time is not announced', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  // One can write before the header and the messages are there.
  await owner.expectLive();
  const snapshot = await owner.page.locator('body').ariaSnapshot();
  expect(snapshot).toContain('log "Messages"');
  expect(snapshot).toMatch(/timer "Time left"/);
  await expect(owner.countdown).not.toHaveAttribute('aria-live');
  const door = await newGuest(owner.link);
  await expect(door.timeLeft).not.toHaveAttribute('aria-live');
});

test('people who want less motion get none', async ({ newFront }) => {
  const front = await newFront({ reducedMotion: 'reduce' });
  const inside = await front.makeRoom();
  await inside.say('hello');
  // What says that it is being sent waits before it moves.
  await inside.expectStored('hello');
  await (await inside.askToDestroy()).cancel.click();
  const longest = await inside.page.evaluate(() =>
    Math.max(0, ...document.getAnimations().map(({ effect }) => Number(effect?.getComputedTiming().endTime ?? 0))),
  );
  expect(longest, 'milliseconds of movement').toBeLessThanOrEqual(5);
});
