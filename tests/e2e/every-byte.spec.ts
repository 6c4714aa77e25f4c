import { randomBytes, randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { secretSchema } from '@/crypto/fragment';
import { roomIdSchema } from '@/domain/room';
import { deriveEpoch, toBytes } from '../support/sealing-reference.mjs';
import { EndedScreen } from './support/ended-screen';
import type { InsideScreen } from './support/inside-screen';
import { openEverything } from './support/open-everything';
import { OpenMember } from './support/open-member';
import { expect, test } from './support/recorded';
import { roomIdOf } from './support/room-api';
import { countTraces, expectNoTrace, type Secrets } from './support/traces';

/** Compressed answers would contain nothing that can be found. */
const UNCOMPRESSED = { 'accept-encoding': 'identity' };
const BROWSER = { extraHTTPHeaders: UNCOMPRESSED };

const NAMES = {
  owner: 'Tintagel Mugwort',
  guest: 'Ärenfeld Wanderfalke',
  third: 'Quillon Bärlapp',
  guestLater: 'Zephyrine Habicht',
};
const SAID = ['Heliotrope at sunrise, bring nothing', 'Verstanden: Königsforst, südlicher Eingang 🌘', '"null"'];
const CORRECTED = 'vermilion as a first thought';
const CORRECTION = 'ultramarine on reflection';
const TAKEN_BACK = 'indiscretion of a moment';
const REPLY = 'marmalade in reply';
const EMOJI = '👩🏾‍🚀';
const MENTION = `@${NAMES.guest} quincunx at noon`;
/** A room that is offered, as nobody else may have it. */
const OFFER = {
  roomId: roomIdSchema.parse('OfferedRoomOfThisTest0'),
  secret: secretSchema.parse(randomBytes(32).toString('base64url')),
};
const UNDER_A_NEW_LINK = 'passphrase zanzibar-quadrille';
const SAID_AFTER = ['Chrysalis without witnesses', 'Gewiss: Mühlendamm, Höhe Fährhaus'];

/** Words that appear nowhere else by chance, by when they were said. */
const BEFORE = [
  ...['Heliotrope', 'sunrise', 'bring nothing', 'Verstanden', 'Königsforst', 'Eingang 🌘', 'vermilion', 'ultramarine'],
  ...[
    'indiscretion',
    'marmalade',
    'quincunx',
    EMOJI,
    'passphrase',
    'zanzibar',
    'quadrille',
    NAMES.owner,
    NAMES.guest,
    NAMES.third,
  ],
];
const AFTER = ['Chrysalis', 'without witnesses', 'Gewiss', 'Mühlendamm', 'Fährhaus', NAMES.guestLater];
/** What contents are made of. */
const PARTS = ['"kind"', '"sender"', '"emoji"', '"mentions"', '"secret"'];
/** The scripts that Redis is given name such parts as well, without their values. */
const STORED_PARTS = [
  '"kind":"text"',
  '"kind":"reply"',
  '"kind":"reaction"',
  '"kind":"edit"',
  '"kind":"room"',
  '"mentions"',
  '"sender":"',
  '"emoji"',
];

const listed = (words: readonly string[]): Secrets => Object.fromEntries(words.map((word) => [word, word]));

const except = (secrets: Secrets, ...names: string[]): Secrets =>
  Object.fromEntries(Object.entries(secrets).filter(([name]) => !names.includes(name)));

const epochOf = (link: string, epoch: number) => deriveEpoch(new URL(link).hash.slice(1), epoch);
type Epoch = ReturnType<typeof epochOf>;

/** What the server may have of an epoch are its check and the hash of its proof. */
const secretsOf = ({ epoch, secret, messageKey, phrase }: Epoch): Secrets => ({
  [`secret ${epoch}`]: secret,
  [`the bytes of secret ${epoch}`]: toBytes(secret),
  [`message key ${epoch}`]: messageKey,
  [`phrase ${epoch}`]: phrase,
});

const proofOf = ({ epoch, joinProof }: Epoch): Secrets => ({
  [`proof ${epoch}`]: joinProof,
  [`the bytes of proof ${epoch}`]: toBytes(joinProof),
});

/** Takes the bodies of a room's joins out of what was sent: a proof may stand there and nowhere else. */
function withoutJoins(requests: Buffer, roomId: string): { bodies: string[]; rest: Buffer } {
  const bodies: string[] = [];
  const join = new RegExp(`(POST /api/room/join\\?roomId=${roomId} (?:[^\\r]+\\r\\n)+\\r\\n)(\\{[^}]*\\})`, 'g');
  const rest = requests.toString('latin1').replace(join, (_, head: string, body: string) => {
    bodies.push(body);
    return head;
  });
  return { bodies, rest: Buffer.from(rest, 'latin1') };
}

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

interface Three {
  readonly owner: InsideScreen;
  readonly guest: InsideScreen;
  readonly third: OpenMember;
}

async function talk({ owner, guest, third }: Three): Promise<void> {
  const speakers = [owner, guest, third];
  for (const [index, text] of SAID.entries()) {
    await speakers[index]?.say(text);
    await third.read(text);
    for (const page of [owner, guest]) await expect(page.message(text)).toBeVisible();
  }
  await third.say(CORRECTED);
  await third.say(TAKEN_BACK);
  for (const page of [owner, guest]) await expect(page.message(TAKEN_BACK)).toBeVisible();
}

async function sayAboutMessages({ owner, guest, third }: Three): Promise<void> {
  const { session } = third;
  const { id, memberId: by } = await third.read(SAID[0] ?? '');
  session.reply({ id, by }, REPLY);
  session.react({ id, by }, EMOJI);
  session.edit((await third.read(CORRECTED)).id, CORRECTION);
  session.takeBack((await third.read(TAKEN_BACK)).id);
  expect((await third.say(MENTION)).mentions).toHaveLength(1);
  expect(session.offerRoom(OFFER)).toBe(true);
  for (const page of [owner, guest]) {
    await expect(page.message(REPLY)).toBeVisible();
    await expect(page.message(CORRECTION)).toBeVisible();
    await expect(page.message('quincunx at noon')).toBeVisible();
    await expect(page.log.getByRole('link', { name: OFFER.roomId })).toBeVisible();
    await expect(page.log).toContainText(EMOJI);
    await expect(page.log).not.toContainText(TAKEN_BACK);
  }
}

/** The owner makes a new link, removes the third one, and talks on with the guest. Returns the links, the first one included. */
async function removeThird({ owner, guest, third }: Three): Promise<string[]> {
  const links = [owner.link];
  await owner.renewLink();
  await guest.expectNewLink(links[0] ?? '');
  links.push(owner.link);
  await guest.say(UNDER_A_NEW_LINK);
  await third.read(UNDER_A_NEW_LINK);

  await owner.remove(NAMES.third);
  await expect.poll(() => third.session.connection.get().state).toBe('ended');
  for (const page of [guest, owner]) await page.expectNewLink(links[1] ?? '');
  links.push(owner.link);
  for (const [index, text] of SAID_AFTER.entries()) {
    await (index % 2 === 0 ? owner : guest).say(text);
    await expect((index % 2 === 0 ? guest : owner).message(text)).toBeVisible();
  }
  await guest.rename(NAMES.guestLater);
  await expect(owner.person(NAMES.guestLater)).toBeVisible();
  return links;
}

type Recordings = Readonly<Record<'requests' | 'answers' | 'commands' | 'log', Buffer>>;

function expectNothingInClear(recorded: Recordings, roomId: string, epochs: readonly Epoch[], secrets: Secrets): void {
  const { requests, answers, commands } = recorded;
  // The recordings contain what they must, so that finding nothing means something.
  for (const { epoch, keyCheck } of epochs) {
    for (const [place, recording] of Object.entries({ requests, answers, commands })) {
      for (const given of [roomId, keyCheck, `"v2.${epoch}.`])
        expect(recording.includes(given), `${given} in the ${place}`).toBe(true);
    }
  }
  expect(answers.toString('latin1')).not.toMatch(/^content-encoding:/im);
  expect(requests.toString('latin1')).not.toMatch(/^referer:/im);
  expectNoTrace(recorded, secrets);
  // The answers are left out: they include the program itself.
  expectNoTrace({ requests }, listed(PARTS));
  expectNoTrace({ commands }, listed(STORED_PARTS));

  const { bodies, rest } = withoutJoins(requests, roomId);
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(body).toContain(`"proof":"${epochs[0]?.joinProof}"`);
  for (const epoch of epochs) expectNoTrace({ ...recorded, requests: rest }, proofOf(epoch));
}

function expectNothingOpened(recording: Buffer, [first, renewed, last]: readonly Epoch[], { privateKeys }: OpenMember) {
  const { sign, agree } = privateKeys;
  const known = openEverything(recording, { secret: first?.secret ?? '', agree: [agree], others: [sign] });
  const read = JSON.stringify([...known.opened.values()]);
  expect(BEFORE.filter((word) => !read.includes(word))).toEqual([]);
  expect(AFTER.filter((word) => read.includes(word))).toEqual([]);
  expect([...known.secrets].sort()).toEqual([first?.secret, renewed?.secret, OFFER.secret].sort());
  expect([...known.opened.keys()].filter((sealed) => sealed.startsWith('v2.2.'))).toEqual([]);

  // What they cannot open is there: with the newest link alone, everything opens.
  const all = openEverything(recording, { secret: last?.secret ?? '', agree: [] });
  const everything = JSON.stringify([...all.opened.values()]);
  expect([...BEFORE, ...AFTER].filter((word) => !everything.includes(word))).toEqual([]);
  expect([...all.secrets].sort()).toEqual([first?.secret, renewed?.secret, last?.secret, OFFER.secret].sort());
}

test('no secret, name, word, kind or target of three people leaves a browser, and whoever is removed opens nothing said after', async ({
  newOwner,
  newGuest,
  redis,
  wire,
  commands,
  server,
}) => {
  test.setTimeout(120_000);
  /** The recordings, once they are complete. */
  const record = async (): Promise<Recordings> => {
    const mark = randomUUID();
    await redis.command('ECHO', mark);
    await expect.poll(() => commands.bytes().includes(mark)).toBe(true);
    const [requests, answers] = [wire.requests.bytes(), wire.answers.bytes()];
    return { requests, answers, commands: commands.bytes(), log: Buffer.from(server.log()) };
  };

  const owner = await newOwner({ browser: BROWSER });
  const guest = await (await newGuest(owner.link, BROWSER)).join(NAMES.guest);
  const third = await OpenMember.join(owner.link, NAMES.third, UNCOMPRESSED);
  const three = { owner, guest, third };
  await owner.rename(NAMES.owner);
  for (const name of [NAMES.owner, NAMES.third]) await expect(guest.person(name)).toBeVisible();
  await talk(three);

  // The server knows each message's own id. A reply, a reaction or an edit must not name it once more.
  const targets = {
    'the target of a reply and a reaction': (await third.read(SAID[0] ?? '')).id,
    'what is edited': (await third.read(CORRECTED)).id,
  };
  const countNamed = async () => {
    const { requests, commands: stored } = await record();
    return countTraces({ requests, commands: stored }, targets);
  };
  const named = await countNamed();
  for (const target of Object.keys(targets)) expect(named).toHaveProperty([`${target} as plain in commands`]);
  await sayAboutMessages(three);
  expect(await countNamed()).toEqual(named);

  const links = await removeThird(three);
  await guest.page.reload();
  // A reply quotes its message.
  await guest.expectTalk([...SAID, ...SAID.slice(0, 1), ...SAID_AFTER]);
  const epochs = links.map(epochOf);
  const secrets: Secrets = {
    ...Object.fromEntries(epochs.flatMap((epoch) => Object.entries(secretsOf(epoch)))),
    ...listed([...BEFORE, ...AFTER]),
    'the room that was offered': OFFER.roomId,
    'the key of the room that was offered': OFFER.secret,
    'its bytes': toBytes(OFFER.secret),
    'a private key to sign with': toBytes(third.privateKeys.sign),
    'a private key to agree with': toBytes(third.privateKeys.agree),
  };
  // A browser keeps its own person's name, and nobody else's.
  expectNoTrace({ 'the owner’s browser': await kept(owner.page) }, except(secrets, NAMES.owner));
  expectNoTrace({ 'the guest’s browser': await kept(guest.page) }, except(secrets, NAMES.guest, NAMES.guestLater));

  await guest.leave();
  await (await owner.askToDestroy()).confirm.click();
  await new EndedScreen(owner.page).expectDestroyed();
  const recorded = await record();
  expectNothingInClear(recorded, roomIdOf(links[0] ?? ''), epochs, secrets);
  expectNothingOpened(Buffer.concat(Object.values(recorded)), epochs, third);
});
