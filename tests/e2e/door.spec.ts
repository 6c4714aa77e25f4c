import type { Page, Route } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import { FrontScreen } from './support/front-screen';
import { InsideScreen } from './support/inside-screen';
import { openPlainRoom, readRoom, refuse } from './support/room-api';
import { expect, test } from './support/visits';

test('a full room says so at the door, and lets a guest in when a seat is free again', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk({ seats: '2' });
  const door = await newGuest(link);
  await expect(door.closed).toContainText('Every seat is taken');
  await expect(door.line).toContainText('2 people here');
  await expect(door.joinButton).toHaveCount(0);
  await door.lookAway();
  await guest.leave();
  await door.checkAgain();
  const inside = await door.join('Kim');
  await expect(owner.person('Kim')).toBeVisible();
  await expect(inside.peopleButton).toHaveAccessibleName('2 here, 2 of 2 seats taken');
});

test('a door that is left on the screen looks again by itself', async ({ newTalk, newGuest }) => {
  const { guest, link } = await newTalk({ seats: '2' });
  const door = await newGuest(link);
  await expect(door.closed).toBeVisible();
  await guest.leave();
  await expect(door.joinButton).toBeVisible({ timeout: 15_000 });
});

test.describe('when two people want the last seat', () => {
  test.use({ expectedErrors: [/409/] });

  test('one of them gets it, and the other learns of it and keeps the page', async ({ newOwner, newGuest }) => {
    const owner = await newOwner({ seats: '2' });
    const doors = [await newGuest(owner.link), await newGuest(owner.link)];
    await Promise.all(doors.map(({ joinButton }) => joinButton.click()));
    const isIn = (door: DoorScreen) => door.page.getByRole('textbox', { name: 'Message' }).isVisible();
    const isTurnedAway = (door: DoorScreen) => door.closed.filter({ hasText: 'Every seat is taken' }).isVisible();
    await expect.poll(async () => (await Promise.all(doors.map(isIn))).filter(Boolean).length).toBe(1);
    await expect.poll(async () => (await Promise.all(doors.map(isTurnedAway))).filter(Boolean).length).toBe(1);
    expect((await readRoom(owner.link)).members).toBe(2);
    await expect(owner.peopleButton).toHaveAccessibleName(/2 of 2 seats taken$/);
  });
});

test('a locked room says so at the door, and opens when it is unlocked', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  await owner.setLocked(true);
  const door = await newGuest(owner.link);
  await expect(door.closed).toContainText('The room is locked');
  await door.lookAway();
  await owner.setLocked(false);
  await door.checkAgain();
  await door.join('Kim');
});

test.describe('when the room was locked after the guest looked', () => {
  test.use({ expectedErrors: [/403/] });

  test('joining is refused, and the door shows the lock', async ({ newOwner, newGuest }) => {
    const owner = await newOwner();
    const door = await newGuest(owner.link);
    await door.lookAway();
    await owner.setLocked(true);
    await door.joinButton.click();
    await expect(door.closed).toContainText('The room is locked');
  });
});

test.describe('when joining is refused', () => {
  test.use({ expectedErrors: [/429|503/] });

  test('the reason and the time to wait are shown, the name stays, and the next try may succeed', async ({
    newOwner,
    newGuest,
  }) => {
    const owner = await newOwner();
    const door = await newGuest(owner.link);
    await door.name.fill('Kim');
    await refuse(door.page, 'POST', '/api/room/join', { status: 429, code: 'rate_limited', retryAfter: 12 });
    await door.joinButton.click();
    await expect(door.failure).toHaveText(/Try again in 12 seconds/);
    await refuse(door.page, 'POST', '/api/room/join', { status: 503, code: 'storage_unavailable', retryAfter: 2 });
    await door.joinButton.click();
    await expect(door.failure).toHaveText(/can’t reach its storage/);
    await expect(door.name).toHaveValue('Kim');
    await door.page.unrouteAll();
    await door.join();
    await expect(owner.person('Kim')).toBeVisible();
  });
});

test.describe('when a room does not exist', () => {
  test.use({ expectedErrors: [/404/] });

  test('a link to a missing room leads to the front page, which says so, and going back does not lead to the link again', async ({
    newFront,
  }) => {
    const front = await newFront();
    await front.page.goto(`/room/${'A'.repeat(22)}#${'A'.repeat(43)}`);
    await expect(front.reason).toHaveText(/There’s no such room/);
    expect(front.page.url()).not.toContain('A'.repeat(22));
    await front.page.goBack();
    await expect(front.reason).toHaveCount(0);
  });

  test('an address that cannot be a room is not found', async ({ newPerson }) => {
    const page = await newPerson();
    for (const path of ['/room/short', `/room/${'A'.repeat(23)}`, '/room/..%2Fapi', '/room']) {
      const answer = await page.goto(path);
      expect(answer?.status(), path).toBe(404);
      await expect(page.getByRole('heading', { level: 1 }), path).toHaveText('There’s nothing here');
    }
  });
});

test('a link without its key, or with another one, is reported before anybody has joined', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  const [withoutKey = ''] = owner.link.split('#');
  const heading = page.getByRole('heading', { level: 1 });
  await page.goto(withoutKey);
  await expect(heading).toHaveText('Part of the link is missing');
  await page.goto(`${withoutKey}#${'A'.repeat(43)}`);
  await expect(heading).toHaveText('This link doesn’t open the room');
  await page.goto(owner.link.slice(0, -3));
  await expect(heading).toHaveText('This link doesn’t open the room');
  expect((await readRoom(owner.link)).members).toBe(1);
  // The right link, pasted over the wrong one, loads no new page and shows the door all the same.
  await page.goto(owner.link);
  await new DoorScreen(page).join('Kim');
});

test('a plain room says so at the door and inside', async ({ newPerson, newGuest, server }) => {
  const maker = await newPerson();
  const path = await openPlainRoom(maker);
  const door = await newGuest(server.url + path);
  await expect(door.line).toContainText('not encrypted: the server can read what’s said');
  await expect(door.heading).toHaveText('Someone invited you to a chat');
  const guest = await door.join('Kim');
  await guest.say('in the open');
  await guest.sealButton.click();
  await expect(guest.dialog).toContainText('the server can read what’s said here until the room is gone.');
});

test.describe('when the server does not answer', () => {
  test.use({ expectedErrors: [/ERR_FAILED|ERR_INTERNET_DISCONNECTED/] });

  test('the page says so and recovers by itself or with one press', async ({ newOwner, newPerson }) => {
    const owner = await newOwner();
    const page = await newPerson();
    await page.route('**/api/room?*', (route) => route.abort());
    await page.goto(owner.link);
    const door = new DoorScreen(page);
    await expect(door.heading).toHaveText('Can’t reach the room');
    await expect(door.failure).toHaveText(/The server isn’t answering/);
    await page.unrouteAll();
    await door.button('Try again').click();
    await door.expectAtTheDoor();

    await page.route('**/api/room?*', (route) => route.abort());
    await page.reload();
    await expect(door.heading).toHaveText('Can’t reach the room');
    await page.unrouteAll();
    await page.context().setOffline(true);
    await page.context().setOffline(false);
    await door.expectAtTheDoor();
  });
});

test('from a full room a guest gets to a room of their own', async ({ newTalk, newGuest }) => {
  const { link } = await newTalk({ seats: '2' });
  const door = await newGuest(link);
  await door.page.getByRole('link', { name: 'Make your own room' }).click();
  const front = new FrontScreen(door.page);
  await expect(front.reason).toHaveText(/Every seat in that room is taken/);
  await front.makeRoom();
});

/** Keeps what the page requests by this pattern until the returned function is called. */
async function hold(page: Page, pattern: string): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHeld = true;
  await page.route(pattern, (route) => (isHeld ? void held.push(route) : route.continue()));
  return async () => {
    isHeld = false;
    for (const route of held) await route.continue();
  };
}

test('the first paint is a door, and a name and a press of Enter before the page has woken up join under it', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  const door = new DoorScreen(page);
  const wakeUp = await hold(page, '**/_next/**/*.js');
  // The markup is whole by then, with the few lines at its end that keep what is pressed early.
  await page.goto(owner.link, { waitUntil: 'domcontentloaded' });
  await expect(door.heading).toHaveText('Someone invited you to a private chat');
  await expect(door.joinButton).toBeVisible();
  await door.name.fill('Kim');
  await door.name.press('Enter', { noWaitAfter: true });
  expect((await readRoom(owner.link)).members).toBe(1);
  await wakeUp();
  await new InsideScreen(page).expectInside();
  await expect(owner.person('Kim')).toBeVisible();
  expect((await readRoom(owner.link)).members).toBe(2);
});

test('a name that is typed and a press of Join while the room is being read are kept', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  const door = new DoorScreen(page);
  const answer = await hold(page, '**/api/room?*');
  await page.goto(owner.link);
  await expect(door.name).toBeFocused();
  await page.keyboard.type('Rowan');
  await door.joinButton.click();
  await expect(door.joinButton).toHaveText('Joining…');
  await expect(door.line).toHaveCount(0);
  await answer();
  await new InsideScreen(page).expectInside();
  await expect(owner.person('Rowan')).toBeVisible();
});

test('a press of Join that comes too early for a full room ends at a door that says so', async ({
  newTalk,
  newPerson,
}) => {
  const { link } = await newTalk({ seats: '2' });
  const page = await newPerson();
  const door = new DoorScreen(page);
  const answer = await hold(page, '**/api/room?*');
  await page.goto(link);
  await door.joinButton.click();
  await answer();
  await expect(door.closed).toContainText('Every seat is taken');
  // The field had the focus, and went away.
  await expect(door.heading).toBeFocused();
});

test('the name is focused and selected, Enter joins, and whoever has left finds the same name at the door', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  await expect(door.name).toBeFocused();
  const selected = () => door.page.evaluate(() => window.getSelection()?.toString());
  expect(await selected()).toBe(await door.name.inputValue());
  await door.page.keyboard.type('Kim');
  await door.page.keyboard.press('Enter');
  const inside = new InsideScreen(door.page);
  await inside.expectInside();
  await expect(owner.person('Kim')).toBeVisible();
  await inside.leave();
  await door.page.reload();
  await expect(door.name).toBeFocused();
  await expect(door.name).toHaveValue('Kim');
  await door.page.keyboard.press('Enter');
  await inside.expectInside();
});

test('a member who loads the page again sees no door on the way in, and whoever has left sees one at once', async ({
  newTalk,
}) => {
  const { guest } = await newTalk();
  const { page } = guest;
  const door = new DoorScreen(page);
  const wakeUp = await hold(page, '**/_next/**/*.js');
  await page.reload({ waitUntil: 'commit' });
  await expect(door.heading).toHaveText('Opening the room…');
  await expect(door.joinButton).toHaveCount(0);
  await wakeUp();
  await guest.expectInside();
  await guest.leave();
  await hold(page, '**/api/room?*');
  await page.reload({ waitUntil: 'commit' });
  await expect(door.joinButton).toBeVisible();
});

test('whoever makes a room is never shown a door', async ({ newFront }) => {
  const front = await newFront();
  const heard: string[] = [];
  await front.page.exposeFunction('hear', (heading: string) => heard.push(heading));
  // The room is a page load of its own.
  await front.page.addInitScript(() => {
    const { hear } = window as unknown as { hear: (heading: string) => void };
    const listen = () => hear(document.querySelector('h1')?.textContent ?? '');
    new MutationObserver(listen).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await front.makeRoom();
  await expect.poll(() => heard.at(-1)).toMatch(/^Room/);
  expect(heard.filter((heading) => heading.includes('invited'))).toEqual([]);
});

test('looking at a link changes nothing: the page sets no cookie and takes no seat', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  await expect.poll(async () => (await readRoom(owner.link)).here).toBe(1);
  const before = await readRoom(owner.link);
  const page = await newPerson();
  const answer = await page.request.get(owner.link);
  expect(await answer.text()).toContain('Someone invited you to a private chat');
  expect(answer.headers()['set-cookie']).toBeUndefined();
  expect({ ...(await readRoom(owner.link)), now: 0 }).toEqual({ ...before, now: 0 });
});

for (const [width, height] of [
  [1280, 800],
  [740, 360],
  [375, 667],
  [320, 568],
] as const) {
  test(`all of the door is in sight at ${width}×${height}`, async ({ newOwner, newGuest }) => {
    const owner = await newOwner();
    const door = await newGuest(owner.link, { viewport: { width, height } });
    for (const part of [door.mark, door.heading, door.line, door.name, door.joinButton, door.what])
      await expect(part).toBeInViewport({ ratio: 1 });
    await door.expectFitsWidth();
  });
}

test('with a phone’s keyboard open, the name and Join are in sight', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const phone = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };
  const door = await newGuest(owner.link, phone);
  await door.page.setViewportSize({ width: 375, height: 330 });
  await door.name.tap();
  await expect(door.name).toBeInViewport({ ratio: 1 });
  await expect(door.joinButton).toBeInViewport({ ratio: 1 });
});

test('what this is unfolds at the door, in three sentences, and is true of a plain room, too', async ({
  newOwner,
  newGuest,
  newPerson,
  server,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  await expect(door.explained).toBeHidden();
  await door.what.click();
  await expect(door.explained.getByRole('listitem')).toHaveText([
    /no account/,
    /gone for everyone/,
    /encrypted end to end/,
  ]);
  await door.expectAccessible('what is this?');
  await door.join('Kim');
  const plain = await newGuest(server.url + (await openPlainRoom(await newPerson())));
  await plain.what.click();
  await expect(plain.explained).toContainText('isn’t encrypted');
  await expect(plain.explained).not.toContainText('end to end');
});

test('one’s own joining is announced once, and not again when the page is loaded again', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  await owner.expectLive();
  const door = await newGuest(owner.link);
  const { page } = door;
  const said = 'You joined the chat as Kim.';
  await page.evaluate(() => {
    const announced: string[] = [];
    const hear = () => {
      for (const region of document.querySelectorAll('[role=status], [aria-live=polite], [role=alert]')) {
        const text = region.textContent;
        if (/join/i.test(text) && announced.at(-1) !== text) announced.push(text);
      }
    };
    new MutationObserver(hear).observe(document.body, { childList: true, subtree: true, characterData: true });
    Object.assign(window, { announced });
  });
  const inside = await door.join('Kim');
  await inside.expectLive();
  await inside.say('hello');
  await owner.expectTalk(['hello']);
  expect(await page.evaluate(() => (window as unknown as { announced: string[] }).announced)).toEqual([said]);
  await page.reload();
  await inside.expectLive();
  expect(await page.locator('body').innerText()).not.toContain(said);
});
