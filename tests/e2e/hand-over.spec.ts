import { EndedScreen } from './support/ended-screen';
import { handOver } from './support/steering';
import { expect, test } from './support/visits';

// The browser logs a line of its own about every error response.
test.use({ expectedErrors: [/Failed to load resource: the server responded with a status of 40[134]/] });

test('an owner makes somebody else the owner, who steers the room from then on, its key included', async ({
  newCompany,
}) => {
  const { owner, rowan, ines } = await newCompany();
  const link = owner.link;
  await owner.details('Rowan').click();
  await expect(owner.dialog.getByRole('button', { name: 'Make \u2068Rowan\u2069 the owner' })).toBeVisible();
  await owner.expectAccessible('details of a person, as the owner');
  await owner.page.keyboard.press('Escape');
  await handOver(owner, 'Rowan');

  await expect(rowan.message('You own the room now')).toBeVisible();
  for (const screen of [owner, ines]) {
    await screen.expectNotice('Rowan', 'owns the room now');
    await expect(screen.person('Rowan')).toContainText('Owner');
  }
  await expect(owner.people.getByRole('button', { name: /^Remove / })).toHaveCount(0);
  await owner.openMenu();
  for (const name of ['Lock the room', 'Slow mode', 'End room for everyone'])
    await expect(owner.menuItem(name)).toHaveCount(0);
  await owner.page.keyboard.press('Escape');

  // The page of the former owner takes the new owner's key.
  await rowan.remove('Inês');
  await expect(new EndedScreen(ines.page).heading).toHaveText('You were removed');
  await owner.expectNewLink(link);
  await owner.say('under the new key');
  await expect(rowan.message('under the new key')).toBeVisible();
  await rowan.page.reload();
  await expect(rowan.person('Rowan')).toContainText('Owner');
});

test('guests are offered no owner’s room while the owner is here', async ({ newTalk }) => {
  const { guest, owner } = await newTalk();
  await guest.people.getByRole('listitem').filter({ hasText: 'Owner' }).getByRole('button').first().click();
  await expect(guest.dialog.getByRole('listitem')).toHaveCount(6);
  await expect(guest.dialog.getByRole('button', { name: /the owner$/ })).toHaveCount(0);
  await expect(guest.page.getByRole('button', { name: 'Take the room over' })).toHaveCount(0);
  await expect(owner.person('Rowan')).toContainText('Here');
});
