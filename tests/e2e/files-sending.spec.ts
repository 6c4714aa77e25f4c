import { createDecipheriv } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions } from '@playwright/test';
import { joined, segment, SECRETS, tiffOf } from '../support/pictures';
import { pieceDataOf } from '../support/sealing-reference.mjs';
import { ReceivingFiles } from './support/receiving-files';
import { roomIdOf } from './support/room-api';
import { SendingFiles, fileOf } from './support/sending-files';
import { expectNoTrace } from './support/traces';
import { expect, test } from './support/visits';

const MB = 1_048_576;
/** Twenty seconds and more on the slow lines below: it is still on its way after all that a slow machine does meanwhile. */
const LONG = 4 * MB;
/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PIXEL });

// A line that is gone is reported, and a room that is gone while a piece is on its way or a line is being opened.
test.use({
  expectedErrors: [/ERR_INTERNET_DISCONNECTED|404 \(Not Found\) \(\S+\/api\/(files(\/piece)?|realtime|room)\?/],
});

const PHONE: BrowserContextOptions = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };

test.describe('files', () => {
  test('come to the room by the button, a drop and a paste, several at once, with what was written as their caption', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    const files = new SendingFiles(owner.page);
    await owner.composer.fill('From the ridge');
    await expect(files.attach).toHaveAttribute('title', 'Attach files, up to 10 MB each');
    await files.choose(files.attach, [picture('view.png'), fileOf('plan.bin', 300_000)]);
    await expect(files.caption).toBeFocused();
    await expect(files.caption).toHaveValue('From the ridge');
    await files.bring('drop', [fileOf('nothing.txt', 0)]);
    await files.bring('drop', [fileOf('far too much.bin', 10.5 * MB)]);
    await expect(files.row('view.png')).toContainText('Place and camera are taken out');
    await expect(files.row('plan.bin')).toContainText('293 kB');
    await expect(files.row('nothing.txt')).toContainText('It’s empty');
    await expect(files.row('far too much.bin')).toContainText('A file may have up to 10 MB.');
    await owner.expectAccessible('the sheet of chosen files');
    await owner.expectFitsWidth();
    await files
      .row('nothing.txt')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(files.rows).toHaveCount(3);
    await expect(files.send).toHaveText('Send 2 files');
    await files.caption.press('Enter');
    await expect(files.sheet).toHaveCount(0);
    await expect(owner.composer).toBeFocused();
    await expect(owner.composer).toHaveValue('');
    await files.expectAllSent();
    await expect(guest.message('From the ridge')).toBeVisible();
    await expect(guest.log.getByText('plan.bin').first()).toBeVisible();

    // A sheet that is closed sends nothing, and its words stay.
    await owner.composer.fill('Not yet');
    await owner.composer.focus();
    await files.bring('paste', [picture('pasted.png')]);
    await expect(files.row('pasted.png')).toBeVisible();
    await owner.page.keyboard.press('Escape');
    await expect(files.sheet).toHaveCount(0);
    await expect(owner.composer).toHaveValue('Not yet');
    await files.bring('dragover', [picture('dragged.png')]);
    await expect(owner.page.getByText('Drop to send')).toBeVisible();
    await files.bring('drop', [picture('dragged.png')]);
    await expect(owner.page.getByText('Drop to send')).toHaveCount(0);
    await files.send.click();
    await files.expectAllSent();
    await expect(guest.message('Not yet')).toBeVisible();
  });

  test('on a slow line show how far they are, wait when asked to, go on after the line was gone, and can be given up', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    const files = new SendingFiles(owner.page);
    await files.slow(200_000);
    await files.choose(files.attach, [fileOf('long.bin', LONG), fileOf('unwanted.bin', LONG)]);
    await files.send.click();
    const long = files.upload('long.bin');
    await expect(files.upload('unwanted.bin')).toContainText('Next in line');
    await files.upload('unwanted.bin').getByRole('button', { name: 'Don’t send unwanted.bin' }).click();
    await expect(files.upload('unwanted.bin')).toHaveCount(0);
    await expect(long.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '0', { timeout: 20_000 });
    await long.getByRole('button', { name: 'Pause long.bin' }).click();
    await expect(long).toContainText('Paused at');
    await owner.expectAccessible('a file on its way');
    // What somebody says meanwhile does not wait for it.
    await owner.say('It takes a while');
    await expect(guest.message('It takes a while')).toBeVisible();
    await files.slow(null, true);
    await long.getByRole('button', { name: 'Go on with long.bin' }).click();
    await expect(long).toContainText('Waiting to send', { timeout: 20_000 });
    await files.slow(null);
    await files.expectAllSent();
    await expect(guest.log.getByText('long.bin').first()).toBeVisible();
    await expect(guest.log.getByText('unwanted.bin')).toHaveCount(0);
  });

  test('are chosen again after a reload, and what has arrived of them is not sent again', async ({ newTalk }) => {
    const { owner, guest } = await newTalk();
    const files = new SendingFiles(owner.page);
    const long = fileOf('long.bin', LONG);
    const taken = files.followPieces();
    await files.slow(200_000);
    await files.choose(files.attach, [long]);
    await files.send.click();
    await expect(files.progress).not.toHaveAttribute('aria-valuenow', '0', { timeout: 20_000 });
    const asked: string[] = [];
    owner.page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await owner.page.reload();
    expect(asked).toEqual(['beforeunload']);
    await owner.expectInside();
    await files.slow(null);
    const lost = files.upload('long.bin');
    await expect(lost).toContainText('Choose the file again to go on.');
    const again = lost.getByRole('button', { name: 'Choose the file again' });
    await files.choose(again, [fileOf('long.bin', LONG)]);
    await expect(lost.getByRole('status')).toContainText('That’s another file');
    const before = taken.length;
    expect(before).toBeGreaterThan(0);
    await files.choose(again, [long]);
    await files.expectAllSent();
    // None of them is sent a second time.
    expect(taken.length).toBeGreaterThan(before);
    expect(taken).toEqual([...new Set(taken)]);
    const received = new ReceivingFiles(guest.page);
    expect((await received.have(received.card('long.bin'))).bytes.equals(long.buffer)).toBe(true);
  });

  test('go from a phone on a slow line through a new link and a line that goes, each piece once, and are whole on a desktop', async ({
    newCompany,
  }) => {
    const { owner, rowan } = await newCompany({ rowan: PHONE });
    const files = new SendingFiles(rowan.page);
    const taken = files.followPieces();
    const before = owner.link;
    const long = fileOf('long.bin', LONG);
    await files.slow(150_000);
    await files.attach.tap();
    await expect(files.sheet).toContainText('Up to 10 MB a file. All files of a room together: up to 40 MB.');
    await files.sheet.getByRole('button', { name: 'Close' }).tap();
    await expect(files.sheet).toHaveCount(0);
    await files.attach.tap();
    await files.choose(files.pick, [long]);
    await files.caption.fill('From my phone');
    await files.send.tap();
    await expect(files.progress).not.toHaveAttribute('aria-valuenow', '0', { timeout: 20_000 });
    await rowan.expectFitsWidth();
    await owner.remove('Inês');
    await rowan.expectNewLink(before);
    await files.slow(null, true);
    await expect(files.upload('long.bin')).toContainText('Waiting to send', { timeout: 20_000 });
    await rowan.expectAccessible('a file that waits, on a phone');
    await files.slow(null);
    await files.expectAllSent();
    const received = new ReceivingFiles(owner.page);
    const card = received.card('long.bin');
    await expect(card).toContainText('From my phone');
    expect((await received.have(card)).bytes.equals(long.buffer)).toBe(true);
    expect(taken).toEqual([...new Set(taken)]);

    // The end of the room is that of what is on its way, and of all that was kept of it.
    await files.slow(50_000);
    await files.attach.tap();
    await files.choose(files.pick, [long]);
    await files.send.tap();
    await expect(files.progress).toBeVisible();
    await expect.poll(() => files.countKept()).toBe(1);
    await (await owner.askToDestroy()).confirm.click();
    await expect(rowan.composer).toHaveCount(0);
    await expect.poll(() => files.countKept()).toBe(0);
  });

  test('that are pictures are stored and delivered without place, camera and comments', async ({ newTalk }) => {
    const { owner, guest, link } = await newTalk();
    const files = new SendingFiles(owner.page);
    const keys = await files.followFileKeys();
    const sealed: { fileId: string; index: number; body: Buffer }[] = [];
    owner.page.on('request', (request) => {
      const { searchParams } = new URL(request.url());
      const body = request.method() === 'PUT' ? request.postDataBuffer() : null;
      if (body)
        sealed.push({ fileId: searchParams.get('fileId') ?? '', index: Number(searchParams.get('index')), body });
    });
    const taken = await owner.page.evaluate(() => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [640, 480];
      canvas.getContext('2d')?.fillRect(0, 0, 320, 240);
      return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
    });
    const pixels = Buffer.from(taken, 'base64');
    const photo = Buffer.from(
      joined(
        pixels.subarray(0, 2),
        segment(0xe1, 'Exif\0\0', tiffOf(1)),
        segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', SECRETS.xmp),
        segment(0xed, 'Photoshop 3.0\0', SECRETS.iptc),
        segment(0xfe, SECRETS.comment),
        pixels.subarray(2),
        SECRETS.trailer,
      ),
    );
    await files.choose(files.attach, [{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: photo }]);
    await expect(files.row('photo.jpg')).toContainText('Place and camera are taken out');
    await files.send.click();
    await files.expectAllSent();

    const [piece] = sealed;
    if (piece === undefined || sealed.length > 1) throw new Error(`${sealed.length} pieces were sent`);
    const stored = openPiece(await keys(), pieceDataOf(roomIdOf(link), piece.fileId, piece.index, true), piece.body);
    const received = new ReceivingFiles(guest.page);
    const preview = await received.picture('photo.jpg').getByRole('img').getAttribute('src');
    await received.picture('photo.jpg').click();
    await expect(received.whole).toBeVisible();
    const saved = guest.page.waitForEvent('download');
    await received.viewer.getByRole('button', { name: 'Save file' }).click();
    const delivered = await readFile(await (await saved).path());
    expect(preview).toMatch(/^data:image\/webp;base64,/);
    const small = Buffer.from(preview?.split(',')[1] ?? '', 'base64');
    expectNoTrace({ stored, delivered, small }, { ...SECRETS, exif: 'Exif\0' });
    // All of the picture itself, and zeros behind it.
    expect(stored.subarray(0, delivered.length).equals(delivered)).toBe(true);
    expect(stored.subarray(delivered.length).every((byte) => byte === 0)).toBe(true);
    expect(delivered.subarray(-1_000).equals(pixels.subarray(-1_000))).toBe(true);
  });
});

/** Opens a piece with the one of these keys that it was sealed with. */
function openPiece(keys: readonly string[], place: string, sealed: Buffer): Buffer {
  for (const key of keys) {
    const opened = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), sealed.subarray(0, 12))
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(-16));
    try {
      return Buffer.concat([opened.update(sealed.subarray(12, -16)), opened.final()]);
    } catch {
      // That of something else.
    }
  }
  throw new Error('It was sealed with a key that the page did not use for it.');
}
