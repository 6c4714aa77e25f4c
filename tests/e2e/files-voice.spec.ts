import config from '../../playwright.config';
import { ReceivingFiles } from './support/receiving-files';
import { SendingFiles } from './support/sending-files';
import { expect, test } from './support/visits';

const launchOptions = config.use?.launchOptions;

test.use({
  launchOptions: {
    ...launchOptions,
    args: [
      ...(launchOptions?.args ?? []),
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
});

test('a voice is recorded by a press or while one holds, listened to, discarded, sent and played, and the microphone is free afterwards', async ({
  newTalk,
}) => {
  // Made the room by a press on the front page, where nobody may record.
  const { owner: speaker, guest: listener } = await newTalk();
  const { page } = speaker;
  const files = new SendingFiles(page);
  const recorded = await files.followRecorder();

  // Nothing is asked for before the press.
  expect(await recorded()).toEqual({ open: 0, types: [] });
  await files.voice.click();
  const stop = page.getByRole('button', { name: 'Stop recording' });
  await expect(stop).toBeFocused();
  await expect(speaker.composer).toBeHidden();
  await speaker.expectAccessible('a recording');
  await page.keyboard.press('Escape');
  await expect(speaker.composer).toBeFocused();
  expect((await recorded()).open).toBe(0);

  await files.voice.click();
  const timer = page.getByRole('timer');
  // Or later: a second is over before a slow machine has looked.
  await expect(timer.filter({ hasText: /^0:0[2-9]$/ })).toBeVisible();
  await stop.click();
  const listen = page.getByRole('button', { name: 'Listen' });
  await expect(listen).toBeFocused();
  // As the browser makes them: Chromium on most systems has the first, and all have the last.
  const best = await page.evaluate(() =>
    ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus'].find((type) =>
      MediaRecorder.isTypeSupported(type),
    ),
  );
  expect(await recorded()).toEqual({ open: 0, types: [best, best] });
  await speaker.expectAccessible('a recording to be listened to');
  await listen.click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(listen).toBeVisible();
  await page.getByRole('button', { name: 'Send voice message' }).click();
  await expect(speaker.composer).toBeFocused();
  await files.expectAllSent();

  await files.voice.hover();
  await page.mouse.down();
  await expect(timer.filter({ hasText: /^0:0[1-9]$/ })).toBeVisible();
  await page.mouse.up();
  await expect(listen).toBeFocused();
  expect((await recorded()).open).toBe(0);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(speaker.composer).toBeFocused();

  const received = new ReceivingFiles(listener.page);
  const addresses = await received.followAddresses();
  const voice = listener.log.getByRole('group', { name: /^Voice message, 0:0[2-9]$/ });
  const position = voice.getByRole('slider', { name: 'Position' });
  await expect(position).toHaveAttribute('aria-valuetext', /^0:00 of 0:0\d$/);
  await voice.getByRole('button', { name: 'Play' }).click();
  // Both at once, since it is over after two seconds.
  await Promise.all([
    expect(voice.getByRole('button', { name: 'Pause' })).toBeVisible(),
    expect(position).not.toHaveValue('0'),
  ]);
  expect((await addresses()).at(-1)).toMatch(/^audio\/(mp4|webm)$/);
  // It plays to its end, and stands at its beginning again.
  await expect(voice.getByRole('button', { name: 'Play' })).toBeVisible({ timeout: 20_000 });
  await expect(position).toHaveValue('0');
  await position.focus();
  await position.press('ArrowRight');
  await expect(position).toHaveValue('2000');
  await expect(position).toHaveAttribute('aria-valuetext', /^0:02 of 0:0\d$/);
  await position.press('ArrowLeft');
  await expect(position).toHaveValue('0');
  await listener.expectAccessible('a voice message');
});

test('whoever made a room on the front page sees its pictures, also after Back and Forward', async ({
  newFront,
  newGuest,
}) => {
  const front = await newFront();
  const { page } = front;
  const maker = await front.makeRoom();
  const { link } = maker;
  const guest = await (await newGuest(link)).join('Rowan');
  const files = new SendingFiles(page);
  const received = new ReceivingFiles(page);
  const [drawing, small] = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const draw = (width: number) => {
      [canvas.width, canvas.height] = [width, 30];
      canvas.getContext('2d')?.fillRect(0, 0, 20, 20);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    };
    return [draw(400), draw(40)];
  });
  const pictureOf = (name: string, base64 = '') => ({
    name,
    mimeType: 'image/png',
    buffer: Buffer.from(base64, 'base64'),
  });
  await files.choose(files.attach, [pictureOf('drawing.png', drawing)]);
  await files.send.click();
  await files.expectAllSent();
  const expectShown = async (name: string, width: number) => {
    await received.picture(name).click();
    await expect(received.whole).toHaveAttribute('src', /^blob:/);
    await expect
      .poll(() => received.whole.evaluate((shown) => (shown instanceof HTMLImageElement ? shown.naturalWidth : 0)))
      .toBe(width);
    await page.keyboard.press('Escape');
    await expect(received.viewer).toHaveCount(0);
  };
  await expectShown('drawing.png', 400);

  await maker.composer.fill('half a sentence');
  await expect.poll(() => maker.keptDraft()).not.toBe('');
  await page.goBack();
  await expect(front.make).toBeEnabled();
  await expect(front.make).toHaveText('Make a room');
  await page.reload();
  await page.goForward();
  await expect(maker.composer).toHaveValue('half a sentence');
  expect(maker.link).toBe(link);
  await maker.expectLive();
  await guest.say('Still there?');
  await expect(maker.message('Still there?')).toBeVisible();
  // What stood in the field goes with it as its caption.
  await files.choose(files.attach, [pictureOf('small.png', small)]);
  await files.send.click();
  await files.expectAllSent();
  await expectShown('half a sentence', 40);
  await files.voice.click();
  await expect(page.getByRole('button', { name: 'Stop recording' })).toBeFocused();
});
