import { DoorScreen } from './support/door-screen';
import { FrontScreen } from './support/front-screen';
import { openPlainRoom, readRoom, refuse } from './support/room-api';
import { expect, test } from './support/visits';

test('a full room says so at the door, and lets a guest in when a seat is free again', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk({ seats: '2' });
  const door = await newGuest(link);
  await expect(door.closed).toContainText('Every seat is taken');
  await expect(door.facts).toContainText('2 of 2 taken, none free');
  await expect(door.joinButton).toHaveCount(0);
  await guest.leave();
  await door.lookAgain.click();
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
  await owner.setLocked(false);
  await door.lookAgain.click();
  await door.join('Kim');
});

test.describe('when the room was locked after the guest looked', () => {
  test.use({ expectedErrors: [/403/] });

  test('joining is refused, and the door shows the lock', async ({ newOwner, newGuest }) => {
    const owner = await newOwner();
    const door = await newGuest(owner.link);
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
    await expect(door.failure).toHaveText(/cannot reach its storage/);
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
    await expect(front.reason).toHaveText(/There is no such room/);
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
  await expect(door.facts).toContainText('Not sealed: the server can read what is said here.');
  const guest = await door.join('Kim');
  await guest.say('in the open');
  await guest.sealButton.click();
  await expect(guest.dialog).toContainText('The server can read what is said here until the room is gone.');
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
  await door.page.getByRole('link', { name: 'Make a room of your own' }).click();
  const front = new FrontScreen(door.page);
  await expect(front.reason).toHaveText(/Every seat in that room is taken/);
  await front.makeRoom();
});
