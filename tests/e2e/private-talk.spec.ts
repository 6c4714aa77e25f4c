import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility';
import { DoorScreen } from './support/door-screen';
import { InsideScreen } from './support/inside-screen';
import { openPlainRoom, readRoom } from './support/room-api';
import { expect, test } from './support/visits';

/** Above the composer: one toast for each person that one asked, or was asked by. */
const toastsOf = ({ page }: InsideScreen) => page.getByRole('list', { name: 'Private talks' }).getByRole('listitem');

async function askForTalk(asker: InsideScreen, name: string): Promise<void> {
  await asker.details(name).click();
  await asker.dialog.getByRole('button', { name: 'Talk privately' }).click();
  await expect(asker.dialog).toHaveCount(0);
}

/** Follows a link that opens in a tab of its own. */
async function follow({ page }: InsideScreen, name: string): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name, exact: true }).click();
  return opened;
}

/** All that a page sends. */
function record({ page }: InsideScreen): string[] {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  return sent;
}

/** All that a page hears of whispers, as the server sends it: each is one event. */
const whispersIn = (bytes: string) => bytes.match(/member\.whispered/g)?.length ?? 0;

/** Reads the event stream of a page’s member beside the page, until the returned function gives all of it. */
async function listenBeside({ page }: InsideScreen): Promise<() => Promise<string>> {
  const roomId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.evaluate(async (channel) => {
    const response = await fetch(`/api/realtime?channel=${channel}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const heard = { bytes: '' };
    Object.assign(window, { heard });
    void (async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
        if (done) return;
        heard.bytes += value;
      }
    })();
  }, roomId);
  return () => page.evaluate(() => (window as unknown as { heard: { bytes: string } }).heard.bytes);
}

/** Asks, opens and meets there; returns both in the new room. */
async function meet(asker: InsideScreen, asked: InsideScreen, name: string) {
  await askForTalk(asker, name);
  await expect(toastsOf(asker)).toContainText('Waiting for');
  await expect(toastsOf(asked)).toContainText('would like to talk privately');
  await expectAccessible(asker.page, 'waiting for somebody');
  await expectAccessible(asked.page, 'an offer of a private talk');
  const door = new DoorScreen(await follow(asked, 'Open'));
  await expect(toastsOf(asked)).toHaveCount(0);
  await door.expectAtTheDoor();
  const guest = await door.join(name);
  await expect(toastsOf(asker)).toContainText('is on the way');
  const owner = new InsideScreen(await follow(asker, 'Go there'));
  await owner.expectInside();
  await expect(toastsOf(asker)).toHaveCount(0);
  for (const screen of [owner, guest]) await screen.expectLive();
  return { owner, guest };
}

test('two of three talk privately in a sealed room of their own, and the third hears nothing of it', async ({
  newCompany,
}) => {
  const { owner: asker, rowan, ines } = await newCompany();
  const sent = [asker, rowan, ines].flatMap(record);
  const [heardByInes, heardByRowan] = await Promise.all([listenBeside(ines), listenBeside(rowan)]);
  const { owner, guest } = await meet(asker, rowan, 'Rowan');
  expect(new URL(owner.link).pathname).not.toBe(new URL(asker.link).pathname);
  expect(guest.link).toBe(owner.link);
  expect(await readRoom(owner.link)).toMatchObject({ sealed: true, maxMembers: 2, members: 2, locked: true });
  await owner.say('between us');
  await expect(guest.message('between us')).toBeVisible();
  await guest.say('and nobody else');
  await expect(owner.message('and nobody else')).toBeVisible();
  // Neither tab can reach into the other.
  expect(await guest.page.evaluate(() => window.opener === null)).toBe(true);

  // Everybody hears this, so a whisper would have been heard before it.
  await ines.say('anybody there?');
  for (const screen of [asker, rowan]) await expect(screen.message('anybody there?')).toBeVisible();
  await expect(toastsOf(ines)).toHaveCount(0);
  await expect.poll(heardByInes).toContain('chat.message');
  expect(whispersIn(await heardByInes())).toBe(0);
  expect(whispersIn(await heardByRowan())).toBeGreaterThan(0);
  const key = new URL(owner.link).hash.slice(1);
  expect(key).toHaveLength(43);
  for (const bytes of [sent.join('\n'), await heardByRowan(), await heardByInes()]) {
    expect(bytes).not.toContain(key);
  }
});

test('in a plain room the pages agree on a key first, and say what that does not prove', async ({
  newPerson,
  newGuest,
}) => {
  const page = await newPerson();
  const path = await openPlainRoom(page);
  await page.goto(path);
  const asker = new InsideScreen(page);
  await asker.expectInside();
  const rowan = await (await newGuest(asker.link)).join('Rowan');
  const ines = await (await newGuest(asker.link)).join('Inês');
  for (const screen of [asker, rowan, ines]) await screen.expectLive();
  const [heardByInes, heardByRowan] = await Promise.all([listenBeside(ines), listenBeside(rowan)]);
  const sent = record(asker);
  await askForTalk(asker, 'Rowan');
  for (const screen of [asker, rowan]) await expect(toastsOf(screen)).toContainText('its server could have posed');
  await expect(asker.page.getByRole('link', { name: 'Go there' })).toBeVisible();
  const guest = await new DoorScreen(await follow(rowan, 'Open')).join('Rowan');
  const owner = new InsideScreen(await follow(asker, 'Go there'));
  await owner.expectInside();
  expect(await readRoom(owner.link)).toMatchObject({ sealed: true, maxMembers: 2 });
  await guest.say('between us');
  await expect(owner.message('between us')).toBeVisible();
  await ines.say('anybody there?');
  await expect.poll(heardByInes).toContain('anybody there?');
  expect(whispersIn(await heardByInes())).toBe(0);
  const key = new URL(owner.link).hash.slice(1);
  for (const bytes of [sent.join('\n'), await heardByRowan()]) expect(bytes).not.toContain(key);
});

test('"not now" and leaving are said to whoever asked, and every tab of the other shows and answers the same offer', async ({
  newTalk,
}) => {
  const { owner, guest } = await newTalk();
  const second = new InsideScreen(await guest.page.context().newPage());
  await second.page.goto(guest.link);
  await second.expectInside();
  await second.expectLive();
  await askForTalk(owner, 'Rowan');
  for (const tab of [guest, second]) await expect(toastsOf(tab)).toHaveCount(1);
  await second.page.getByRole('button', { name: 'Not now' }).click();
  for (const tab of [guest, second]) await expect(toastsOf(tab)).toHaveCount(0);
  await expect(second.composer).toBeFocused();
  await expect(toastsOf(owner)).toContainText('can’t talk privately now');
  await owner.page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(toastsOf(owner)).toHaveCount(0);
  await expect(owner.composer).toBeFocused();
});

test('on a narrow screen one asks with the keyboard, and takes it back', async ({ newOwner, newGuest }) => {
  const owner = await newOwner({ browser: { viewport: { width: 320, height: 640 } } });
  const guest = await (await newGuest(owner.link)).join('Rowan');
  await guest.expectLive();
  await owner.peopleButton.focus();
  await owner.page.keyboard.press('Enter');
  const row = owner.dialog
    .getByRole('listitem')
    .filter({ hasText: 'Rowan' })
    .getByRole('button', { name: /^Rowan/ });
  await row.focus();
  await owner.page.keyboard.press('Enter');
  const ask = owner.dialog.getByRole('button', { name: 'Talk privately' });
  await ask.focus();
  await owner.page.keyboard.press('Enter');
  // The sheet has made way for the toast.
  await expect(owner.dialog).toHaveCount(0);
  await expect(toastsOf(owner)).toContainText('Waiting for');
  await expect(toastsOf(guest)).toHaveCount(1);
  expect(await owner.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await owner.page.getByRole('button', { name: 'Cancel', exact: true }).focus();
  await owner.page.keyboard.press('Enter');
  await expect(toastsOf(owner)).toHaveCount(0);
  await expect(toastsOf(guest)).toHaveCount(0);
});
