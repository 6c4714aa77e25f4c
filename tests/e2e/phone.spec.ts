import type { BrowserContextOptions } from '@playwright/test';
import { EndedScreen } from './support/ended-screen';
import type { InsideScreen } from './support/inside-screen';
import type { Screen } from './support/screen';
import { expect, test } from './support/visits';

const PHONES: Record<string, BrowserContextOptions> = {
  '375 pixels': { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
  '320 pixels': { viewport: { width: 320, height: 568 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

/** The smallest width and height of anything that a finger has to hit. */
const TARGET_PIXELS = 44;

/** The visible controls that are smaller than a finger needs. */
async function smallTargets({ page }: Screen): Promise<string[]> {
  return page.locator('a[href], button, input, textarea, summary').evaluateAll((controls, least) => {
    const targets = controls.map((control) => control.closest('label') ?? control);
    return targets.flatMap((target) => {
      const { width, height } = target.getBoundingClientRect();
      const small = target.checkVisibility() && (width < least - 0.5 || height < least - 0.5);
      return small ? [`${target.tagName} "${target.textContent}" ${Math.round(width)}×${Math.round(height)}`] : [];
    });
  }, TARGET_PIXELS);
}

async function expectHandy(screen: Screen, state: string) {
  await screen.expectFitsWidth();
  expect(await smallTargets(screen), `${state}: too small for a finger`).toEqual([]);
}

/** Checks that everything one needs at all times is in the window. */
async function expectInWindow({ menuButton, invite, peopleButton, sealButton, countdown, send }: InsideScreen) {
  for (const control of [menuButton, invite, peopleButton, sealButton, countdown, send]) {
    await expect(control).toBeInViewport({ ratio: 1 });
  }
}

// What a page asks for at the moment at which the room ends is answered so, and the browser logs it.
test.use({ expectedErrors: [/status of 404 \(.*\/api\//] });

for (const [width, phone] of Object.entries(PHONES)) {
  test(`on a phone of ${width} nothing is scrolled sideways and everything is large enough for a finger`, async ({
    newFront,
    newGuest,
  }) => {
    const front = await newFront(phone);
    await expectHandy(front, 'front page');
    await front.choose({ seats: '0' });
    await expectHandy(front, 'a number with a fault');
    await front.seats.fill('1000');
    const owner = await front.makeRoom();
    await expectInWindow(owner);
    await expectHandy(owner, 'empty room');

    const door = await newGuest(owner.link, phone);
    await expectHandy(door, 'door');
    const guest = await door.join('W'.repeat(100));
    await guest.say('x'.repeat(300));
    await guest.say('https://example.com/' + 'a-very-long-path/'.repeat(20));
    await expect(owner.message('a-very-long-path')).toBeInViewport();
    await expectHandy(owner, 'talk');
    await expectInWindow(owner);

    await owner.peopleButton.tap();
    await expect(owner.dialog).toContainText('W'.repeat(100));
    await expectHandy(owner, 'people');
    await owner.button('Close').tap();
    await owner.openMenu();
    await expectHandy(owner, 'menu');
    await owner.page.keyboard.press('Escape');
    await owner.sealButton.tap();
    await expect(owner.dialog).toContainText('Safety phrase');
    await expectHandy(owner, 'seal');
    await owner.button('Close').tap();

    await guest.composer.fill('a draft\n'.repeat(20));
    const { confirm } = await owner.askToDestroy();
    await expectHandy(owner, 'destroy?');
    await confirm.tap();
    const ended = new EndedScreen(guest.page);
    await expect(ended.draft).toBeVisible();
    await expect(ended.picture).toHaveCount(0);
    await expectHandy(ended, 'ended');
  });
}

test('while the phone’s keyboard is shown, the composer and the newest message stay in sight', async ({ newTalk }) => {
  const { owner, guest } = await newTalk({ browser: PHONES['375 pixels'] ?? {} });
  for (let count = 0; count < 8; count += 1) await owner.say(`message number ${count}\nof two lines`);
  await expect(guest.message('message number 7')).toBeInViewport();
  await guest.composer.tap();
  await guest.page.setViewportSize({ width: 375, height: 330 });
  await expectInWindow(guest);
  await expect(guest.composer).toBeInViewport({ ratio: 1 });
  await expect(guest.message('message number 7')).toBeInViewport();
  await guest.composer.fill('one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine');
  await expectInWindow(guest);
  await guest.send.tap();
  await expect(guest.composer, 'sending keeps the keyboard open').toBeFocused();
  await owner.expectTalk([
    ...Array.from({ length: 8 }, (_, count) => `message number ${count}`),
    'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine',
  ]);
});

/** Presses Enter on a phone's own keyboard, which does not say which key it was. */
async function tapEnter({ page }: InsideScreen) {
  const browser = await page.context().newCDPSession(page);
  const enter = { key: 'Enter', code: '', windowsVirtualKeyCode: 13 };
  await browser.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...enter });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await browser.detach();
}

test('Enter makes a line on a phone’s own keyboard and the arrow sends; a real keyboard’s Enter sends', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk({ browser: PHONES['375 pixels'] ?? {} });
  await expect(guest.composer).toHaveAttribute('enterkeyhint', 'enter');
  await expect(guest.composer).toHaveAccessibleDescription(/Enter starts a new line/);
  await guest.composer.fill('one');
  await tapEnter(guest);
  await expect(guest.composer).toHaveValue('one\n');
  await guest.page.keyboard.insertText('two');
  await guest.send.tap();
  await expect(guest.composer).toHaveValue('');
  await owner.expectTalk(['one\ntwo']);
  await guest.composer.fill('three');
  await guest.composer.press('Enter');
  await owner.expectTalk(['one\ntwo', 'three']);
});

test('where a pointer can hover, Enter sends whatever keyboard it is on', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  await expect(guest.composer).toHaveAttribute('enterkeyhint', 'send');
  await guest.composer.fill('one');
  await tapEnter(guest);
  await owner.expectTalk(['one']);
});

test('text of twice the size still fits a phone', async ({ newFront }) => {
  const front = await newFront(PHONES['320 pixels']);
  const enlarge = () => front.page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await enlarge();
  await front.expectFitsWidth();
  const inside = await front.makeRoom();
  await enlarge();
  await inside.expectFitsWidth();
  await expect(inside.composer).toBeInViewport();
});
