import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { Spoken } from './support/spoken';
import { expect, test } from './support/visits';

/** What the person hears who makes the room and ends it. */
const OWNER_HEARS: readonly string[] = [
  'page: Mayfly: chat rooms that leave no trace',
  'focus: button “Make a room”',
  'page: Room · Mayfly',
  'focus: text field “Message” (Enter sends. Shift+Enter starts a new line.)',
  'says: Rowan joined',
  'says: Rowan: Is anybody here?',
  'says: Rowan left',
  'focus: button “Menu”',
  'focus: button “End room for everyone…”',
  'focus: button “Menu”',
  'focus: heading “End the room for everyone?”',
  'focus: button “Cancel”',
  'focus: button “End room”',
  'focus: heading “It’s gone. Less than a minute, 2 people, nothing kept.”',
  'interrupts: Room ended · Mayfly',
];

/** What the guest hears, who loses the line for a while and leaves. */
const GUEST_HEARS: readonly string[] = [
  'page: Room · Mayfly',
  'focus: text field “Your name”',
  'focus: button “Join”',
  'focus: text field “Message” (Enter sends. Shift+Enter starts a new line.)',
  'says: You joined the chat as Rowan.',
  'says: <owner>: I am. Hello!',
  'says: Offline',
  'says: Connected again',
  'says: <owner>: Welcome back.',
  'focus: button “Menu”',
  'focus: button “Leave Your seat is free again.”',
  'focus: button “Menu”',
  'focus: heading “You left the room”',
];

/** Of an author who kept the name that was suggested. */
const MADE_UP_NAME = /(?<=^says: )[A-Z][a-z]+ [A-Z][a-z]+(?=: )/g;

/** Where the last attempt was a second ago when the network is back, a page says that it tries again; a fresher one is left to succeed. */
const TRYING_AGAIN = 'says: Reconnecting…';

test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

test('a screen reader reads a whole visit of two people sensibly: each thing once, and in its order', async ({
  newPerson,
}) => {
  const ownerPage = await newPerson();
  const guestPage = await newPerson();
  const ofOwner = await Spoken.to(ownerPage);
  const ofGuest = await Spoken.to(guestPage);

  const owner = await (await new FrontScreen(ownerPage).open()).makeRoom();
  await owner.expectLive();
  await expect(owner.composer).toBeFocused();

  await guestPage.goto(owner.link);
  const door = new DoorScreen(guestPage);
  await door.expectAtTheDoor();
  const guest = await door.join('Rowan');
  await guest.expectLive();
  const ownerHears = () => ofOwner.lines();
  const guestHears = () => ofGuest.lines([[MADE_UP_NAME, '<owner>']]).filter((line) => line !== TRYING_AGAIN);
  await expect.poll(ownerHears).toContainEqual(expect.stringMatching(/^says: Rowan joined/));

  await guest.say('Is anybody here?');
  await expect.poll(ownerHears).toContainEqual(expect.stringMatching(/Is anybody here/));
  await owner.say('I am. Hello!');
  await expect.poll(guestHears).toContainEqual(expect.stringMatching(/I am\. Hello/));

  await guestPage.context().setOffline(true);
  await expect.poll(guestHears).toContainEqual(expect.stringMatching(/^says: Offline/));
  await guestPage.context().setOffline(false);
  await guest.expectLive();
  await owner.say('Welcome back.');
  await expect.poll(guestHears).toContainEqual(expect.stringMatching(/Welcome back/));

  await guest.leave();
  await expect.poll(ownerHears).toContainEqual(expect.stringMatching(/^says: Rowan left/));
  await (await owner.askToDestroy()).confirm.click();
  await expect(new EndedScreen(ownerPage).heading).toBeFocused();

  // Titles are announced a moment after the screen has changed.
  await expect.poll(ownerHears).toEqual(OWNER_HEARS);
  await expect.poll(guestHears).toEqual(GUEST_HEARS);
});
