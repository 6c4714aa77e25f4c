import type { Locator } from '@playwright/test';
import type { InsideScreen } from './support/inside-screen';
import { expectAccessible } from './support/accessibility';
import { expect, test } from './support/visits';

const CODE = 'const one = "1"; // one\n\n\tif (one) two();';
const SOURCE = `**Bold**, *slanted*, ~~struck~~, \`co_d_e\` and snake_case\n> a **quote**\n- one\n- two\n1. three\n\`\`\`ts\n${CODE}\n\`\`\`\nhttps://example.com/_a_ <b>no</b>`;

const messageOf = (inside: InsideScreen, words: string) =>
  inside.log.locator('[data-source]').filter({ hasText: words });

async function select(element: Locator) {
  await element.evaluate((node) => document.getSelection()?.selectAllChildren(node));
}

/** Copies by the keyboard, and returns the plain text. */
async function copySelected({ page }: InsideScreen): Promise<string> {
  await page.keyboard.press('ControlOrMeta+c');
  return page.evaluate(() => navigator.clipboard.readText());
}

const READING = { browser: { permissions: ['clipboard-read', 'clipboard-write'] } };

test('what is set is shown so to everybody, and who copies it gets what was typed', async ({ newTalk }) => {
  const { owner, guest } = await newTalk(READING);
  await owner.say(SOURCE);
  // One's own message is drawn again once it is stored.
  await expect(messageOf(guest, 'slanted')).toBeVisible();
  await owner.expectStored('slanted');
  for (const person of [guest, owner]) {
    const message = messageOf(person, 'slanted');
    await expect(message.getByRole('strong')).toHaveText(['**Bold**', '**quote**']);
    await expect(message.getByRole('emphasis')).toHaveText('*slanted*');
    await expect(message.getByRole('deletion')).toHaveText('~~struck~~');
    await expect(message.getByRole('code').first()).toHaveText('`co_d_e`');
    await expect(message.getByRole('blockquote')).toHaveText('> a **quote**');
    await expect(message.getByRole('listitem')).toHaveText(['- one', '- two', '1. three']);
    await expect(message.getByRole('code').last()).toHaveText(CODE, { useInnerText: true });
    await expect(message.getByRole('link')).toHaveAttribute('href', 'https://example.com/_a_');
    await expect(message).toContainText('<b>no</b>');
    // Nothing of the signs is seen, and all of them are copied.
    await expect(message.locator('[aria-hidden="true"]').first()).toHaveCSS('font-size', '0px');
    await select(message);
    expect(await copySelected(person)).toBe(SOURCE);
  }
});

test('a part of a message is copied as it was typed', async ({ newTalk }) => {
  const { owner, guest } = await newTalk(READING);
  await owner.say('say **one *two* three** four');
  await select(messageOf(guest, 'four').getByRole('strong'));
  expect(await copySelected(guest)).toBe('**one *two* three**');
});

test('a selection over several messages has the signs of each, in the browser’s own way', async ({ newTalk }) => {
  const { owner, guest } = await newTalk(READING);
  await owner.say('first **one**');
  await owner.say('second `two`');
  await expect(messageOf(guest, 'second')).toBeVisible();
  await select(guest.log);
  const copied = await copySelected(guest);
  expect(copied).toContain('first **one**');
  expect(copied).toContain('second `two`');
});

test('what is copied in a field is the field’s own, even while words of a message are selected', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('say **one**');
  await select(messageOf(guest, 'one'));
  // Some browsers keep the selection of the page while a field has one of its own.
  const isTaken = (from: Locator) =>
    from.evaluate((element) => {
      const clipboardData = new DataTransfer();
      const copy = new ClipboardEvent('copy', { bubbles: true, cancelable: true, clipboardData });
      element.dispatchEvent(copy);
      return copy.defaultPrevented;
    });
  expect(await isTaken(messageOf(guest, 'one'))).toBe(true);
  expect(await isTaken(guest.composer)).toBe(false);
});

test('code is copied by its button, runs from left to right in any text, and gets its colours', async ({ newTalk }) => {
  const { owner, guest } = await newTalk(READING);
  await owner.say(`مرحبا \`a = b\`\n\`\`\`js\n${CODE}\n\`\`\`\nشكرا`);
  const message = messageOf(guest, 'مرحبا');
  await expect(message.getByText('مرحبا')).toHaveCSS('direction', 'rtl');
  for (const code of await message.getByRole('code').all()) await expect(code).toHaveCSS('direction', 'ltr');
  await expect(message.getByText('"1"', { exact: true })).toHaveAttribute('data-tint', '4');
  await message.getByRole('button', { name: 'Copy code' }).focus();
  await guest.page.keyboard.press('Enter');
  await expect(message.getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await guest.page.evaluate(() => navigator.clipboard.readText())).toBe(CODE);
  await expectAccessible(guest.page, 'a message with code');
});

test('paragraphs run in the direction of their own first letters', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('An English line.\n\nفقرة عربية\n\n**Again** English');
  const paragraphs = messageOf(guest, 'An English').getByRole('paragraph');
  await expect(paragraphs).toHaveCount(3);
  for (const [index, direction] of ['ltr', 'rtl', 'ltr'].entries())
    await expect(paragraphs.nth(index)).toHaveCSS('direction', direction);
});

test('on a page from right to left, one’s own stand on the left, and each text runs as it is written', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await guest.page.evaluate(() => (document.documentElement.dir = 'rtl'));
  await owner.say('שלום `let a = 1` סוף');
  await owner.say('English, then שלום, and `b = 2`');
  await expect(guest.message('English, then')).toBeVisible();
  await guest.row('English, then').hover();
  await guest.action('Reply').click();
  await guest.composer.fill('مرحبا (1) مرة');
  await expect(guest.composer).toHaveCSS('direction', 'rtl');
  await guest.composer.press('Enter');
  await expect(guest.composer).toHaveValue('');
  await expect(owner.message('مرحبا')).toBeVisible();
  for (const screen of [owner, guest]) {
    await expect(messageOf(screen, 'שלום `let').getByRole('paragraph')).toHaveCSS('direction', 'rtl');
    await expect(messageOf(screen, 'English').getByRole('paragraph')).toHaveCSS('direction', 'ltr');
    await expect(messageOf(screen, 'مرحبا').getByRole('paragraph')).toHaveCSS('direction', 'rtl');
    await expect(screen.row('مرحبا').getByText(/^English, then/)).toHaveCSS('direction', 'ltr');
    for (const code of await screen.log.getByRole('code').all()) await expect(code).toHaveCSS('direction', 'ltr');
  }
  const leftOf = async (screen: InsideScreen, words: string) =>
    (await messageOf(screen, words).boundingBox())?.x ?? Number.NaN;
  expect(await leftOf(guest, 'مرحبا')).toBeLessThan(await leftOf(guest, 'שלום `let'));
  expect(await leftOf(owner, 'مرحبا')).toBeLessThan(await leftOf(owner, 'שלום `let'));
  expect(await guest.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  await guest.composer.fill('Hello');
  await expect(guest.composer).toHaveCSS('direction', 'ltr');
  await expectAccessible(guest.page, 'a talk from right to left');
});

test('what is read out has no signs', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.say('**Bold** `code`');
  await expect(guest.page.locator('[aria-live="polite"]').getByText(/: Bold code$/)).toBeAttached();
});
