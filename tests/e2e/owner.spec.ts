import { expect, test } from './support/visits';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { InsideScreen } from './support/inside-screen';
import { openPlainRoom, readRoom } from './support/room-api';

// The browser logs a line of its own about every error response.
const REFUSED = /Failed to load resource: the server responded with a status of 40[134]/;

test.use({ expectedErrors: [REFUSED] });

test('people are listed with their names before anybody speaks, and everybody sees a new name', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await expect(owner.person('Rowan')).toContainText('Here');
  await expect(owner.person('Owner')).toContainText('You');
  await expect(guest.person('Rowan')).toContainText('You');
  await expect(owner.log.getByRole('listitem')).toHaveText([/Rowan.{0,3} joined/]);

  await guest.rename('Kestrel');
  await expect(owner.person('Kestrel')).toBeVisible();
  await expect(owner.person('Rowan')).toHaveCount(0);
  await expect(owner.log.getByRole('listitem')).toHaveText([
    /Rowan.{0,3} joined/,
    /Rowan.{0,3} is now called .{0,3}Kestrel/,
  ]);
  await guest.page.reload();
  await expect(guest.person('Kestrel')).toContainText('You');

  await guest.page.close();
  await expect(owner.person('Kestrel')).toContainText('Away', { timeout: 25_000 });
});

test('a locked room admits nobody new, keeps its members, and opens again', async ({ newTalk, newGuest }) => {
  const { owner, guest, link } = await newTalk();
  const early = await newGuest(link);
  await early.lookAway();
  await owner.setLocked(true);
  await expect(guest.header.getByText('Locked')).toBeVisible();
  await expect(guest.message('The room is locked: nobody new can come in')).toBeVisible();

  // A guest who was already at the door is refused when joining, and then sees why.
  await early.joinButton.click();
  await expect(early.closed).toContainText('The room is locked');
  await expect(early.joinButton).toHaveCount(0);
  expect((await readRoom(link)).members).toBe(2);
  await guest.page.reload();
  await guest.expectLive();
  await guest.say('still here');
  await expect(owner.message('still here')).toBeVisible();

  await owner.setLocked(false);
  await expect(guest.header.getByText('Locked')).toHaveCount(0);
  await early.checkAgain();
  const late = await early.join('Linnet');
  await expect(late.message('still here')).toBeVisible();
  await expect(owner.person('Linnet')).toBeVisible();
});

test('the controls of an owner are offered to the owner alone', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await expect(owner.people.getByRole('button', { name: 'Remove \u2068Rowan\u2069' })).toBeVisible();
  await expect(guest.people.getByRole('button', { name: /^Remove / })).toHaveCount(0);
  await guest.openMenu();
  for (const name of ['Lock the room', 'End room for everyone']) await expect(guest.menuItem(name)).toHaveCount(0);
});

test('a removed member learns of it at once, sees nothing more, and comes back only through the new link, with a new seat', async ({
  newTalk,
}) => {
  const { owner, guest, link } = await newTalk();
  await owner.say('while they were in');
  await expect(guest.message('while they were in')).toBeVisible();
  await owner.askToRemove('Rowan');
  await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();

  const ended = new EndedScreen(guest.page);
  await expect(ended.heading).toHaveText('You were removed');
  await ended.expectCleared(['while they were in', 'Rowan']);
  await owner.expectNotice('Rowan', 'was removed');
  await expect(owner.person('Rowan')).toHaveCount(0);
  expect((await readRoom(link)).members).toBe(1);
  await owner.expectNewLink(link);

  // The browser still has the old cookie and the old link, which let nobody in.
  await guest.page.goto(link);
  const door = new DoorScreen(guest.page);
  await expect(door.heading).toHaveText('This link was replaced');
  await guest.page.goto(owner.link);
  await door.expectAtTheDoor();
  await door.join('Rowan the Second');
  await expect(owner.person('Rowan the Second')).toBeVisible();
});

test('a member who is removed from a locked room stays out, whatever link they have', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  await owner.setLocked(true);
  await owner.remove('Rowan');
  await expect(new EndedScreen(guest.page).heading).toHaveText('You were removed');

  await owner.expectNewLink(link);
  await guest.page.goto(owner.link);
  await expect(new DoorScreen(guest.page).closed).toContainText('The room is locked');
  expect((await readRoom(link)).members).toBe(1);
});

test('a plain room, whose address lets everybody in, is locked with the removal', async ({ newPerson, newGuest }) => {
  const page = await newPerson();
  const path = await openPlainRoom(page);
  await page.goto(path);
  const owner = new InsideScreen(page);
  const guest = await (await newGuest(owner.link)).join('Rowan');
  await owner.askToRemove('Rowan');
  await owner.dialog.getByRole('button', { name: 'Remove and lock' }).click();
  await expect(new EndedScreen(guest.page).heading).toHaveText('You were removed');
  await expect(owner.header.getByText('Locked')).toBeVisible();

  await new EndedScreen(guest.page).joinAgain.click();
  await expect(new DoorScreen(guest.page).closed).toContainText('The room is locked');
  expect((await readRoom(owner.link)).members).toBe(1);
});

test('when the owner leaves, the longest seated member owns the room', async ({ newTalk, newGuest }) => {
  const { owner, guest, link } = await newTalk();
  const third = await (await newGuest(link)).join('Linnet');
  await third.expectLive();
  await owner.leave();

  await expect(guest.message('You own the room now')).toBeVisible();
  await third.expectNotice('Rowan', 'owns the room now');
  await expect(third.person('Rowan')).toContainText('Owner');
  await guest.setLocked(true);
  await expect(third.header.getByText('Locked')).toBeVisible();
  await guest.askToRemove('Linnet');
  await guest.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(new EndedScreen(third.page).heading).toHaveText('You were removed');
});
