import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { deriveJoinProof, deriveRoomKeys } from '@/crypto/room-keys';
import { createIdentityStore } from '@/page/identity-store';
import { purgeKnocks } from '@/page/knock-note';
import type { PageEnvironment } from '@/page/page-context';
import { createRoomPage, type RoomPage } from '@/page/room-page';
import type { Door, Knock, RoomScreen } from '@/page/room-screen';
import { createRunningSession } from '@/session/running-session';
import { timed } from '@/session/server-clock';
import { FakeLocks } from '@tests/support/fake-locks';
import { NAME_WORDS } from '@tests/support/name-words';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, ROOM_ID } from '@tests/unit/session/fake-room';

const MINUTE_MS = 60_000;

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let hash: string;
let identities: PageEnvironment['identities'];
let stops: (() => void)[];

const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Sealing takes turns that virtual time does not count. */
const until = (isSo: () => boolean) => vi.waitFor(() => expect(isSo()).toBe(true), { interval: 1, timeout: 5_000 });

function openPage(): RoomPage {
  const opened = createRoomPage(ROOM_ID, {
    api: room.api,
    page,
    storage,
    lasting: { storage: new FakeStorage(), locks: new FakeLocks() },
    random: () => 0,
    names: NAME_WORDS,
    loadSession: () =>
      Promise.resolve((all, visit) => createRunningSession({ ...all, openStream: room.openStream }, visit)),
    report: (fault) => {
      throw fault;
    },
    readRoom: (id) => timed(room.api.readRoom(id)),
    forget: () => undefined,
    identities,
    stay: { keep: () => undefined, drop: () => undefined },
    setCloseWarning: () => undefined,
    openKeyChannel: undefined,
    address: {
      hash: () => hash,
      linkWith: () => '',
      dropFragment: () => (hash = ''),
      replaceFragment: (secret) => (hash = `#${secret}`),
      follow: () => () => undefined,
    },
  });
  stops.push(opened.start());
  return opened;
}

/** The page is loaded again, in the same tab. */
function reload(): RoomPage {
  for (const stop of stops.splice(0)) stop();
  return openPage();
}

function doorOf(opened: RoomPage): Door {
  const screen: RoomScreen = opened.screen.get();
  if (screen.state !== 'door') throw new Error(`the screen is ${screen.state}`);
  return screen;
}

function knockIn<State extends Knock['state']>(opened: RoomPage, state: State): Extract<Knock, { state: State }> {
  const { knock } = doorOf(opened);
  if (knock?.state !== state) throw new Error(`the knock is ${String(knock?.state)}`);
  return knock as Extract<Knock, { state: State }>;
}

/** Somebody who has asked to be let in. */
async function askToJoin(): Promise<RoomPage> {
  const opened = openPage();
  await settle();
  doorOf(opened).join('Ada');
  await until(() => doorOf(opened).knock !== null);
  return opened;
}

/** The part that waits is fetched by a door that needs it. */
beforeAll(() => import('@/page/waiting'));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  room = new FakeRoom();
  room.you = null;
  room.steering = { entry: 'knock' };
  page = new FakePage();
  storage = new FakeStorage();
  hash = '';
  identities = createIdentityStore(() => () => Promise.reject(new DOMException('none', 'InvalidStateError')));
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe('somebody at a door whose owner is asked', () => {
  it('gives a name, waits, and comes in by themselves once they are let in', async () => {
    const opened = await askToJoin();
    expect(knockIn(opened, 'waiting').trouble).toBeNull();
    expect(room.door.asked.map(({ newcomer }) => newcomer.name)).toEqual(['Ada']);
    await after(8_000);
    expect(knockIn(opened, 'waiting')).toBeTruthy();
    if (room.door.own !== null) room.door.own.state = 'admitted';
    await after(3_000);
    expect(opened.screen.get().state).toBe('inside');
    expect(storage.getItem(`mayfly:knock:${ROOM_ID}`)).toBeNull();
    const { length } = room.door.asked;
    await after(MINUTE_MS);
    expect(room.door.asked).toHaveLength(length);
  });

  it('asks every two seconds or slower, and seldom while nobody looks at the page', async () => {
    await askToJoin();
    await after(20_000);
    const gaps = room.door.asked.slice(1).map(({ at }, index) => at - (room.door.asked[index]?.at ?? 0));
    expect(gaps.length).toBeGreaterThan(5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
    page.visible = false;
    await after(3_000);
    const before = room.door.asked.length;
    await after(MINUTE_MS);
    const hidden = room.door.asked.length - before;
    // A knock that is not repeated for two minutes lapses.
    expect(hidden).toBeGreaterThanOrEqual(1);
    expect(hidden).toBeLessThanOrEqual(4);
    page.visible = true;
    page.emit('visible');
    await after(2_600);
    expect(room.door.asked.length - before).toBeGreaterThan(hidden);
  });

  it('goes on waiting after a reload, without pressing anything', async () => {
    await askToJoin();
    const opened = reload();
    await until(() => opened.screen.get().state === 'door' && doorOf(opened).knock !== null);
    await after(10);
    expect(knockIn(opened, 'waiting').trouble).toBeNull();
    expect(room.door.asked.map(({ newcomer }) => newcomer.name)).toEqual(['Ada', 'Ada']);
  });

  it('waits through a line that is down, says so, and keeps to the time that the server asks for', async () => {
    const opened = await askToJoin();
    room.refusals.set('joinRoom', { reason: 'unreachable' });
    await after(6_000);
    expect(knockIn(opened, 'waiting').trouble).toEqual({ reason: 'unreachable' });
    room.refusals.set('joinRoom', { reason: 'rate_limited', retryAfterSeconds: 30 });
    await after(40_000);
    const asked = room.calls.filter((call) => call === 'joinRoom').length;
    await after(25_000);
    expect(room.calls.filter((call) => call === 'joinRoom').length - asked).toBeLessThanOrEqual(1);
    room.refusals.clear();
    page.emit('online');
    await after(3_000);
    expect(knockIn(opened, 'waiting').trouble).toBeNull();
  });

  it('stops when they want, and is back at the form with the name that they chose', async () => {
    const opened = await askToJoin();
    knockIn(opened, 'waiting').stop();
    const { knock, suggestedName, joining } = doorOf(opened);
    expect([knock, suggestedName, joining]).toEqual([null, 'Ada', false]);
    const { length } = room.door.asked;
    await after(MINUTE_MS);
    expect(room.door.asked).toHaveLength(length);
    const again = reload();
    await after(10);
    expect(doorOf(again).knock).toBeNull();
  });

  it('gives back a seat that comes after they stopped', async () => {
    const opened = await askToJoin();
    let open = () => {};
    room.gate = new Promise((resolve) => (open = resolve));
    await after(3_000);
    if (room.door.own !== null) room.door.own.state = 'admitted';
    knockIn(opened, 'waiting').stop();
    open();
    await after(10);
    expect(room.calls).toContain('leaveRoom');
    expect(doorOf(opened).knock).toBeNull();
  });
});

it('somebody who stopped, and asks again before the answer is there, keeps the seat that it brings', async () => {
  const opened = await askToJoin();
  let release = () => {};
  room.gate = new Promise((resolve) => (release = resolve));
  await after(2_600);
  knockIn(opened, 'waiting').stop();
  doorOf(opened).join('Ada');
  if (room.door.own !== null) room.door.own.state = 'admitted';
  await settle();
  release();
  await until(() => opened.screen.get().state === 'inside');
  await after(1_000);
  expect(opened.screen.get().state).toBe('inside');
  expect(room.calls).not.toContain('leaveRoom');
});

describe('a refusal', () => {
  async function refuse(opened: RoomPage) {
    if (room.door.own !== null) room.door.own.state = 'refused';
    await after(3_000);
    return knockIn(opened, 'refused');
  }

  it('says when one may ask again, twice, and then never; a reload remembers it', async () => {
    const opened = await askToJoin();
    for (let refusals = 1; refusals < 3; refusals += 1) {
      const { againAt, ask } = await refuse(opened);
      expect(againAt).toBeGreaterThan(Date.now() + 55_000);
      expect(againAt).toBeLessThanOrEqual(Date.now() + MINUTE_MS);
      await after(MINUTE_MS);
      room.door.own = null;
      ask?.();
      await after(10);
      expect(knockIn(opened, 'waiting')).toBeTruthy();
    }
    const last = await refuse(opened);
    expect([last.againAt, last.ask]).toEqual([null, null]);
    const again = reload();
    await until(() => again.screen.get().state === 'door' && doorOf(again).knock !== null);
    expect(knockIn(again, 'refused').ask).toBeNull();
  });

  it('without having asked is for good: an address that was removed from a public room', async () => {
    room.steering = { entry: 'open', listed: true, topic: 'Bees' };
    room.refusals.set('joinRoom', { reason: 'refused' });
    const opened = await askToJoin();
    expect(knockIn(opened, 'refused')).toMatchObject({ againAt: null, ask: null });
  });
});

describe('while one waits', () => {
  it('a locked or full room is said to be that, and nobody waits any more', async () => {
    for (const reason of ['room_locked', 'room_full'] as const) {
      room.refusals.clear();
      const opened = await askToJoin();
      room.refusals.set('joinRoom', { reason });
      await after(3_000);
      const { knock, failure } = doorOf(opened);
      expect([knock, failure]).toEqual([null, { reason }]);
      for (const stop of stops.splice(0)) stop();
    }
  });

  it('the end of the room is shown as it is', async () => {
    const opened = await askToJoin();
    room.gone = true;
    await after(3_000);
    expect(opened.screen.get()).toMatchObject({ state: 'ended', reason: 'gone' });
  });

  it('another way in, as when nobody has to ask any more, is taken', async () => {
    const opened = await askToJoin();
    room.steering = { entry: 'open' };
    await after(3_000);
    expect(opened.screen.get().state).toBe('inside');
  });
});

describe('the note of somebody who waits', () => {
  const noted = () => storage.getItem(`mayfly:knock:${ROOM_ID}`);

  it('goes when they come in by another tab of their browser, and asks for nothing later', async () => {
    const opened = await askToJoin();
    expect(noted()).not.toBeNull();
    room.you = ME;
    // The door hears of it before it is answered itself.
    room.refusals.set('joinRoom', { reason: 'unreachable' });
    await after(11_000);
    expect(opened.screen.get().state).toBe('inside');
    expect(noted()).toBeNull();
  });

  it('goes when a page that was put away is loaded again inside', async () => {
    await askToJoin();
    room.you = ME;
    const opened = reload();
    await until(() => opened.screen.get().state === 'inside');
    expect(noted()).toBeNull();
  });

  it('is kept for as long as the room, also where its end moves meanwhile', async () => {
    await askToJoin();
    room.extend();
    await after(11 * MINUTE_MS);
    purgeKnocks(storage, Date.now());
    expect(noted()).not.toBeNull();
  });
});

describe('at the door of a sealed room', () => {
  it('one shows proof, member and card, the same each time, and never a name; a new key ends it', async () => {
    vi.useRealTimers();
    const secret = makeSecret();
    const keys = await deriveRoomKeys(secret, 0);
    room.keyCheck = keys.keyCheck;
    room.proof = await deriveJoinProof(secret);
    hash = `#${secret}`;
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
      shouldAdvanceTime: true,
    });
    const opened = openPage();
    await until(() => opened.screen.get().state === 'door');
    doorOf(opened).join('Ada');
    await until(() => doorOf(opened).knock?.state === 'waiting');
    await after(3_000);
    await until(() => room.door.asked.length > 1);
    await after(3_000);
    await until(() => room.door.asked.length > 2);
    const shown = room.door.asked.map(({ newcomer }) => newcomer);
    expect(
      Object.keys(shown[0] ?? {})
        .filter((field) => shown[0]?.[field as 'name'] !== undefined)
        .sort(),
    ).toEqual(['card', 'memberId', 'proof']);
    expect(new Set(shown.map(({ memberId }) => memberId)).size).toBe(1);
    expect(shown[1]).toEqual(shown[2]);
    // The owner removed somebody, and everybody at the door has the old link.
    room.replaced.push(keys.keyCheck);
    room.epoch = 1;
    room.keyCheck = (await deriveRoomKeys(makeSecret(), 1)).keyCheck;
    room.refusals.set('joinRoom', { reason: 'wrong_key' });
    await after(3_000);
    await until(() => opened.screen.get().state === 'key-replaced');
    expect(storage.getItem(`mayfly:knock:${ROOM_ID}`)).toBeNull();
  });
});

it('what a tab has noted of a knock goes with the room', async () => {
  await askToJoin();
  expect(storage.getItem(`mayfly:knock:${ROOM_ID}`)).toContain('Ada');
  purgeKnocks(storage, Date.now());
  expect(storage.getItem(`mayfly:knock:${ROOM_ID}`)).not.toBeNull();
  purgeKnocks(storage, Date.now() + 3_600_000);
  expect(storage.getItem(`mayfly:knock:${ROOM_ID}`)).toBeNull();
});
