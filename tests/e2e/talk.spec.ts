import type { CDPSession } from '@playwright/test';
import type { InsideScreen } from './support/inside-screen';
import { refuse } from './support/room-api';
import { expect, test } from './support/visits';

/** Taller than the window, so that there is something to scroll. */
const LONG_TEXT = Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n');

test('two people talk both ways, and each sees every message once and in one order, also after a reload', async ({
  newTalk,
  newGuest,
}) => {
  const { owner, guest, link } = await newTalk();
  await owner.say('hello from the owner');
  await expect(guest.message('hello from the owner')).toBeVisible();
  await guest.say('and hello from the guest');
  await expect(owner.message('and hello from the guest')).toBeVisible();
  await owner.say('a second word');
  const talk = ['hello from the owner', 'and hello from the guest', 'a second word'];
  for (const inside of [owner, guest]) await inside.expectTalk(talk);
  await expect(owner.log).toContainText('Rowan');
  await expect(owner.log).toContainText('You');

  for (const inside of [owner, guest]) {
    await inside.page.reload();
    await inside.expectTalk(talk);
    await inside.expectLive();
  }
  const late = await (await newGuest(link)).join('Late');
  await late.expectTalk(talk);
  await late.say('what did I miss?');
  for (const inside of [owner, guest, late]) await inside.expectTalk([...talk, 'what did I miss?']);
});

test('a text arrives as it was written: scripts, lines, characters of every kind', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const texts = [
    '<img src=x onerror=alert(1)>',
    '"true"',
    '123',
    '👩‍👩‍👧‍👦 नमस्ते שלום e\u0301',
    'first line\nsecond line',
    '{"a":[1]}',
  ];
  for (const text of texts) await owner.say(text);
  await guest.expectTalk(texts);
  await guest.page.reload();
  await guest.expectTalk(texts);
});

test('a text runs in the direction of its own first letter, and an address in it is a link that opens apart', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say('first, under a name written left to right');
  await owner.say('مرحبا https://example.com/ok !');
  for (const person of [owner, guest]) {
    await expect(person.message('مرحبا')).toHaveCSS('direction', 'rtl');
    await expect(person.message('first, under')).toHaveCSS('direction', 'ltr');
    const link = person.log.getByRole('link', { name: 'https://example.com/ok', exact: true });
    await expect(link).toHaveAttribute('href', 'https://example.com/ok');
    await expect(link).toHaveAttribute('target', '_blank');
    await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  }
});

test('above the talk stands its time as the reader’s country writes it, with the exact one for a pointer that rests there', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk({ browser: { locale: 'en-GB', timezoneId: 'Asia/Tokyo' } });
  await owner.say('what time is it?');
  await expect(guest.message('what time is it?')).toBeVisible();
  const [above, beside] = [
    guest.log.getByRole('time').first(),
    guest.log.getByRole('time', { includeHidden: true }).last(),
  ];
  await expect(above).toHaveText(/^\d\d:\d\d$/);
  await expect(beside).toHaveText(/^\d\d:\d\d:\d\d$/);
  for (const time of [above, beside]) {
    await expect(time).toHaveAttribute('title', /^\d{1,2} [A-Z][a-z]+ 20\d\d at \d\d:\d\d:\d\d$/);
    await expect(time).toHaveAttribute('datetime', /^20\d\d-\d\d-\d\dT.*Z$/);
  }
});

test('Enter sends, Shift and Enter break the line, and the button sends too', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.composer.pressSequentially('first line');
  await owner.composer.press('Shift+Enter');
  await owner.composer.pressSequentially('second line');
  await expect(owner.composer).toHaveValue('first line\nsecond line');
  await expect(guest.log).not.toContainText('first line');
  await owner.composer.press('Enter');
  await guest.expectTalk(['first line\nsecond line']);
  await owner.composer.fill('by the button');
  await owner.send.click();
  await guest.expectTalk(['first line\nsecond line', 'by the button']);
  await expect(owner.composer).toBeFocused();
});

test('texts that cannot be sent are not: nothing, blanks, and more than fits', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await expect(owner.send).toBeDisabled();
  await owner.composer.fill(' \n ');
  await owner.composer.press('Enter');
  await expect(owner.send).toBeDisabled();

  await owner.composer.fill('🦋'.repeat(950));
  await expect(owner.draftNote).toHaveText('50 characters left');
  await owner.composer.fill('🦋'.repeat(1001));
  await expect(owner.draftNote).toHaveText('1 character too long');
  await owner.composer.press('Enter');
  await expect(owner.composer).toHaveValue('🦋'.repeat(1001));

  await owner.composer.fill('🦋'.repeat(1000));
  await owner.composer.press('Enter');
  await guest.expectTalk(['🦋'.repeat(1000)]);
});

/**
 * Enter as an input method passes it on: a key that types nothing. Some browsers give it a code of its own, some the
 * code of the key that was pressed.
 */
async function pressEnter(input: CDPSession, keyCode: 13 | 229) {
  const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: keyCode };
  await input.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
  await input.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
}

/** Composes a word as an input method does: the word is in the field, but has not been chosen yet. */
async function compose(input: CDPSession, text: string) {
  await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
}

test('Enter that chooses a word of an input method never sends', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await owner.composer.focus();
  const input = await owner.page.context().newCDPSession(owner.page);
  const composing = await owner.composer.evaluateHandle((field) => {
    const noted: boolean[] = [];
    field.addEventListener('keydown', (event) => noted.push(event instanceof KeyboardEvent && event.isComposing));
    return noted;
  });
  await compose(input, 'にほんご');
  await pressEnter(input, 13);
  await pressEnter(input, 229);
  await expect(owner.composer).toHaveValue('にほんご');
  expect(await composing.jsonValue()).toEqual([true, true]);
  await input.send('Input.insertText', { text: '日本語' });
  // Safari ends the composition before it reports the Enter, and marks that Enter only by its code.
  await pressEnter(input, 229);
  await expect(owner.composer).toHaveValue('日本語');
  await owner.composer.press('Enter');
  await guest.expectTalk(['日本語']);
});

const scrollTop = ({ log }: InsideScreen) => log.evaluate((element) => Math.round(element.scrollTop));
/** The same once the list stands still: the wheel moves it over several frames. */
const restingTop = ({ log }: InsideScreen) =>
  log.evaluate(async (element) => {
    for (let still = 0, top = element.scrollTop; still < 10; top = element.scrollTop) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      still = element.scrollTop === top ? still + 1 : 0;
    }
    return Math.round(element.scrollTop);
  });
const distanceToEnd = ({ log }: InsideScreen) =>
  log.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));

test('at the end the list follows; a reader who has scrolled away keeps the place and is offered the new messages', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  await owner.say(LONG_TEXT);
  await expect(guest.message('line 59')).toBeInViewport();
  await owner.say('follows at the end');
  await expect(guest.message('follows at the end')).toBeInViewport();
  await expect(guest.newMessages).toHaveCount(0);

  await guest.log.hover();
  await guest.page.mouse.wheel(0, -700);
  await expect(guest.newMessages).toHaveText('Jump to latest');
  const place = await restingTop(guest);
  await owner.say('the first that is missed');
  await expect(guest.newMessages).toHaveText('1 new message');
  await owner.say('the second that is missed');
  await expect(guest.newMessages).toHaveText('2 new messages');
  expect(await scrollTop(guest)).toBe(place);

  await guest.newMessages.click();
  await expect(guest.message('the second that is missed')).toBeInViewport();
  await expect.poll(() => distanceToEnd(guest)).toBeLessThanOrEqual(1);
  await expect(guest.newMessages).toHaveCount(0);

  await guest.page.mouse.wheel(0, -700);
  await expect(guest.newMessages).toHaveText('Jump to latest');
  await restingTop(guest);
  await guest.say('whoever sends wants to see it');
  await expect(guest.message('whoever sends wants to see it')).toBeInViewport();
});

test('a composer that grows keeps the end of the conversation in sight', async ({ newTalk }) => {
  const { owner } = await newTalk();
  await owner.say(LONG_TEXT);
  await owner.composer.fill('a\nb\nc\nd\ne');
  await expect(owner.message('line 59')).toBeInViewport();
  await expect.poll(() => distanceToEnd(owner)).toBeLessThanOrEqual(1);
});

test.describe('when the server refuses a message', () => {
  test.use({ expectedErrors: [/409|422|503/] });

  const REFUSALS = [
    { status: 422, code: 'invalid_request', says: /The server rejected that/ },
    { status: 409, code: 'message_limit_reached', says: /can’t hold any more messages/ },
  ];
  for (const { says, ...problem } of REFUSALS) {
    test(`${problem.code}: the text stays with the reason, and can be sent again, edited or given up`, async ({
      newTalk,
    }) => {
      const { owner, guest } = await newTalk();
      await refuse(owner.page, 'POST', '/api/messages', problem);
      for (const [index, text] of ['to be sent again', 'to be edited', 'to be given up'].entries()) {
        await owner.say(text);
        await expect(owner.failed(text).again.first()).toBeVisible();
        await expect(owner.log.getByRole('alert')).toHaveText(Array.from({ length: index + 1 }, () => says));
        // Several in a row would be one row.
        await guest.say(`answer ${index}`);
        await expect(owner.message(`answer ${index}`)).toBeVisible();
      }
      await owner.page.unrouteAll();

      await owner.log.getByRole('button', { name: 'Send again' }).first().click();
      const answers = ['answer 0', 'answer 1', 'answer 2'];
      await guest.expectTalk([...answers, 'to be sent again']);
      await expect(owner.log.getByRole('alert')).toHaveCount(2);
      await owner.log.getByRole('button', { name: 'Edit' }).first().click();
      await expect(owner.composer).toHaveValue('to be edited');
      await expect(owner.composer).toBeFocused();
      await owner.say('edited');
      await owner.log.getByRole('button', { name: 'Discard' }).click();
      await expect(owner.log.getByRole('alert')).toHaveCount(0);
      for (const inside of [owner, guest]) await inside.expectTalk([...answers, 'to be sent again', 'edited']);
      await expect(owner.log).not.toContainText('to be given up');
    });
  }

  test('storage_unavailable: the message waits, is marked so, and is sent once by itself', async ({ newTalk }) => {
    const { owner, guest } = await newTalk();
    await refuse(owner.page, 'POST', '/api/messages', { status: 503, code: 'storage_unavailable', retryAfter: 1 });
    await owner.say('the first that waits');
    await owner.say('the second that waits');
    await expect(owner.log.getByText('Waiting to send')).toHaveCount(2);
    await owner.page.unrouteAll();
    await expect(owner.log.getByText('Waiting to send')).toHaveCount(0, { timeout: 25_000 });
    for (const inside of [owner, guest]) await inside.expectTalk(['the first that waits', 'the second that waits']);
  });
});
