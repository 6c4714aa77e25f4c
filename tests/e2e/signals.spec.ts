import type { Page } from '@playwright/test';
import * as z from 'zod/mini';
import { cursorSchema } from '@/domain/message';
import { setHidden } from './support/attention';
import { InsideScreen } from './support/inside-screen';
import { Spoken } from './support/spoken';
import { expect, test } from './support/visits';

const typing = ({ page }: InsideScreen, words: string) => page.getByText(words, { exact: true });
/** Names in a sentence stand between marks that isolate their direction. */
const named = (name: string) => `\u2068${name}\u2069`;
/** The marks of exactly these people, wherever they are. */
const seenBy = ({ page }: InsideScreen, ...names: string[]) =>
  page.getByRole('group', { name: `Seen by ${names.map(named).join(' and ')}`, exact: true });
/** The message that somebody’s mark stands under. */
const markedMessage = (screen: InsideScreen, ...names: string[]) =>
  screen.log.locator('[data-key]').filter({ has: seenBy(screen, ...names) });
const allMarks = ({ page }: InsideScreen) => page.getByRole('group', { name: /^Seen by/ });

/** The bodies of the signals that a page sends. */
function signalsOf(page: Page): unknown[] {
  const bodies: unknown[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/signals') bodies.push(request.postDataJSON());
  });
  return bodies;
}

test('who writes is shown while they write, moves nothing, and ends with the message', async ({ newCompany }) => {
  const { owner, rowan, ines } = await newCompany();
  const before = await owner.composer.boundingBox();

  await rowan.composer.pressSequentially('Is anybody');
  await expect(typing(owner, `${named('Rowan')} is typing`)).toBeVisible();
  await ines.composer.pressSequentially('I am');
  await expect(typing(owner, `${named('Rowan')} and ${named('Inês')} are typing`)).toBeVisible();
  expect(await owner.composer.boundingBox()).toEqual(before);
  await expect(typing(rowan, `${named('Inês')} is typing`)).toBeVisible();

  await rowan.composer.press('Enter');
  await expect(typing(owner, `${named('Inês')} is typing`)).toBeVisible();
  await ines.composer.press('Enter');
  for (const screen of [owner, rowan, ines]) await expect(screen.page.getByText(/typing$/)).toHaveCount(0);
  expect(await owner.composer.boundingBox()).toEqual(before);
});

test('typing ends by itself twelve seconds after it was last shown, and whoever goes on writing is shown again', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  for (const { page } of [owner, guest]) await page.clock.install();
  const shown = typing(owner, `${named('Rowan')} is typing`);
  await guest.composer.pressSequentially('Well');
  await expect(shown).toBeVisible();
  await owner.page.clock.runFor(9_000);
  await expect(shown).toBeVisible();
  await owner.page.clock.runFor(3_000);
  await expect(shown).toHaveCount(0);
  await expect(guest.composer).toHaveValue('Well');
  await guest.page.clock.runFor(10_000);
  await guest.composer.pressSequentially(' then');
  await expect(shown).toBeVisible();
});

test('in a room of more than twenty seats typing is shown, seen is not, and the switch says so', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk({ seats: '21' });
  const sent = signalsOf(guest.page);
  await guest.composer.pressSequentially('Hello');
  await expect(typing(owner, `${named('Rowan')} is typing`)).toBeVisible();
  await guest.composer.press('Enter');
  await owner.say('Who is there?');
  await expect(guest.message('Who is there?')).toBeVisible();
  await guest.say('Good');
  await expect(owner.message('Good')).toBeVisible();
  for (const screen of [owner, guest]) await expect(allMarks(screen)).toHaveCount(0);
  expect(sent).not.toContainEqual(expect.objectContaining({ seen: expect.anything() }));
  expect(sent[0]).toEqual({ typing: true });

  await guest.openMenu();
  const choice = guest.header.getByRole('switch', { name: 'Typing', exact: true });
  await expect(choice).toBeChecked();
  await expect(choice).toHaveAccessibleDescription('Who’s typing, shown both ways or not at all.');
  await expect(guest.header.getByRole('switch', { name: 'Typing and seen' })).toHaveCount(0);
});

test('a screen reader says nothing of typing by itself', async ({ newPerson, newOwner }) => {
  const owner = await newOwner();
  const page = await newPerson();
  const heard = await Spoken.to(page);
  await page.goto(owner.link);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Rowan');
  await page.getByRole('button', { name: 'Join' }).click();
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeFocused();
  // Signals are not stored: only a page that listens hears that somebody types.
  for (const screen of [owner, new InsideScreen(page)]) await screen.expectLive();
  await owner.composer.pressSequentially('Hello');
  await expect(page.getByText(/ is typing$/)).toBeVisible();
  await owner.composer.press('Enter');
  await expect.poll(() => heard.lines().filter((line) => line.endsWith(': Hello'))).toHaveLength(1);
  await expect(page.getByText(/ is typing$/)).toHaveCount(0);
  expect(heard.lines().filter((line) => /typing|seen by/i.test(line))).toEqual([]);
});

test('a mark stands under the last message that each has read, and moves only while they look', async ({
  newCompany,
}) => {
  const { owner, rowan } = await newCompany();

  await owner.say('the first');
  await expect(markedMessage(owner, 'Rowan', 'Inês')).toContainText('the first');
  await setHidden(rowan.page, true);
  await owner.say('the second');
  await expect(markedMessage(owner, 'Inês')).toContainText('the second');
  await expect(markedMessage(owner, 'Rowan')).toContainText('the first');
  await expect(rowan.message('the second')).toBeAttached();
  await setHidden(rowan.page, false);
  await expect(markedMessage(owner, 'Rowan', 'Inês')).toContainText('the second');
  // Each sees the others, and nobody themselves.
  await expect(markedMessage(rowan, 'Inês')).toContainText('the second');
  await expect(seenBy(rowan, 'Rowan', 'Inês')).toHaveCount(0);
  const names = owner.page.getByText(`Seen by ${named('Rowan')} and ${named('Inês')}`, { exact: true });
  await expect(names).toBeHidden();
  await seenBy(owner, 'Rowan', 'Inês').hover();
  await expect(names).toBeVisible();

  await owner.page.reload();
  await owner.expectLive();
  await expect(markedMessage(owner, 'Rowan', 'Inês')).toContainText('the second');
});

test('a reader further up keeps their place, and has not seen what came below', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const rowan = await (await newGuest(owner.link)).join('Rowan');
  for (let index = 0; index < 30; index += 1) await owner.say(`line ${index}`);
  await expect(markedMessage(owner, 'Rowan')).toContainText('line 29');
  await rowan.log.evaluate((log) => log.scrollTo(0, 300));
  await expect.poll(() => rowan.log.evaluate((log) => log.scrollTop)).toBe(300);
  const first = rowan.message('line 10');
  const place = await first.boundingBox();
  await owner.say('below');
  await expect(rowan.newMessages).toBeVisible();
  await expect(markedMessage(owner, 'Rowan')).toContainText('line 29');
  expect(await first.boundingBox()).toEqual(place);
  await rowan.newMessages.click();
  await expect(markedMessage(owner, 'Rowan')).toContainText('below');
});

test('one switch turns both off, both ways, and the browser remembers it', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  const rowan = await (await newGuest(owner.link)).join('Rowan');
  // Her screen shows when the signals have come that Rowan's must not show.
  const ines = await (await newGuest(owner.link)).join('Inês');
  for (const screen of [owner, rowan, ines]) await screen.expectLive();
  const sent = signalsOf(rowan.page);
  const anybodyTyping = ({ page }: InsideScreen) => page.getByText(/typing$/);
  const choice = () => rowan.header.getByRole('switch', { name: 'Typing and seen' });

  await rowan.openMenu();
  await expect(choice()).toBeChecked();
  await choice().click();
  await rowan.page.keyboard.press('Escape');
  await owner.say('unseen');
  await expect(rowan.message('unseen')).toBeVisible();
  await owner.composer.pressSequentially('Are you there?');
  await expect(anybodyTyping(ines)).toBeVisible();
  await expect(anybodyTyping(rowan)).toHaveCount(0);
  await rowan.composer.pressSequentially('I am');
  await rowan.composer.press('Enter');
  await expect(ines.log.locator('[data-key]').filter({ has: allMarks(ines) })).toContainText('I am');
  await expect(anybodyTyping(rowan)).toHaveCount(0);
  await owner.say('Good');
  await expect(markedMessage(owner, 'Inês')).toContainText('Good');
  await expect(rowan.message('Good')).toBeVisible();
  await expect(allMarks(owner)).toHaveCount(1);
  await expect(allMarks(rowan)).toHaveCount(0);
  expect(sent).toEqual([]);

  await rowan.page.reload();
  await rowan.expectLive();
  await rowan.openMenu();
  await expect(choice()).not.toBeChecked();
  expect(sent).toEqual([]);
  await choice().click();
  await expect(markedMessage(owner, 'Rowan', 'Inês')).toContainText('Good');
  expect(sent).toHaveLength(1);
});

test('a page of a sealed room signals that it writes, and a cursor, and nothing else', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  const sent = signalsOf(door.page);
  const rowan = await door.join('Rowan');
  await rowan.expectLive();
  await rowan.composer.pressSequentially('zanzibar');
  await expect(typing(owner, `${named('Rowan')} is typing`)).toBeVisible();
  await rowan.composer.press('Enter');
  await owner.say('quadrille');
  await expect(markedMessage(owner, 'Rowan')).toContainText('quadrille');
  const signalSchema = z.union([z.strictObject({ typing: z.boolean() }), z.strictObject({ seen: cursorSchema })]);
  for (const signal of sent) expect(signalSchema.safeParse(signal).success, JSON.stringify(signal)).toBe(true);
  expect(sent).toHaveLength(3);
});
