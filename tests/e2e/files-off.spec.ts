import { SendingFiles, fileOf } from './support/sending-files';
import { expect, test } from './support/visits';

test.use({ settings: { RATE_LIMITS: 'off', FILE_MAX_MB: '0' } });

test('where files are off, there is no button for them and for voices, and a drop does nothing', async ({
  newOwner,
}) => {
  const owner = await newOwner();
  const files = new SendingFiles(owner.page);
  await owner.say('hello');
  await owner.expectStored('hello');
  await expect(files.attach).toHaveCount(0);
  await expect(files.voice).toHaveCount(0);
  await files.bring('drop', [fileOf('a.bin', 9)]);
  await expect(owner.dialog).toHaveCount(0);
});
