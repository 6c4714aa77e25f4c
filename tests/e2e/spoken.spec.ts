import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { FrontScreen } from './support/front-screen';
import { Spoken } from './support/spoken';
import { expect, test } from './support/visits';

/** What the person hears who makes the room and ends it. */
const OWNER_HEARS: readonly string[] = [];

/** What the guest hears, who loses the line for a while and leaves. */
const GUEST_HEARS: readonly string[] = [];

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
  const ownerName = await owner.people.getByRole('listitem').first().innerText();

  await guestPage.goto(owner.link);
  const door = new DoorScreen(guestPage);
  await door.expectAtTheDoor();
  const suggested = await door.name.inputValue();
  const guest = await door.join('Rowan');
  await guest.expectLive();
  const names = [
    [ownerName.split('\n')[0] ?? ownerName, '<owner>'],
    [suggested, '<suggested name>'],
  ] as const;
  const ownerHears = () => ofOwner.lines(names);
  const guestHears = () => ofGuest.lines(names);
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

  expect(ownerHears()).toEqual(OWNER_HEARS);
  expect(guestHears()).toEqual(GUEST_HEARS);
});
