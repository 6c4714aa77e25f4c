import { SendingFiles, fileOf } from './support/sending-files';
import { expect, test } from './support/visits';

const MB = 1_048_576;
/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PIXEL });

// A file that is given up in line is removed all the same, and the server knows nothing of it; and a line that is gone is reported.
test.use({ expectedErrors: [/404 \(Not Found\) \(\S+\/api\/files\?|ERR_INTERNET_DISCONNECTED/] });

test.describe('files', () => {
  test('come to the room by the button, a drop and a paste, several at once, with what was written as their caption', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    const files = new SendingFiles(owner.page);
    await owner.composer.fill('From the ridge');
    await expect(files.attach).toHaveAttribute('title', 'Send files, up to 10 MB each');
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

    // A closed sheet sends nothing, and the words stay.
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

  test('on a slow line show how far they are, wait as the server asks, go on after the line was gone, and can be given up', async ({
    newTalk,
  }) => {
    const { owner, guest } = await newTalk();
    const files = new SendingFiles(owner.page);
    await files.slow(200_000);
    await files.choose(files.attach, [fileOf('long.bin', 1.5 * MB), fileOf('unwanted.bin', 1.5 * MB)]);
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
    const long = fileOf('long.bin', 1.5 * MB);
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
    await files.choose(again, [fileOf('long.bin', 1.5 * MB)]);
    await expect(lost.getByRole('status')).toContainText('That’s another file');
    const puts: string[] = [];
    owner.page.on('request', (request) => {
      if (request.method() === 'PUT') puts.push(request.url());
    });
    await files.choose(again, [long]);
    await files.expectAllSent();
    expect(puts.length).toBeLessThan(6);
    await expect(guest.log.getByText('long.bin').first()).toBeVisible();
  });
});
