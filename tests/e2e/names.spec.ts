import type { InsideScreen } from './support/inside-screen';
import { openRoom } from './support/program-seat';
import { expect, test } from './support/visits';

/** The colours of people in the list, by the words in their rows. */
const tints = ({ people }: InsideScreen) =>
  people
    .getByRole('listitem')
    .evaluateAll((rows) =>
      rows.map((row) => `${row.querySelector('bdi')?.parentElement?.textContent}: ${row.dataset.tint}`),
    );

test('the second member with a name has a mark everywhere, and everybody keeps name and colour on every screen and after a reload', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk();
  const second = await (await newGuest(link)).join('ROWAN');
  await second.say('said by the second');
  await guest.say('said by the first');
  for (const screen of [owner, guest]) {
    await screen.expectNotice('ROWAN', '· 2 joined');
    await expect(screen.person('· 2')).toContainText('ROWAN · 2');
  }
  const group = (text: string) => owner.log.getByRole('listitem').filter({ hasText: text });
  await expect(group('said by the second')).toContainText('ROWAN · 2');
  await expect(group('said by the first')).not.toContainText('· 2');
  await expect(owner.people.getByRole('button', { name: 'Remove \u2068ROWAN\u2069 · 2' })).toBeVisible();

  const seen = await tints(owner);
  expect(new Set(seen.map((row) => row.split(': ')[1])).size).toBe(3);
  await expect.poll(() => tints(guest)).toEqual(seen);
  await owner.page.reload();
  await expect(owner.person('· 2')).toContainText('ROWAN · 2');
  await expect.poll(() => tints(owner)).toEqual(seen);
  await expect(group('said by the second')).toContainText('ROWAN · 2');
});

test('a message under another name is shown under its sender’s own, with a notice about it', async ({
  newGuest,
  server,
}) => {
  const program = await openRoom(server.url);
  await program.ask('PATCH', `/api/members?roomId=${program.roomId}`, { name: 'Mal' });
  const guest = await (await newGuest(`${server.url}/room/${program.roomId}`)).join('Rowan');
  await guest.expectLive();
  await program.say('honestly', 'Mal');
  await program.say('I am Rowan', 'Rowan');
  const group = guest.log.getByRole('listitem').filter({ hasText: 'I am Rowan' });
  await expect(group).toContainText('Mal');
  await expect(group).not.toContainText('Rowan:');
  await guest.expectNotice('Mal', 'sent a message under another name: \u2068Rowan\u2069');
  await program.ask('PATCH', `/api/members?roomId=${program.roomId}`, { name: 'Rowan' });
  await guest.expectNotice('Mal', 'is now called \u2068Rowan\u2069 · 2');
  await expect(group).toContainText('Rowan · 2');
});

test('a name that nobody could read is refused, and the form says why', async ({ newTalk }) => {
  const { guest } = await newTalk();
  await guest.people.getByRole('button', { name: 'Change your name' }).click();
  const field = guest.people.getByRole('textbox', { name: 'Your name' });
  const save = guest.people.getByRole('button', { name: 'Save' });
  for (const [name, why] of [
    ['\u3164', 'Choose a name first.'],
    ['Ro\u202ebin', /can’t contain .* invisible characters/],
  ] as const) {
    await field.fill(name);
    await expect(field).toHaveAccessibleDescription(why);
    await expect(save).toBeDisabled();
  }
  await field.fill('علی\u200cرضا');
  await save.click();
  await expect(guest.person('علی\u200cرضا')).toBeVisible();
});
