import { readFile } from 'node:fs/promises';
import { expectAccessible } from './support/accessibility';
import type { InsideScreen } from './support/inside-screen';
import { lastWordsOf, UNTIL_NEAR } from './support/last-words';
import { OpenMember } from './support/open-member';
import { roomIdOf } from './support/room-api';
import { expect, test } from './support/visits';

/** The addresses of files that the page has made, and of those that it has let go of. */
async function watchFiles({ page }: InsideScreen) {
  const files = await page.evaluateHandle(() => {
    const seen: { made: string[]; released: string[] } = { made: [], released: [] };
    const make = URL.createObjectURL.bind(URL);
    const release = URL.revokeObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      const url = make(blob);
      seen.made.push(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      seen.released.push(url);
      release(url);
    };
    return seen;
  });
  return () => files.jsonValue();
}

test('before the end, each may save a copy that is made in their browser: what is shown, and nothing that was taken back', async ({
  newTalk,
}) => {
  test.setTimeout(110_000);
  const { owner, guest, link } = await newTalk({ minutes: '1 minute' });
  const { save, confirm, goOn } = lastWordsOf(guest);
  await expect(save).toHaveCount(0);
  const third = await OpenMember.join(link, 'Inês <b>');
  const { id, memberId } = await third.say('a **bold** word, <script>alert(1)</script>');
  const gone = await third.say('to be taken back');
  third.session.takeBack(gone.id);
  await owner.say('first wording');
  await guest.say('and mine');
  await expect(guest.message('first wording')).toBeVisible();
  const other = await third.say('the old text');
  third.session.edit(other.id, 'the new text');
  third.session.react({ id, by: memberId }, '🎉');
  await expect(guest.message('the new text')).toBeVisible();
  await expect(guest.message('to be taken back')).toHaveCount(0);

  await expect(save).toBeVisible(UNTIL_NEAR);
  // Only the owner makes a room for all.
  await expect(goOn).toHaveCount(0);
  await expect(lastWordsOf(owner).goOn).toBeVisible();
  const asked: string[] = [];
  guest.page.on('request', (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  const files = await watchFiles(guest);

  await save.focus();
  await guest.page.keyboard.press('Enter');
  await expect(confirm).toBeFocused();
  await expectAccessible(guest.page, 'save a copy?');
  const downloading = guest.page.waitForEvent('download');
  await guest.page.keyboard.press('Enter');
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^mayfly-20\d\d-\d\d-\d\d\.html$/);
  await expect(guest.dialog.getByRole('status')).toHaveText(`Saved as ${download.suggestedFilename()}`);
  const file = await readFile(await download.path(), 'utf8');
  for (const part of [
    'a <b>bold</b> word, &lt;script&gt;alert(1)&lt;/script&gt;',
    'Inês &lt;b&gt;',
    'Rowan',
    'first wording',
    'the new text',
    'edited',
    '🎉 1',
  ])
    expect(file).toContain(part);
  const { hash } = new URL(link);
  for (const part of ['to be taken back', 'the old text', '<script', roomIdOf(link), hash.slice(1)])
    expect(file).not.toContain(part);

  await guest.page.keyboard.press('Escape');
  await expect(save).toBeFocused();
  const { made } = await files();
  expect(made).toHaveLength(1);
  await expect.poll(async () => (await files()).released).toEqual(made);
  // The file was made here: nothing of it went anywhere.
  expect(asked.filter((one) => !/^GET (?:blob:|\S+\/api\/(?:realtime|messages|members)\?)/.test(one))).toEqual([]);
  expect(asked.join('\n')).not.toContain('bold');
});
