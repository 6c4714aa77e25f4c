import config from '../../playwright.config';
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

test('a voice is recorded, listened to, discarded and sent, and the microphone is free afterwards', async ({
  newTalk,
}) => {
  const { owner: listener, guest: speaker } = await newTalk();
  const { page } = speaker;
  const files = new SendingFiles(page);
  await page.evaluate(() => {
    const state = { streams: [] as MediaStream[], types: [] as string[] };
    Object.assign(window, { recorded: state });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      state.streams.push(stream);
      return stream;
    };
    window.MediaRecorder = class extends MediaRecorder {
      constructor(stream: MediaStream, options?: MediaRecorderOptions) {
        super(stream, options);
        state.types.push(options?.mimeType ?? '');
      }
    };
  });
  const recorded = () =>
    page.evaluate(() => {
      const { streams, types } = (window as unknown as { recorded: { streams: MediaStream[]; types: string[] } })
        .recorded;
      return {
        open: streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === 'live').length,
        types,
      };
    });

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
  await expect(page.getByRole('timer').filter({ hasText: '0:02' })).toBeVisible();
  await stop.click();
  const listen = page.getByRole('button', { name: 'Listen' });
  await expect(listen).toBeFocused();
  const { open, types } = await recorded();
  expect(open).toBe(0);
  // As the browser makes them: Chromium on most systems has the first, and all have the last.
  const best = await page.evaluate(() =>
    ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus'].find((type) =>
      MediaRecorder.isTypeSupported(type),
    ),
  );
  expect(types).toEqual([best, best]);
  await speaker.expectAccessible('a recording to be listened to');
  await listen.click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(listen).toBeVisible();
  await page.getByRole('button', { name: 'Send voice message' }).click();
  await expect(speaker.composer).toBeFocused();
  await files.expectAllSent();
  await expect(listener.log.getByRole('group', { name: /^Voice message/ })).toBeVisible();
});
