import { randomBytes } from 'node:crypto';
import { ReceivingFiles } from './support/receiving-files';
import { fileOf, SendingFiles, type SentFile } from './support/sending-files';
import { expect, test } from './support/visits';
import type { InsideScreen } from './support/inside-screen';

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PIXEL });
const RIGHT_TO_LEFT_OVERRIDE = '\u202e';

/** A second of silence. */
function silence(name: string): SentFile {
  const samples = 8_000;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samples, 24);
  head.writeUInt32LE(samples, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  return { name, mimeType: 'audio/wav', buffer: Buffer.concat([head, Buffer.alloc(samples, 0x80)]) };
}

async function send(from: InsideScreen, files: readonly SentFile[], caption = ''): Promise<void> {
  const sending = new SendingFiles(from.page);
  await sending.choose(sending.attach, files);
  await expect(sending.rows).toHaveCount(files.length);
  await sending.caption.fill(caption);
  await sending.send.click();
  await sending.expectAllSent();
}

test('a picture is there at once, and whole in a viewer that keys lead through', async ({ newTalk }) => {
  const { owner, guest } = await newTalk();
  const files = new ReceivingFiles(guest.page);
  await send(owner, [picture('ridge.png'), picture('lake.png')], 'From the *ridge*');
  const first = files.picture('From the ridge');
  await expect(first.getByRole('img')).toHaveAttribute('src', /^data:image\//);
  await expect(files.picture('lake.png')).toBeVisible();
  await expect(guest.page.getByText('sent a picture: From the ridge')).toHaveCount(1);

  await first.focus();
  await first.press('Enter');
  await expect(files.whole).toHaveAttribute('alt', 'From the ridge');
  await expect(files.viewer).toContainText('1 of 2');
  await guest.expectAccessible('a picture as a whole');
  await guest.page.keyboard.press('+');
  await expect(files.whole).toHaveAttribute('style', /scale\(1\.5\)/);
  await guest.page.keyboard.press('0');
  await expect(files.whole).toHaveAttribute('style', /scale\(1\)/);
  await guest.page.keyboard.press('ArrowRight');
  await expect(files.whole).toHaveAttribute('alt', 'lake.png');
  const saved = guest.page.waitForEvent('download');
  await files.viewer.getByRole('button', { name: 'Save file' }).click();
  expect((await saved).suggestedFilename()).toBe('lake.png');
  await guest.page.keyboard.press('Escape');
  await expect(files.viewer).toHaveCount(0);
  await expect(first).toBeFocused();
  // It is at hand from now on.
  await expect(first.getByRole('img')).toHaveAttribute('src', /^blob:/);
  await guest.expectAccessible('pictures in a talk');
});

test('a file is saved with its bytes and a safe name, and only what its bytes show is shown', async ({ newTalk }) => {
  const { owner, guest, link } = await newTalk();
  const files = new ReceivingFiles(guest.page);
  const text = { name: 'notes.txt', mimeType: 'text/plain', buffer: randomBytes(300_000) };
  const hostile = fileOf(`${'long '.repeat(60)}${RIGHT_TO_LEFT_OVERRIDE}gpj.exe`, 1_000);
  const archive = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('PK\u0003\u0004 no picture') };
  const drawing = {
    name: 'drawing.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  };
  const website = {
    name: 'invitation.html',
    mimeType: 'text/html',
    buffer: Buffer.from('<!doctype html><script>top.location = "/"</script>'),
  };
  const addresses = await files.followAddresses();
  await send(owner, [text, hostile, archive, drawing, website, silence('tune.wav')]);

  const notes = await files.have(files.card('notes.txt'));
  expect(notes.name).toBe('notes.txt');
  expect(notes.bytes.equals(text.buffer)).toBe(true);

  const named = await files.have(files.card('.exe'));
  expect(named.name).toMatch(/^long .*\.exe$/u);
  expect(named.name).not.toContain(RIGHT_TO_LEFT_OVERRIDE);
  expect(Buffer.byteLength(named.name)).toBeLessThanOrEqual(200);
  await expect(files.log).not.toContainText(RIGHT_TO_LEFT_OVERRIDE);

  // Two are called pictures, and by their bytes they are not; a website is opened by nobody here.
  expect((await files.have(files.card('drawing.svg'))).bytes.equals(drawing.buffer)).toBe(true);
  expect((await files.have(files.card('invitation.html'))).bytes.equals(website.buffer)).toBe(true);
  expect((await files.have(files.card('photo.jpg'))).name).toBe('photo.jpg.bin');
  await expect(files.log.getByRole('img')).toHaveCount(0);
  expect(await addresses()).toEqual(Array<string>(5).fill('application/octet-stream'));
  expect(guest.page.url()).toBe(link);

  await files.load(files.card('tune.wav')).click();
  await expect(files.card('tune.wav').locator('audio')).toBeVisible();
  expect((await addresses()).at(-1)).toBe('audio/wav');
  await guest.expectAccessible('files in a talk');
  await guest.expectFitsWidth();
});

const pieces = (url: URL) => url.pathname === '/api/files/piece';

test('what was altered on its way is not offered, and what was taken back or is over leaves no address', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const files = new ReceivingFiles(guest.page);
  const addresses = await files.followAddresses();
  const asked: string[] = [];
  guest.page.on('request', (request) => {
    if (pieces(new URL(request.url()))) asked.push(request.url());
  });
  await send(owner, [fileOf('plan.bin', 1_000), picture('lake.png'), fileOf('rest.bin', 1_000)]);
  await guest.page.route(pieces, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body.writeUInt8(body.readUInt8(40) ^ 1, 40);
    await route.fulfill({ response, body });
  });
  const plan = files.card('plan.bin');
  await files.load(plan).click();
  await expect(plan).toContainText('This file isn’t what its sender sealed, so it isn’t shown.');
  await expect(files.save(plan)).toHaveCount(0);
  await guest.page.unroute(pieces);
  await plan.getByRole('button', { name: 'Try again' }).click();
  await expect(files.save(plan)).toBeVisible();
  await files.picture('lake.png').click();
  await expect(files.whole).toBeVisible();
  await guest.page.keyboard.press('Escape');
  expect((await addresses()).length).toBe(2);

  const [piece = ''] = asked;
  // On a connection of its own each time: taking back waits for five seconds, after which the server closes an idle one.
  const statusOf = async () => (await guest.page.request.get(piece, { headers: { connection: 'close' } })).status();
  expect(await statusOf()).toBe(200);
  await owner.row('plan.bin').hover();
  await owner.action('More').click();
  await expect(owner.choice('Take back')).toBeVisible();
  await expect(owner.choice('Copy text')).toHaveCount(0);
  await expect(owner.choice('Edit')).toHaveCount(0);
  await owner.choice('Take back').click();
  await expect(plan).toHaveCount(0, { timeout: 15_000 });
  // And for good: whoever kept where it was has nothing of that.
  await expect.poll(statusOf).toBe(404);
  await expect.poll(addresses).toHaveLength(1);

  const { confirm } = await owner.askToDestroy();
  await confirm.click();
  await expect(guest.composer).toHaveCount(0);
  await expect.poll(addresses).toEqual([]);
});
