import type { BrowserContextOptions } from '@playwright/test';
import { EndedScreen } from './support/ended-screen';
import type { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

const PHONE: BrowserContextOptions = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };

/** The addresses of all entries in the tab's history, those ahead of the page included. */
async function entriesOf({ page }: InsideScreen): Promise<string[]> {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  return entries.map(({ url }) => url);
}

/** Checks that what has been typed is still there: the page has never looked again at its link. */
async function expectUndisturbed(inside: InsideScreen) {
  await expect(inside.composer).toHaveValue('half a sentence');
  await inside.expectLive();
}

async function openPeople(inside: InsideScreen) {
  await inside.peopleButton.tap();
  await expect(inside.dialog).toBeVisible();
}

/** Where the shown entry stands beside that of a sheet. */
const stateOf = ({ page }: InsideScreen) => page.evaluate(() => JSON.stringify(window.history.state));

const pressBack = ({ page }: InsideScreen) => page.evaluate(() => window.history.back());

test('on a phone, Back closes an open sheet first and leaves the room after that', async ({ newOwner }) => {
  const owner = await newOwner({ browser: PHONE });
  const { link } = owner;
  await owner.composer.fill('half a sentence');
  for (let time = 0; time < 2; time += 1) {
    await openPeople(owner);
    expect(owner.link).toBe(link);
    await pressBack(owner);
    await expect(owner.dialog).toHaveCount(0);
    expect(owner.link).toBe(link);
    await expectUndisturbed(owner);
  }
  await pressBack(owner);
  await expect.poll(() => new URL(owner.link).pathname).toBe('/');
});

test('a sheet that was closed otherwise takes no press of Back, and Forward opens nothing', async ({ newOwner }) => {
  const owner = await newOwner({ browser: PHONE });
  const { link } = owner;
  await owner.composer.fill('half a sentence');
  const before = (await entriesOf(owner)).length;
  for (let time = 0; time < 3; time += 1) {
    await openPeople(owner);
    if (time === 1) await owner.page.keyboard.press('Escape');
    else await owner.button('Close').tap();
    await expect(owner.dialog).toHaveCount(0);
  }
  await expect.poll(async () => (await entriesOf(owner)).length).toBeLessThanOrEqual(before + 1);
  // A step that has been asked for takes its time, and the next one is counted from where it leads.
  await expect.poll(() => stateOf(owner)).toContain('"below"');
  await owner.page.evaluate(async () => {
    await window.navigation.forward().committed;
  });
  await expectUndisturbed(owner);
  await expect(owner.dialog).toHaveCount(0);
  expect(owner.link).toBe(link);
  await expect.poll(() => stateOf(owner)).toContain('"below"');
  await pressBack(owner);
  await expect.poll(() => new URL(owner.link).pathname).toBe('/');
});

test('a reload with a sheet open leaves no press of Back behind', async ({ newOwner }) => {
  const owner = await newOwner({ browser: PHONE });
  await openPeople(owner);
  await owner.page.reload();
  await owner.expectLive();
  await expect.poll(() => stateOf(owner)).toContain('"below"');
  await pressBack(owner);
  await expect.poll(() => new URL(owner.link).pathname).toBe('/');
});

for (const isOpen of [true, false]) {
  test(`no entry keeps an old key, nor any key after the end, with a sheet ${isOpen ? 'open' : 'closed before'}`, async ({
    newOwner,
    newGuest,
  }) => {
    const owner = await newOwner();
    const { link } = owner;
    const door = await newGuest(link, PHONE);
    const guest = await door.join('Rowan');
    await guest.expectLive();
    await guest.composer.fill('half a sentence');
    await openPeople(guest);
    if (!isOpen) {
      await pressBack(guest);
      await expect(guest.dialog).toHaveCount(0);
    }

    await owner.renewLink();
    await guest.expectNewLink(link);
    await expect.poll(() => entriesOf(guest)).not.toContain(link);
    expect(await entriesOf(guest)).toContain(owner.link);
    // The entry below was shown for a moment, with the address that it had.
    await expect.poll(() => guest.link).toBe(owner.link);
    await expect(guest.dialog).toHaveCount(isOpen ? 1 : 0);
    if (isOpen) {
      await pressBack(guest);
      await expect(guest.dialog).toHaveCount(0);
      await openPeople(guest);
    }
    await expectUndisturbed(guest);
    expect(guest.link).toBe(owner.link);

    await (await owner.askToDestroy()).confirm.click();
    const ended = new EndedScreen(guest.page);
    await expect(ended.heading).toBeFocused();
    await expect.poll(async () => (await entriesOf(guest)).filter((url) => url.includes('#'))).toEqual([]);
    await ended.expectCleared(['Rowan']);
    await expect(ended.draft).toHaveValue('half a sentence');
  });
}

test('of two sheets, Back closes the upper one', async ({ newOwner, newGuest }) => {
  const owner = await newOwner({ browser: PHONE });
  const { link } = owner;
  await (await newGuest(link)).join('Rowan');
  await openPeople(owner);
  await owner.dialog.getByRole('button', { name: 'Remove \u2068Rowan\u2069' }).tap();
  await expect(owner.dialog).toHaveCount(2);
  await pressBack(owner);
  await expect(owner.dialog).toHaveCount(1);
  await pressBack(owner);
  await expect(owner.dialog).toHaveCount(0);
  expect(owner.link).toBe(link);
});
