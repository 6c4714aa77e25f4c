import { inputMethodOf } from './support/input-method';
import { expect, test } from './support/visits';

test('arrow-up edits one’s last message, Escape lets go of it, and the draft is back', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await guest.say('theirs');
  await expect(owner.message('theirs')).toBeVisible();
  await owner.say('first');
  await owner.say('secnd');
  await expect(guest.message('secnd')).toBeVisible();
  await owner.expectStored('secnd');
  await owner.composer.press('ArrowUp');
  await expect(owner.editing).toBeVisible();
  await expect(owner.composer).toHaveValue('secnd');
  await owner.expectAccessible('a room with a message that is edited');
  await owner.composer.press('Escape');
  await expect(owner.editing).toBeHidden();
  await expect(owner.composer).toHaveValue('');

  await owner.composer.press('ArrowUp');
  await owner.composer.fill('second');
  await owner.composer.press('Enter');
  await expect(owner.editing).toBeHidden();
  await expect(owner.composer).toHaveValue('');
  await guest.expectTalk(['theirs', 'first', 'second']);
  await expect(guest.message('secnd')).toHaveCount(0);
  await expect(guest.log.getByText('edited', { exact: true })).toBeVisible();

  // With something in the field, the key is the field's own; and an empty edit is no way to take a message back.
  await owner.composer.fill('a draft');
  await owner.composer.press('ArrowUp');
  await expect(owner.editing).toBeHidden();
  await owner.composer.fill('');
  await owner.composer.press('ArrowUp');
  await owner.composer.fill('');
  await owner.composer.press('Enter');
  await expect(owner.draftNote).toHaveText('Nothing is left to save. To delete the message, take it back.');
  await expect(owner.editing).toBeVisible();
});

test('an edit outlives a reload of the page, and its draft as well', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('helo');
  await expect(guest.message('helo')).toBeVisible();
  await owner.expectStored('helo');
  await owner.composer.press('ArrowUp');
  await expect.poll(() => owner.keptDraft()).not.toBe('');
  const begun = await owner.keptDraft();
  await owner.composer.fill('hello');
  await expect.poll(() => owner.keptDraft()).not.toBe(begun);
  await owner.page.reload();
  await owner.expectLive();
  await expect(owner.editing).toBeVisible();
  await expect(owner.composer).toHaveValue('hello');
  await owner.saveEdit.click();
  await guest.expectTalk(['hello']);
  await expect(owner.composer).toHaveValue('');
});

test('/clear empties one’s own screen alone, until it is shown again', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await guest.say('before');
  await expect(owner.message('before')).toBeVisible();
  await owner.say('/clear');
  await expect(owner.message('before')).toHaveCount(0);
  await expect(owner.message('Cleared for you.')).toBeVisible();
  await expect(guest.message('before')).toBeVisible();
  await guest.say('after');
  await owner.expectTalk(['after']);
  await owner.expectAccessible('a room with a screen that was cleared');
  await owner.button('Show again').click();
  await owner.expectTalk(['before', 'after']);
  await expect(owner.message('Cleared for you.')).toHaveCount(0);
  await expect(guest.message('/clear')).toHaveCount(0);
});

test('the keys are shown by /help, by ? where nothing is typed, and from the menu', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const expectHelp = async () => {
    await expect(owner.dialog.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeFocused();
    await owner.expectAccessible('the keys');
    await owner.page.keyboard.press('Escape');
    await expect(owner.dialog).toHaveCount(0);
  };
  await owner.say('/help');
  await expectHelp();
  await expect(owner.composer).toBeFocused();
  await owner.log.focus();
  await owner.page.keyboard.press('?');
  await expectHelp();
  await expect(owner.log).toBeFocused();
  await owner.openMenu();
  await owner.menuItem('Keyboard shortcuts').click();
  await expectHelp();

  // In the field it is a character like all others.
  await owner.type('what?');
  await owner.composer.press('Enter');
  await guest.expectTalk(['what?']);
});

test('a text that only looks like a command is sent after one question', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const question = owner.page.getByText('isn’t a command. Send it as a message?');
  // What asks comes with the list of people, once the page stands; until then such a text is sent as it is.
  await owner.type('@');
  await expect(owner.mentionOptions).toHaveCount(1);
  await owner.composer.fill('/etc/hosts has it');
  await owner.composer.press('Enter');
  await expect(question).toContainText('/etc/hosts');
  await expect(owner.composer).toBeFocused();
  await owner.expectAccessible('a question about a command');
  await owner.button('Edit').click();
  await expect(question).toHaveCount(0);
  await expect(owner.composer).toHaveValue('/etc/hosts has it');

  await owner.composer.press('Enter');
  await expect(question).toBeVisible();
  await owner.composer.press('Escape');
  await expect(question).toHaveCount(0);
  await owner.composer.press('Enter');
  await owner.composer.press('Enter');
  await guest.expectTalk(['/etc/hosts has it']);
  await expect(question).toHaveCount(0);

  await owner.composer.fill('/shrug');
  await owner.send.click();
  await owner.button('Send it').click();
  await owner.say('//two');
  await owner.say(' /three');
  await guest.expectTalk(['/etc/hosts has it', '/shrug', '//two', '/three']);
});

test('a browser that draws late loses no letter of what is typed', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  await (await newGuest(owner.link)).join('Rowan');
  await expect(owner.person('Rowan')).toBeVisible();
  await owner.type('@');
  await expect(owner.mentionOptions).toHaveCount(1);
  // What React puts off until after an event comes after all the letters.
  await owner.page.evaluate((delayMs) => {
    const ports = MessagePort.prototype;
    const post = Reflect.get(ports, 'postMessage') as (...message: unknown[]) => void;
    const later = { apply: (...call: Parameters<typeof Reflect.apply>) => setTimeout(Reflect.apply, delayMs, ...call) };
    Reflect.set(ports, 'postMessage', new Proxy(post, later));
  }, 2_000);
  await owner.type('@row');
  await expect(owner.composer).toHaveValue('@row');
  await expect(owner.mentionOptions).toHaveCount(1);
});

test('the field grows to eight lines, and is scrolled from there on', async ({ newTalk }) => {
  const { owner } = await newTalk();
  const heightOf = async (lines: number) => {
    await owner.composer.fill(Array.from({ length: lines }, (_, index) => `line ${index}`).join('\n'));
    return owner.composer.evaluate((field) => field.parentElement?.clientHeight ?? 0);
  };
  const [one, two, eight, nine] = [await heightOf(1), await heightOf(2), await heightOf(8), await heightOf(9)];
  expect(eight - one).toBe(7 * (two - one));
  expect(nine).toBe(eight);
});

test('an input method has its keys to itself while it composes: nothing is sent, edited, opened or let go of', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('first');
  await owner.expectStored('first');
  await owner.composer.focus();
  const input = await inputMethodOf(owner.page);
  // Safari ends the composition before it reports the key.
  await input.press('ArrowUp');
  await expect(owner.editing).toBeHidden();
  for (const key of ['Enter', 'ArrowUp', 'Escape', '@', '?']) {
    await input.compose('に');
    await input.press(key);
    await expect(owner.composer).toHaveValue('に');
    await expect(owner.composer).toBeFocused();
    await expect(owner.editing).toBeHidden();
    await expect(owner.mentionList).toHaveCount(0);
    await expect(owner.dialog).toHaveCount(0);
  }
  await input.finish('日本');
  await owner.composer.press('Enter');
  await guest.expectTalk(['first', '日本']);

  await owner.expectStored('日本');
  await owner.composer.press('ArrowUp');
  await expect(owner.editing).toBeVisible();
  await input.compose('に');
  await input.press('Enter');
  await input.press('Escape');
  await expect(owner.editing).toBeVisible();
  await input.finish('語');
  await owner.composer.press('Enter');
  await guest.expectTalk(['first', '日本語']);

  // On a message the keys that do something with it go to the field, too.
  for (const key of ['r', 'e', '+', 'Delete', '?']) {
    await owner.row('first').focus();
    await input.press(key);
    await expect(owner.replying).toBeHidden();
    await expect(owner.editing).toBeHidden();
    await expect(owner.dialog).toHaveCount(0);
  }
  await owner.row('first').hover();
  await owner.action('React').click();
  await owner.page.getByRole('textbox', { name: 'Search emoji' }).fill('part');
  await expect(owner.button('party face')).toBeVisible();
  await input.press('Enter');
  await input.press('ArrowDown');
  await expect(owner.page.getByRole('textbox', { name: 'Search emoji' })).toBeFocused();
  await guest.expectTalk(['first', '日本語']);
  await expect(owner.log.getByRole('button', { name: /1 person/ })).toHaveCount(0);
});
