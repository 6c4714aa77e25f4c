import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { expect, test } from './support/visits';

// The browser logs a line of its own about every error response.
const REFUSED = /Failed to load resource: the server responded with a status of 40[134]/;

test.use({ expectedErrors: [REFUSED], settings: { RATE_LIMITS: 'off', PUBLIC_ROOMS: 'on' } });

test('a person is ignored by one reader alone, also after a reload, until they are ignored no more', async ({
  newCompany,
}) => {
  const { owner, rowan, ines } = await newCompany();
  await rowan.say('buy my bees');
  await expect(owner.message('buy my bees')).toBeVisible();
  await owner.details('Rowan').click();
  await owner.dialog.getByRole('button', { name: /^Ignore/ }).click();
  await expect(owner.dialog.getByRole('button', { name: /^Stop ignoring/ })).toBeVisible();
  await owner.page.keyboard.press('Escape');
  await expect(owner.log).toContainText(/A message from .{0,1}Rowan.{0,1}, whom you ignore/);
  await expect(owner.message('buy my bees')).toHaveCount(0);
  await expect(owner.person('Rowan')).toContainText('Ignored');
  await rowan.say('really, bees');
  await ines.say('hello');
  await expect(owner.message('hello')).toBeVisible();
  await expect(owner.log).toContainText(/2 messages from .{0,1}Rowan.{0,1}, whom you ignore/);
  await expect(ines.message('really, bees')).toBeVisible();
  await owner.expectAccessible('somebody ignored');

  await owner.page.reload();
  await owner.expectLive();
  await expect(owner.log).toContainText(/2 messages from .{0,1}Rowan.{0,1}, whom you ignore/);
  await owner.log.getByRole('button', { name: 'Stop ignoring' }).click();
  await owner.expectTalk(['buy my bees', 'really, bees', 'hello']);
});

test('in a public room links of newcomers are text, and a guest reports it', async ({ newFront, newGuest }) => {
  const owner = await (await newFront()).makePublicRoom('Bees');
  const guest = await (await newGuest(owner.link)).join('Rowan');
  await owner.expectLive();
  await guest.say('see https://bees.example/buy now');
  await expect(owner.message('see https://bees.example/buy now')).toBeVisible();
  await expect(owner.log.getByRole('link')).toHaveCount(0);
  await expect(guest.log.getByRole('link')).toHaveCount(1);

  await owner.openMenu();
  await expect(owner.menuItem('Report this room')).toHaveCount(0);
  await owner.page.keyboard.press('Escape');
  await guest.openMenu();
  await guest.menuItem('Report this room').click();
  await guest.dialog.getByRole('textbox', { name: 'What’s wrong?' }).fill('Too many bees');
  await guest.expectAccessible('a report');
  const sent = guest.page.waitForRequest((request) => new URL(request.url()).pathname === '/api/reports');
  await guest.dialog.getByRole('button', { name: 'Report', exact: true }).click();
  expect((await sent).postDataJSON()).toEqual({ reason: 'Too many bees' });
  await expect(guest.dialog).toContainText('Your report was sent.');
});

test('who was removed from a public room is not let in again, and the door says so', async ({
  newFront,
  newGuest,
  newPerson,
}) => {
  const owner = await (await newFront()).makePublicRoom('Bees');
  const guest = await (await newGuest(owner.link)).join('Rowan');
  await owner.expectLive();
  await owner.askToRemove('Rowan');
  await expect(owner.dialog).toContainText('can’t come back from the same address');
  await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  const ended = new EndedScreen(guest.page);
  await expect(ended.heading).toHaveText('You were removed');
  await expect(ended.button('Join again')).toHaveCount(0);

  // From the same address.
  const door = new DoorScreen(await newPerson());
  await door.page.goto(owner.link);
  await door.expectAtTheDoor();
  await door.name.fill('Nobody');
  await door.joinButton.click();
  await expect(door.closed).toContainText('The owner doesn’t let you into this room.');
  await expect(door.button(/^Ask again/)).toHaveCount(0);
  await door.expectAccessible('refused');
});
