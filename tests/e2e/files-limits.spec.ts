import { SendingFiles, fileOf } from './support/sending-files';
import { expect, test } from './support/visits';

const MB = 1_048_576;

test.use({
  settings: { RATE_LIMITS: 'off', FILE_MAX_MB: '1', ROOM_FILES_MAX_MB: '2' },
  // The browser's own line about a refusal.
  expectedErrors: [/409 \(Conflict\)/],
});

test('a guest has half of the space for files, and what they take back is there for what did not fit', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const files = new SendingFiles(guest.page);
  await expect(files.attach).toHaveAttribute('title', 'Attach files, up to 1 MB each');
  const removals: string[] = [];
  guest.page.on('request', (request) => {
    if (request.method() === 'DELETE' && request.url().includes('/api/files')) removals.push(request.url());
  });
  await files.choose(files.attach, [fileOf('large.bin', 1.01 * MB), fileOf('first.bin', 0.7 * MB)]);
  await expect(files.row('large.bin')).toContainText('It’s too large. A file may have up to 1 MB.');
  await expect(files.sheet).toContainText('Up to 1 MB a file. All files of a room together: up to 2 MB.');
  await files.send.click();
  await files.expectAllSent();

  await files.choose(files.attach, [fileOf('second.bin', 0.7 * MB), fileOf('small.bin', 1_000)]);
  await files.send.click();
  const second = files.upload('second.bin');
  await expect(second.getByRole('alert')).toHaveText(
    // Before the small one was begun, or after it.
    /^Not sent\. It doesn’t fit: a room takes 2 MB of files, and up to 30[4-7] kB more from you\. Take back a file, or send a smaller one\.$/,
  );
  // What fits goes on, and the owner has the other half.
  await expect(owner.row('small.bin')).toBeVisible();
  await guest.expectAccessible('a file that does not fit');
  const owners = new SendingFiles(owner.page);
  await owners.choose(owners.attach, [fileOf('theirs.bin', 0.9 * MB)]);
  await owners.send.click();
  await owners.expectAllSent();
  // What arrives moves the list, and with it the row under the pointer.
  await expect(guest.row('theirs.bin')).toBeVisible();

  await guest.row('first.bin').hover();
  await guest.action('More').click();
  await guest.choice('Take back').click();
  await expect(owner.row('first.bin')).toHaveCount(0, { timeout: 15_000 });
  await expect.poll(() => removals.length).toBe(1);
  await second.getByRole('button', { name: 'Try again' }).click();
  await files.expectAllSent();
  await expect(owner.row('second.bin')).toBeVisible();
  // The server was never asked to remove what it had refused.
  expect(removals).toHaveLength(1);
});
