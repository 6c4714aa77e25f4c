import { notesPlayed, notified, recordAttention, setHidden, iconsOf } from './support/attention';
import { DoorScreen } from './support/door-screen';
import { inputMethodOf } from './support/input-method';
import { InsideScreen } from './support/inside-screen';
import { scrollBy } from './support/long-talk';
import { OpenMember } from './support/open-member';
import { openPlainRoom } from './support/room-api';
import { expect, test } from './support/visits';

const TONE_NOTES = 2;

test('an @ offers the people, the mouse or the keyboard chooses, and the message stands out for the one who is meant', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk();
  const sage = await (await newGuest(link)).join('Sage of the Hills');
  await sage.expectLive();
  await owner.type('ask @');
  await expect(owner.mentionOptions).toHaveCount(2);
  await owner.expectAccessible('a list of people to mention');
  await owner.mentionOptions.filter({ hasText: 'Rowan' }).click();
  await expect(owner.composer).toHaveValue('ask @Rowan ');
  await expect(owner.composer).toBeFocused();
  await owner.type('ask @');
  await owner.composer.pressSequentially('hil');
  await expect(owner.mentionOptions).toContainText(['Sage of the Hills']);
  await owner.composer.press('Enter');
  await expect(owner.composer).toHaveValue('ask @Sage of the Hills ');
  await expect(owner.mentionList).toHaveCount(0);
  await owner.composer.pressSequentially('or @');
  await owner.composer.press('ArrowDown');
  await owner.composer.press('ArrowUp');
  await expect(owner.mentionOptions.first()).toHaveAttribute('aria-selected', 'true');
  await owner.composer.press('Escape');
  await expect(owner.mentionList).toHaveCount(0);
  await owner.composer.press('Backspace');
  await owner.composer.pressSequentially('@');
  await owner.composer.press('Tab');
  await expect(owner.composer).toBeFocused();
  await owner.composer.fill('ask @Sage of the Hills');
  await owner.composer.press('Escape');
  await owner.composer.press('Enter');

  await expect(sage.message('Mentions you.')).toHaveCount(1);
  await expect(guest.message('ask @Sage')).toBeVisible();
  await expect(guest.message('Mentions you.')).toHaveCount(0);
  await sage.expectAccessible('a room with a message that mentions one');
});

test('a finger chooses a name', async ({ newTalk }) => {
  const phone = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };
  const { owner, guest } = await newTalk({ browser: phone });
  await owner.type('@');
  await owner.mentionOptions.tap();
  await expect(owner.composer).toHaveValue('@Rowan ');
  await expect(owner.composer).toBeFocused();
  await owner.composer.pressSequentially('hi');
  await owner.send.tap();
  await expect(guest.message('Mentions you.')).toHaveCount(1);
});

test('an input method never chooses a name', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  await (await newGuest(owner.link)).join('ろびん');
  await expect(owner.person('ろびん')).toBeVisible();
  await owner.type('@');
  await expect(owner.mentionOptions).toHaveCount(1);
  await expect(owner.mentionOptions.first()).toHaveAttribute('aria-selected', 'true');
  const input = await inputMethodOf(owner.page);
  // The one that it chooses by keys of its own.
  for (const key of ['ArrowDown', 'ArrowUp', 'Tab', 'Escape', 'Enter']) {
    await input.compose('ろ');
    await input.press(key);
    await expect(owner.composer).toHaveValue('@ろ');
    await expect(owner.mentionOptions).toHaveCount(1);
    await expect(owner.mentionOptions.first()).toHaveAttribute('aria-selected', 'true');
  }
  await input.finish('ろ');
  await expect(owner.mentionOptions).toHaveCount(1);
  await owner.composer.press('Enter');
  await expect(owner.composer).toHaveValue('@ろびん ');
});

test('in a plain room the names in the words speak to people', async ({ newPerson, newGuest }) => {
  const owner = new InsideScreen(await newPerson());
  await owner.page.goto('/');
  await owner.page.goto(await openPlainRoom(owner.page));
  await owner.expectLive();
  const rowan = await (await newGuest(owner.link)).join('Rowan');
  const second = await (await newGuest(owner.link)).join('rowan');
  await second.expectLive();
  // Whoever is here stands first in the list.
  await expect(owner.people.getByText('Here', { exact: true })).toHaveCount(3);
  await owner.type('@row');
  await expect(owner.mentionOptions).toHaveCount(2);
  await owner.composer.press('ArrowDown');
  await owner.composer.press('Enter');
  await expect(owner.composer).toHaveValue('@rowan · 2 ');
  await owner.composer.press('Enter');
  await expect(second.message('Mentions you.')).toHaveCount(1);
  await expect(rowan.message('@rowan · 2')).toBeVisible();
  await expect(rowan.message('Mentions you.')).toHaveCount(0);
});

test('what is for oneself counts apart, and rings by its own switch', async ({ newOwner, newPerson }) => {
  const owner = await newOwner();
  const door = new DoorScreen(await newPerson());
  await recordAttention(door.page, 'granted');
  await door.page.goto(owner.link);
  const rowan = await door.join('Rowan');
  await rowan.expectLive();
  const ann = await OpenMember.join(owner.link, 'Ann');
  await rowan.openMenu();
  await rowan.switch('Sound when it’s for you').click();
  await rowan.switch('Notify me').click();
  await expect(rowan.switch('Notify me')).toBeChecked();
  await rowan.page.keyboard.press('Escape');
  await expect.poll(() => notesPlayed(rowan.page)).toBe(TONE_NOTES);
  await rowan.say('tea?');

  await setHidden(rowan.page, true);
  const asked = await ann.read('tea?');
  await ann.say('everybody');
  await expect(rowan.page).toHaveTitle('(1) Mayfly');
  await expect.poll(() => notified(rowan.page)).toMatchObject([{ title: 'New message in a Mayfly room' }]);
  expect(await notesPlayed(rowan.page)).toBe(TONE_NOTES);
  const [unread] = await iconsOf(rowan.page);

  await setHidden(rowan.page, false);
  await setHidden(rowan.page, true);
  ann.session.reply({ id: asked.id, by: asked.memberId }, 'yes');
  await expect(rowan.page).toHaveTitle('(1 for you) Mayfly');
  await ann.say('so');
  await expect(rowan.page).toHaveTitle('(1 for you of 2) Mayfly');
  const [forYou] = await iconsOf(rowan.page);
  expect(forYou).not.toBe(unread);
});

test('a toast leads a reader who is further up to what is for them', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  for (let count = 1; count <= 30; count += 1) await owner.say(`line ${count}.`);
  await expect(guest.message('line 30.')).toBeInViewport();
  await scrollBy(guest, -600);
  await owner.say('for everybody');
  await expect(guest.newMessages).toBeVisible();
  await expect(guest.toast).toHaveCount(0);
  await owner.say('@Rowan and you?');
  await owner.say('@Rowan really');
  for (let count = 31; count <= 45; count += 1) await owner.say(`line ${count}.`);
  await expect(guest.toast).toContainText('mentioned you, and 1 more for you');
  await guest.expectAccessible('a room with a toast');
  await guest.toast.click();
  await expect(guest.message('@Rowan really')).toBeInViewport();
  await expect(guest.toast).toHaveCount(0);

  await scrollBy(guest, -900);
  await owner.say('@Rowan once more');
  await expect(guest.toast).toContainText('mentioned you');
  await guest.button('Dismiss').click();
  await expect(guest.toast).toHaveCount(0);
});
