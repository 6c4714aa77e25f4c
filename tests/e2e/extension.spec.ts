import { setHidden } from './support/attention';
import { UNTIL_NEAR } from './support/last-words';
import { readRoom } from './support/room-api';
import { extensionOf, propose } from './support/steering';
import { expect, test } from './support/visits';

const OLD_END = { timeout: 70_000 };

test('near the end the page offers ten minutes more, and the room lasts longer once all three have agreed', async ({
  newTalk,
  newGuest,
}) => {
  test.setTimeout(150_000);
  const { owner, guest: rowan, link } = await newTalk({ minutes: '1 minute' });
  const ines = await (await newGuest(link)).join('Inês');
  await ines.expectLive();
  const { expiresAt } = await readRoom(link);
  await expect(extensionOf(rowan).offer).toHaveCount(0);
  await expect(extensionOf(rowan).offer).toBeVisible(UNTIL_NEAR);

  await rowan.composer.fill('half a sent');
  await extensionOf(rowan).offer.focus();
  await rowan.page.keyboard.press('Enter');
  await expect(extensionOf(rowan).proposedByOneself).toBeVisible();
  await expect(rowan.composer).toBeFocused();
  await expect(extensionOf(owner).proposedBy('Rowan')).toBeVisible();
  await expect(extensionOf(owner).answers).toHaveText(
    'Agreed: \u2068Rowan\u2069. Waiting for you and \u2068Inês\u2069.',
  );
  await owner.expectAccessible('ten minutes more, proposed');
  await owner.page.setViewportSize({ width: 320, height: 640 });
  await owner.expectFitsWidth();
  await extensionOf(owner).agree.click();
  await expect(extensionOf(rowan).answers).toHaveText(/^Agreed: you and .*\. Waiting for \u2068Inês\u2069\.$/);
  expect((await readRoom(link)).expiresAt).toBe(expiresAt);

  await extensionOf(ines).agree.click();
  for (const screen of [owner, rowan, ines]) {
    await expect(extensionOf(screen).granted).toBeVisible();
    await expect(extensionOf(screen).answers).toHaveCount(0);
    // Ten minutes and what was left of the old time, which may have run down before the third look.
    await expect(screen.countdown).toHaveText(/^(10|09):\d\d$/);
  }
  expect((await readRoom(link)).expiresAt).toBe(expiresAt + 600_000);
  await expect(rowan.composer).toHaveValue('half a sent');

  // Past the old end the room, its cookies and the keys of its members are still there.
  await expect.poll(() => Date.now(), OLD_END).toBeGreaterThan(expiresAt + 2_000);
  await ines.page.reload();
  await ines.expectLive();
  await ines.say('still here');
  await expect(rowan.message('still here')).toBeVisible();
  await rowan.page.reload();
  await expect(rowan.composer).toHaveValue('half a sent');
});

test('one who would rather not ends the proposal for everybody', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  const { expiresAt } = await readRoom(link);
  await setHidden(guest.page, true);
  await propose(owner);
  await expect(guest.page).toHaveTitle('Waiting for your answer · Mayfly');
  await setHidden(guest.page, false);
  await expect(extensionOf(guest).agree).toBeVisible();
  await guest.page.setViewportSize({ width: 320, height: 640 });
  await guest.expectFitsWidth();
  await extensionOf(guest).notNow.click();
  for (const screen of [owner, guest]) {
    await expect(extensionOf(screen).notGranted).toBeVisible();
    await expect(extensionOf(screen).answers).toHaveCount(0);
  }
  expect((await readRoom(link)).expiresAt).toBe(expiresAt);

  // It may be proposed again, and be withdrawn.
  await propose(guest);
  await expect(extensionOf(owner).proposedBy('Rowan')).toBeVisible();
  await extensionOf(guest).withdraw.click();
  await expect(extensionOf(owner).answers).toHaveCount(0);
});

test('somebody who has not answered and leaves is no longer waited for', async ({ newCompany }) => {
  const { owner, rowan, ines } = await newCompany();
  await propose(owner);
  await extensionOf(rowan).agree.click();
  await expect(extensionOf(owner).answers).toHaveText(/Waiting for \u2068Inês\u2069\.$/);
  await ines.leave();
  for (const screen of [owner, rowan]) await expect(extensionOf(screen).granted).toBeVisible({ timeout: 15_000 });
});
