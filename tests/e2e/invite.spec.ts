import type { Page } from '@playwright/test';
import jsQR from 'jsqr';
import { DoorScreen } from './support/door-screen';
import { FrontScreen } from './support/front-screen';
import type { InsideScreen } from './support/inside-screen';
import { expect, test } from './support/visits';

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const PHONE = { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true };

const clipboardOf = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** What a phone that is held before the screen reads: the pixels of the code, with whatever lies around it. */
async function scan({ page, qrCode }: InsideScreen): Promise<string | undefined> {
  await expect(qrCode).toBeVisible();
  const picture = await qrCode.screenshot();
  const { pixels, width, height } = await page.evaluate(async (png) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(png)], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('This browser does not draw.');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { pixels: Array.from(data), width: bitmap.width, height: bitmap.height };
  }, Array.from(picture));
  return jsQR(Uint8ClampedArray.from(pixels), width, height)?.data;
}

/** A person holds the phone before the screen until it has read the code, which may only just appear. */
const expectScanned = (inside: InsideScreen, link: string) => expect.poll(() => scan(inside)).toBe(link);

/** A browser with a share sheet, which notes what it gets. */
async function withShareSheet(page: Page): Promise<() => Promise<string | null>> {
  await page.addInitScript(() => {
    const share = (data: ShareData) => {
      sessionStorage.setItem('shared', data.url ?? '');
      return Promise.resolve();
    };
    Object.defineProperty(navigator, 'share', { value: share });
  });
  return () => page.evaluate(() => sessionStorage.getItem('shared'));
}

test('whoever is alone has the whole link in sight, copies it with one press, and can do so again', async ({
  newOwner,
}) => {
  const owner = await newOwner({ browser: CLIPBOARD });
  await expect(owner.log).toContainText('It’s just you so far');
  await expect(owner.shownLink).toHaveText(owner.link.replace(/^https?:\/\//, ''));
  await expect(owner.shownLink.getByText(new URL(owner.link).hash)).toBeInViewport();
  await owner.copyLink.click();
  await expect(owner.copyLink).toHaveAccessibleName('Copied');
  expect(await clipboardOf(owner.page)).toBe(owner.link);
  await expect(owner.copyLink).toHaveAccessibleName('Copy link');
});

test('the link that is shown can be selected and copied by hand, in one piece', async ({ newOwner }) => {
  const owner = await newOwner({ browser: CLIPBOARD });
  await owner.shownLink.click();
  await owner.page.keyboard.press('ControlOrMeta+c');
  expect(await clipboardOf(owner.page)).toBe(owner.link);
});

test('where the browser refuses the clipboard, the link is selected to be copied by hand', async ({ newPerson }) => {
  const page = await newPerson();
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  const owner = await (await new FrontScreen(page).open()).makeRoom();
  await owner.copyLink.click();
  await expect(owner.log).toContainText('The link is selected, so you can copy it by hand.');
  await expect
    .poll(() => page.evaluate(() => document.getSelection()?.toString().replaceAll('\n', '')))
    .toBe(owner.link.replace(/^https?:\/\//, ''));
});

test('the share sheet gets the whole link; a phone is offered it first, a desk the copy', async ({ newPerson }) => {
  for (const [device, first] of [
    [PHONE, 'Share link'],
    [{}, 'Copy link'],
  ] as const) {
    const page = await newPerson(device);
    const shared = await withShareSheet(page);
    const owner = await (await new FrontScreen(page).open()).makeRoom();
    await expect(owner.log.getByRole('button', { name: /link$/ }).first()).toHaveText(first);
    await owner.shareLink.click();
    await expect.poll(shared).toBe(owner.link);
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the code can be scanned with a ${colorScheme} theme, and says that it holds the key`, async ({
    newOwner,
    newGuest,
  }) => {
    const owner = await newOwner({ browser: { colorScheme } });
    await expect(owner.log).toContainText('it holds the key');
    await expectScanned(owner, owner.link);
    const door = await newGuest(owner.link);
    await door.join('Bob');
    await expect(owner.person('Bob')).toBeVisible();
  });
}

test('a phone shows the code when asked', async ({ newOwner }) => {
  const owner = await newOwner({ browser: PHONE });
  await expect(owner.qrCode).toHaveCount(0);
  await owner.button('Show QR code').tap();
  await expectScanned(owner, owner.link);
  await owner.expectFitsWidth();
});

test('a new link is the one that is shown and drawn', async ({ newOwner }) => {
  const owner = await newOwner();
  const before = owner.link;
  await expectScanned(owner, before);
  await owner.renewLink();
  await expect(owner.shownLink).toHaveText(owner.link.replace(/^https?:\/\//, ''));
  await expectScanned(owner, owner.link);
});

test('in a locked room the invitation says so instead, and its owner can unlock the room there', async ({
  newOwner,
}) => {
  const owner = await newOwner();
  await owner.setLocked(true);
  await expect(owner.log).toContainText('The room is locked, so nobody new can come in.');
  for (const way of [owner.copyLink, owner.shownLink, owner.qrCode]) await expect(way).toHaveCount(0);
  await owner.log.getByRole('button', { name: 'Unlock the room' }).click();
  await expect(owner.copyLink).toBeVisible();
});

test('the name that was given is changed in its place, and guests read the new one', async ({ newOwner, newGuest }) => {
  const owner = await newOwner();
  await owner.log.getByRole('button', { name: 'Change your name' }).click();
  await owner.log.getByRole('textbox', { name: 'Your name' }).fill('Ann');
  await owner.page.keyboard.press('Enter');
  await expect(owner.log).toContainText('You’re \u2068Ann\u2069');
  await expect(owner.log.getByRole('button', { name: 'Change your name' })).toBeFocused();
  const guest = await (await newGuest(owner.link)).join('Bob');
  await expect(guest.person('Ann')).toBeVisible();
});

test('the invitation folds into the notice of the first guest, and whoever types goes on typing at the same place', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  await owner.composer.fill('Hello, are you');
  const place = await owner.composer.boundingBox();
  const guest = await door.join('Bob');
  await owner.page.keyboard.type(' there?');
  await owner.expectNotice('Bob', 'joined');
  await expect(owner.shownLink).toHaveCount(0);
  await expect(owner.composer).toBeFocused();
  await expect(owner.composer).toHaveValue('Hello, are you there?');
  expect(await owner.composer.boundingBox()).toEqual(place);
  await expect(guest.shownLink).toHaveCount(0);

  await guest.leave();
  await expect(owner.log).toContainText('It’s just you again');
  await expect(owner.shownLink).toBeVisible();
});

test('a guest who comes does not take the name that is being written, nor the focus', async ({
  newOwner,
  newGuest,
}) => {
  const owner = await newOwner();
  const door = await newGuest(owner.link);
  const field = owner.log.getByRole('textbox', { name: 'Your name' });
  await owner.log.getByRole('button', { name: 'Change your name' }).click();
  await field.fill('An');
  await door.join('Bob');
  await owner.expectNotice('Bob', 'joined');
  await expect(field).toBeFocused();
  await field.press('End');
  await owner.page.keyboard.type('n');
  await owner.page.keyboard.press('Enter');
  await expect(owner.person('Ann')).toBeVisible();
  await expect(owner.shownLink).toHaveCount(0);
  await expect(owner.log).toBeFocused();
});

test('everybody can invite at any time', async ({ newTalk, newPerson }) => {
  const { guest, link } = await newTalk({ browser: CLIPBOARD });
  await guest.say('Somebody is missing');
  await guest.invite.click();
  await expect(guest.dialog).toContainText('Invite someone');
  await expectScanned(guest, link);
  await guest.copyLink.click();
  await expect(guest.copyLink).toHaveAccessibleName('Copied');
  const third = await newPerson();
  await third.goto(await clipboardOf(guest.page));
  await new DoorScreen(third).join('Kim');
  await guest.page.keyboard.press('Escape');
  await expect(guest.invite).toBeFocused();
  await guest.expectNotice('Kim', 'joined');
});
