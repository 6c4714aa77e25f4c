import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { DoorScreen } from './support/door-screen';
import { InsideScreen } from './support/inside-screen';
import { joinRoom } from './support/program-seat';
import { expect, test } from './support/recorded';
import { openPlainRoom, readRoom, roomIdOf } from './support/room-api';
import { expectNoTrace, type Secrets } from './support/traces';

const SAID = [
  'Heliotrope at sunrise, bring nothing',
  'Verstanden: Königsforst, südlicher Eingang 🌘',
  'passphrase zanzibar-quadrille',
  '"null"',
];
/** Words that nothing else would contain by chance. */
const WORDS = [
  'Heliotrope',
  'sunrise',
  'bring nothing',
  'Verstanden',
  'Königsforst',
  'Eingang 🌘',
  'passphrase',
  'zanzibar',
  'quadrille',
];
const NAMES = { guest: 'Ärenfeld Wanderfalke', owner: 'Tintagel Mugwort' };

/**
 * The key that a link carries, and the values derived from it. The check is public, and sent to the server on purpose.
 */
function keysOf(link: string): { secrets: Secrets; keyCheck: string } {
  const text = new URL(link).hash.slice(1);
  const key = Buffer.from(text, 'base64url');
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync('sha256', key, '', `mayfly/v1/${info}`, bytes));
  return {
    secrets: {
      'the link’s key': text,
      'the key’s bytes': key,
      'the message key': derive('message', 32),
      'the phrase': derive('phrase', 6),
    },
    keyCheck: derive('check', 8).toString('base64url'),
  };
}

const words = (list: readonly string[]): Secrets => Object.fromEntries(list.map((word) => [word, word]));

/** Everything that a page and its browser keep, as one text. */
async function kept(page: Page): Promise<Buffer> {
  const state = await page.context().storageState({ indexedDB: true });
  const tab = await page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie,
    referrer: document.referrer,
    windowName: window.name,
  }));
  return Buffer.from(JSON.stringify({ state, tab, cookies: await page.context().cookies() }));
}

async function openSafety(inside: InsideScreen): Promise<string[]> {
  await inside.sealButton.click();
  await expect(inside.dialog.getByRole('heading', { name: 'This room is sealed' })).toBeVisible();
  const phrase = await inside.dialog.getByRole('listitem').allInnerTexts();
  await inside.page.keyboard.press('Escape');
  return phrase;
}

test('neither the key, nor anything derived from it, nor a word or name of the conversation reaches the server or Redis', async ({
  newOwner,
  newGuest,
  redis,
  requests,
  commands,
  server,
}) => {
  const owner = await newOwner();
  const { link } = owner;
  const { secrets, keyCheck } = keysOf(link);
  const guest = await (await newGuest(link)).join(NAMES.guest);
  await owner.rename(NAMES.owner);
  await expect(guest.person(NAMES.owner)).toBeVisible();
  for (const [index, text] of SAID.entries()) {
    await (index % 2 === 0 ? owner : guest).say(text);
    await expect((index % 2 === 0 ? guest : owner).message(text)).toBeVisible();
  }
  await openSafety(owner);
  await owner.setLocked(true);
  await guest.page.reload();
  await guest.expectTalk(SAID);

  const atRest = {
    'what the owner’s browser keeps': await kept(owner.page),
    'what the guest’s browser keeps': await kept(guest.page),
  };
  expectNoTrace(atRest, { ...secrets, ...words(WORDS) });

  await guest.leave();
  await (await owner.askToDestroy()).confirm.click();
  await expect(owner.heading).toHaveText('The room was destroyed');
  const mark = randomUUID();
  await redis.command('ECHO', mark);
  await expect.poll(() => commands.bytes().includes(mark)).toBe(true);

  const onTheWay = { requests: requests.bytes(), commands: commands.bytes(), log: Buffer.from(server.log()) };
  // The recordings contain what they must, so that finding nothing means something.
  for (const public_ of [roomIdOf(link), keyCheck, '"v1.']) {
    expect(onTheWay.requests.includes(public_), `${public_} in the requests`).toBe(true);
    expect(onTheWay.commands.includes(public_), `${public_} in the commands`).toBe(true);
  }
  expectNoTrace(onTheWay, { ...secrets, ...words([...WORDS, ...Object.values(NAMES)]) });
  expect(onTheWay.requests.toString('latin1')).not.toMatch(/^referer:/im);
});

test('a link without its key, with a wrong one or with a part of it is reported at the door, and joins nobody', async ({
  newOwner,
  newPerson,
}) => {
  const { link } = await newOwner();
  const [address = '', key = ''] = link.split('#');
  const page = await newPerson();
  const door = new DoorScreen(page);
  const faults = [
    ['', 'The link is not complete'],
    [`#${randomBytes(32).toString('base64url')}`, 'This key does not fit'],
    [`#${key.slice(0, -6)}`, 'This key does not fit'],
  ] as const;
  for (const [fragment, heading] of faults) {
    await page.goto('about:blank');
    await page.goto(`${address}${fragment}`);
    await expect(door.heading).toHaveText(heading);
    await expect(page.getByText('You have not joined, and nobody saw you here.')).toBeVisible();
    await expect(door.joinButton).toHaveCount(0);
  }
  expect((await readRoom(link)).members).toBe(1);

  // The whole link, pasted over the broken one, does not load a new page.
  await page.goto(link);
  await door.expectAtTheDoor();
  await door.join();
});

test('a reload keeps the key, and two people who hold it see the same safety phrase', async ({ newTalk, newOwner }) => {
  const { owner, guest } = await newTalk();
  await owner.say('before the reload');
  await guest.page.reload();
  await expect(guest.message('before the reload')).toBeVisible();
  await guest.say('after the reload');
  await expect(owner.message('after the reload')).toBeVisible();

  const phrase = await openSafety(owner);
  expect(phrase).toHaveLength(6);
  expect(await openSafety(guest)).toEqual(phrase);
  expect(await openSafety(await newOwner())).not.toEqual(phrase);
});

test('a plain room says so at the door and inside, and a key in its link is ignored', async ({
  newPerson,
  newGuest,
  server,
}) => {
  const page = await newPerson();
  const path = await openPlainRoom(page);
  await page.goto(path);
  const owner = new InsideScreen(page);
  await owner.expectInside();
  await expect(owner.sealButton).toHaveAccessibleName('Not sealed');
  await owner.sealButton.click();
  await expect(owner.dialog).toContainText('The server can read what is said here until the room is gone.');
  await owner.page.keyboard.press('Escape');

  const door = await newGuest(server.url + path);
  await expect(door.facts).toContainText('Not sealed: the server can read what is said here.');
  const guest = await door.join();
  await guest.say('in the open');
  await expect(owner.message('in the open')).toBeVisible();

  const deceived = await newPerson();
  await deceived.goto(`${path}#${randomBytes(32).toString('base64url')}`);
  await expect(new DoorScreen(deceived).heading).toHaveText('This key does not fit');
});

test('a text that cannot be unsealed is marked as such, is never shown as text and does not stop the rest', async ({
  newTalk,
  server,
}) => {
  const { owner, guest, link } = await newTalk();
  await owner.say('the first');
  await expect(guest.message('the first')).toBeVisible();
  const stranger = await joinRoom(server.url, roomIdOf(link));
  const history = (await (await stranger.ask('GET', `/api/messages?roomId=${stranger.roomId}`)).json()) as {
    messages: { sender: string; text: string }[];
  };
  const heard = history.messages[0];
  expect(heard?.text).toMatch(/^v1\./);
  // Somebody who has the link's address without its key can only make noise, or repeat strings that others have sealed.
  await stranger.say(`v1.${'A'.repeat(16)}.${'B'.repeat(112)}`, `v1.${'C'.repeat(16)}.${'D'.repeat(112)}`);
  await stranger.say(heard?.text ?? '', heard?.sender);
  await guest.say('the last');

  for (const person of [owner, guest]) {
    await expect(person.message('the last')).toBeVisible();
    await expect(person.message('This message could not be opened.')).toHaveCount(2);
    await person.expectTalk(['the first', 'the last']);
    await expect(person.log).not.toContainText('v1.');
  }
  await guest.page.reload();
  await guest.expectTalk(['the first', 'the last']);
  await expect(guest.message('This message could not be opened.')).toHaveCount(2);
});
