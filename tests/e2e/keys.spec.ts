import type { Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import { EndedScreen } from './support/ended-screen';
import { InsideScreen } from './support/inside-screen';
import { readRoom } from './support/room-api';
import { expect, test } from './support/visits';

// The browser logs a line of its own about every error response, and about every request that the test cuts.
test.use({
  expectedErrors: [/Failed to load resource: (the server responded with a status of 40[1349]|net::ERR_FAILED)/],
});

const REPLACED = 'This link was replaced';

/** What a browser does when somebody clears its storage: the cookie with the credential stays. */
const clearKeys = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('mayfly');
        opening.onerror = () => reject(opening.error ?? new Error('The database does not open.'));
        opening.onsuccess = () => {
          const clearing = opening.result.transaction('identities', 'readwrite');
          clearing.objectStore('identities').clear();
          clearing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
  );

/** As in the private windows of some browsers. */
const withoutStorage = (page: Page) =>
  page.addInitScript(() => {
    const get = () => {
      throw new DOMException('Refused by the test.', 'SecurityError');
    };
    Object.defineProperty(window, 'indexedDB', { get });
  });

test('removing somebody leaves them with a link that opens nothing, and everybody else goes on by a new one', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk();
  const third = await (await newGuest(link)).join('Linnet');
  await third.expectLive();
  await owner.say('while Rowan was here');
  await expect(third.message('while Rowan was here')).toBeVisible();

  await owner.askToRemove('Rowan');
  await expect(owner.dialog).toContainText('can’t come back by the old link');
  await expect(owner.dialog.getByRole('button', { name: 'Remove and lock' })).toHaveCount(0);
  await owner.dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(new EndedScreen(guest.page).heading).toHaveText('You were removed');
  await third.expectNewLink(link);
  await expect.poll(() => owner.link).toBe(third.link);
  await third.expectNotice('Rowan', 'was removed');
  await expect(third.message('renewed the link. Compare the safety phrase again')).toBeVisible();
  await third.say('without Rowan');
  await owner.expectTalk(['while Rowan was here', 'without Rowan']);

  await guest.page.goto(link);
  const door = new DoorScreen(guest.page);
  await expect(door.heading).toHaveText(REPLACED);
  await expect(door.joinButton).toHaveCount(0);
  await door.expectAccessible('a replaced link');
  expect((await readRoom(link)).members).toBe(2);

  // The new link opens what was said before it, too.
  const late = await (await newGuest(owner.link)).join('Wren');
  await late.expectTalk(['while Rowan was here', 'without Rowan']);
});

test('a new link is everywhere at once: in the address bars, at the copy button, in the phrase; and at the door', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk({
    browser: { permissions: ['clipboard-read', 'clipboard-write'] },
  });
  const atTheDoor = await newGuest(link);
  // Until it joins, this door does not hear of the new link by itself.
  await atTheDoor.page.route('**/api/room?*', (route) => route.abort());
  const phrase = await owner.readPhrase();
  await owner.renewLink();
  await guest.expectNewLink(link);
  expect(guest.link).toBe(owner.link);
  await expect(owner.message('You renewed the link.')).toBeVisible();
  await expect(guest.message('renewed the link.')).toBeVisible();
  expect((await readRoom(link)).members).toBe(2);

  await guest.invite.click();
  await guest.copyLink.click();
  await expect.poll(() => guest.page.evaluate(() => navigator.clipboard.readText())).toBe(owner.link);
  await guest.page.keyboard.press('Escape');
  const renewed = await owner.readPhrase();
  expect(renewed).not.toEqual(phrase);
  expect(await guest.readPhrase()).toEqual(renewed);

  await atTheDoor.page.unrouteAll();
  await atTheDoor.joinButton.click();
  await expect(atTheDoor.heading).toHaveText(REPLACED);
  await atTheDoor.page.goto(owner.link);
  const late = await atTheDoor.join('Linnet');
  await late.say('by the new link');
  for (const person of [owner, guest]) await expect(person.message('by the new link')).toBeVisible();
});

test('a member who was away finds the way to the new key, also from the old link', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  await guest.page.goto('about:blank');
  await owner.renewLink();
  await owner.say('under the new key');
  await guest.page.goto(link);
  await expect(guest.message('under the new key')).toBeVisible();
  await guest.expectNewLink(link);
  expect(guest.link).toBe(owner.link);
  await guest.say('heard');
  await expect(owner.message('heard')).toBeVisible();
});

test('two people see the same words for each of them, and Escape leads back to the list', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.details('Rowan').focus();
  await owner.page.keyboard.press('Enter');
  await expect(owner.dialog.getByRole('listitem')).toHaveCount(6);
  await owner.expectAccessible('the details of a person');
  await owner.page.keyboard.press('Escape');
  await expect(owner.details('Rowan')).toBeFocused();

  const rowan = await owner.readMark('Rowan');
  expect(await guest.readMark('Rowan')).toEqual(rowan);
  const name = await guest.people.getByRole('button', { name: /Owner/ }).locator('bdi').innerText();
  const maker = await guest.readMark(name);
  expect(await owner.readMark(name)).toEqual(maker);
  expect(maker).not.toEqual(rowan);
});

test('a second tab and a reload keep the seat and its keys', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  const mark = await owner.readMark('Rowan');
  const second = new InsideScreen(await guest.page.context().newPage());
  await second.page.goto(link);
  await second.expectLive();
  await second.say('from the second tab');
  await guest.page.reload();
  await guest.expectLive();
  await guest.say('after the reload');
  await owner.expectTalk(['from the second tab', 'after the reload']);
  for (const person of [owner, guest, second]) expect(await person.readMark('Rowan')).toEqual(mark);
  expect((await readRoom(link)).members).toBe(2);

  await owner.renewLink();
  for (const tab of [guest, second]) {
    await tab.expectNewLink(link);
    expect(tab.link).toBe(owner.link);
  }
});

test('a browser whose storage was cleared gets new keys for its seat, which nobody overlooks', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  await guest.say('by the old keys');
  await expect(owner.message('by the old keys')).toBeVisible();
  const mark = await owner.readMark('Rowan');
  await clearKeys(guest.page);
  await guest.page.reload();
  await guest.say('by the new keys');
  await owner.expectTalk(['by the old keys', 'by the new keys']);
  await expect(owner.message('keys changed')).toBeVisible();
  await expect(owner.people.getByRole('listitem')).toHaveCount(2);
  expect(await owner.readMark('Rowan')).not.toEqual(mark);
  expect((await readRoom(link)).members).toBe(2);
});

test('a browser that stores no keys says what a reload costs, and then makes new ones', async ({
  newOwner,
  newPerson,
}) => {
  const owner = await newOwner();
  const page = await newPerson();
  await withoutStorage(page);
  await page.goto(owner.link);
  const guest = await new DoorScreen(page).join('Rowan');
  await expect(page.getByText('Your keys are not stored here')).toBeVisible();
  await guest.expectAccessible('keys in memory only');
  await guest.say('once');
  // Until it is sent, a text goes with the keys.
  await expect(owner.message('once')).toBeVisible();
  await page.reload();
  await guest.say('twice');
  await owner.expectTalk(['once', 'twice']);
  await expect(owner.message('keys changed')).toBeVisible();
  await expect(owner.page.getByText('Your keys are not stored here')).toHaveCount(0);
});

test('a page whose server names another key sends nothing, says so, and goes on once that is over', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  // The first look is the truth, or the link would not open the room.
  let looks = 0;
  await guest.page.route('**/api/room?*', async (route) => {
    if (route.request().method() !== 'GET' || (looks += 1) === 1) return route.fallback();
    const response = await route.fetch();
    const room = (await response.json()) as object;
    return route.fulfill({ response, json: { ...room, keyCheck: 'A'.repeat(11) } });
  });
  await guest.page.reload();
  const refused = guest.page.getByRole('main').getByRole('alert');
  await expect(refused).toContainText('Nothing is sent from this page');
  await expect(refused).toContainText('Ask the others in another way');
  await guest.composer.fill('not now');
  await guest.composer.press('Enter');
  await expect(guest.composer).toHaveValue('not now');
  await expect(guest.draftNote).toHaveText('Nothing is sent while the key of the room is in doubt.');
  await guest.expectAccessible('a key that is not taken');

  await guest.page.unrouteAll();
  await guest.page.reload();
  await guest.say('now');
  await owner.expectTalk(['now']);
});
