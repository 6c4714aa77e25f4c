import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCard } from '@/crypto/card';
import { makeSecret, type RoomSecret } from '@/crypto/fragment';
import { makeIdentity } from '@/crypto/identity';
import { deriveJoinProof, deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import { memberIdSchema } from '@/domain/room';
import { createIdentityStore, type IdentityStore } from '@/page/identity-store';
import type { PageEnvironment } from '@/page/page-context';
import { createRoomPage, type RoomPage } from '@/page/room-page';
import type { RoomScreen } from '@/page/room-screen';
import { createRunningSession } from '@/session/running-session';
import { timed } from '@/session/server-clock';
import { eventually } from '@tests/support/eventually';
import { NAME_WORDS } from '@tests/support/name-words';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ROOM_ID } from '@tests/unit/session/fake-room';

/** The page of a sealed room, with real keys and a server in memory; Web Crypto keeps its own time, so the time is real. */
let room: FakeRoom;
let secret: RoomSecret;
let keys: RoomKeys;
let hash: string;
let identities: IdentityStore;
let stops: (() => void)[];

const inMemory = () => createIdentityStore(() => () => Promise.reject(new DOMException('none', 'InvalidStateError')));

function openPage(): RoomPage {
  const environment: PageEnvironment = {
    api: room.api,
    page: new FakePage(),
    storage: new FakeStorage(),
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
      linkWith: (shown) => `https://mayfly.example/room/${ROOM_ID}#${shown}`,
      dropFragment: () => (hash = ''),
      replaceFragment: (shown) => (hash = `#${shown}`),
      follow: () => () => undefined,
    },
  };
  const opened = createRoomPage(ROOM_ID, environment);
  stops.push(opened.start());
  return opened;
}

/** Waits for the screen to be in the given state. */
async function screenIn<State extends RoomScreen['state']>(opened: RoomPage, state: State) {
  await eventually(() => expect(opened.screen.get().state).toBe(state));
  return opened.screen.get() as Extract<RoomScreen, { state: State }>;
}

const memberOf = async (opened: RoomPage) => (await screenIn(opened, 'inside')).session.info.get().you.memberId;

/** The page of somebody who joined. */
async function joined(): Promise<RoomPage> {
  const opened = openPage();
  (await screenIn(opened, 'door')).join('Sly Fox');
  await screenIn(opened, 'inside');
  return opened;
}

beforeEach(async () => {
  secret = makeSecret();
  keys = await deriveRoomKeys(secret, 0);
  room = new FakeRoom();
  room.keyCheck = keys.keyCheck;
  room.proof = await deriveJoinProof(secret);
  room.you = null;
  room.members = [];
  hash = `#${secret}`;
  identities = inMemory();
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
});

describe('joining a sealed room', () => {
  it('shows the proof and a card that is the member’s own, and keeps the keys before the server hears of them', async () => {
    const { joinRoom } = room.api;
    let keptBefore: unknown;
    let shown: unknown;
    Object.assign(room.api, {
      joinRoom: async (...asked: Parameters<typeof joinRoom>) => {
        keptBefore = (await identities.load(ROOM_ID))?.identity.memberId;
        shown = asked[1];
        return joinRoom(...asked);
      },
    });
    const memberId = await memberOf(await joined());
    expect(keptBefore).toBe(memberId);
    expect(shown).toMatchObject({ proof: room.proof, memberId });
    const card = room.members[0]?.card ?? '';
    const opened = await openCard((epoch) => (epoch === 0 ? keys : undefined), memberId, card);
    expect(opened).toMatchObject({ kind: 'opened', card: { name: 'Sly Fox', epoch: 0 } });
    expect(room.members[0]?.name).toBeUndefined();
  });

  it('by two tabs at once gives both the one seat', async () => {
    const tabs = [openPage(), openPage()];
    const doors = await Promise.all(tabs.map((tab) => screenIn(tab, 'door')));
    for (const door of doors) door.join('Sly Fox');
    const [one, other] = await Promise.all(tabs.map(memberOf));
    expect(one).toBe(other);
    expect(room.members).toHaveLength(1);
  });

  it('of a room whose end has moved since the page was loaded keeps the keys until the new end', async () => {
    const opened = openPage();
    const { join } = await screenIn(opened, 'door');
    room.extend();
    join('Sly Fox');
    await screenIn(opened, 'inside');
    const kept = async () => (await identities.load(ROOM_ID))?.endsAt ?? 0;
    await eventually(async () => expect(await kept()).toBeGreaterThan(room.expiresAt - 60_000));
  });

  it('and coming back to it after its end has moved keeps them until then, too', async () => {
    await joined();
    for (const stop of stops.splice(0)) stop();
    // Nobody of this browser is here to hear it.
    room.extend();
    await screenIn(openPage(), 'inside');
    const kept = async () => (await identities.load(ROOM_ID))?.endsAt ?? 0;
    await eventually(async () => expect(await kept()).toBeGreaterThan(room.expiresAt - 60_000));
  });

  it('with keys that had their seat makes new ones, once', async () => {
    const first = await memberOf(await joined());
    // The answer to leaving was lost, or the tab was closed before its keys were discarded.
    for (const stop of stops.splice(0)) stop();
    room.you = null;
    room.members = [];
    const second = await memberOf(await joined());
    expect(second).not.toBe(first);
    expect((await identities.load(ROOM_ID))?.identity.memberId).toBe(second);
    expect(room.calls.filter((call) => call === 'joinRoom')).toHaveLength(3);
  });

  it('by a link that was replaced while one stood at the door says so', async () => {
    const opened = openPage();
    const door = await screenIn(opened, 'door');
    const next = makeSecret();
    room.replaced = [keys.keyCheck];
    room.epoch = 1;
    room.keyCheck = (await deriveRoomKeys(next, 1)).keyCheck;
    room.proof = await deriveJoinProof(next);
    door.join('Sly Fox');
    await screenIn(opened, 'key-replaced');
    expect(room.members).toEqual([]);
  });
});

describe('the link', () => {
  it('that was replaced is told from one that is wrong, before a name is asked for', async () => {
    room.replaced = [keys.keyCheck];
    room.epoch = 1;
    room.keyCheck = (await deriveRoomKeys(makeSecret(), 1)).keyCheck;
    await screenIn(openPage(), 'key-replaced');
    hash = `#${makeSecret()}`;
    await screenIn(openPage(), 'key-wrong');
    expect(room.calls).not.toContain('joinRoom');
  });
});

describe('a seat whose keys', () => {
  it('are kept is entered with them, after a reload and in another tab', async () => {
    const memberId = await memberOf(await joined());
    expect(await memberOf(openPage())).toBe(memberId);
    expect(room.calls.filter((call) => call === 'joinRoom')).toHaveLength(1);
  });

  it('are the maker’s and still lie under the member’s id is entered with them', async () => {
    const identity = await makeIdentity();
    const { memberId } = identity;
    await identities.add(memberId, { identity, endsAt: Date.now() + 60_000, epoch: 0 });
    room.you = memberId;
    room.owner = memberId;
    expect(await memberOf(openPage())).toBe(memberId);
    expect((await identities.load(ROOM_ID))?.identity.memberId).toBe(memberId);
    expect(await identities.load(memberId)).toBeNull();
  });

  it('are lost moves to new ones, and ownership with it', async () => {
    const before = await memberOf(await joined());
    for (const stop of stops.splice(0)) stop();
    room.owner = before;
    identities = inMemory();
    const after = await memberOf(openPage());
    expect(after).not.toBe(before);
    expect(room.members.map(({ memberId }) => memberId)).toEqual([after]);
    expect(room.owner).toBe(after);
    expect((await identities.load(ROOM_ID))?.identity.memberId).toBe(after);
  });

  it('are lost and cannot move yet is read on without speaking, and moves when the wait is over', async () => {
    const before = await memberOf(await joined());
    for (const stop of stops.splice(0)) stop();
    identities = inMemory();
    room.refusals.set('joinRoom', { reason: 'rate_limited', retryAfterSeconds: 1 });
    const opened = openPage();
    expect(await memberOf(opened)).toBe(before);
    room.refusals.clear();
    await eventually(async () => expect(await memberOf(opened)).not.toBe(before));
  });

  it('are kept, while the server names another seat, does not give them up, and asks once a minute at most', async () => {
    const memberId = await memberOf(await joined());
    for (const stop of stops.splice(0)) stop();
    const before = room.calls.filter((call) => call === 'joinRoom').length;
    const { readRoom } = room.api;
    Object.assign(room.api, {
      readRoom: async (...asked: Parameters<typeof readRoom>) => {
        const answer = await readRoom(...asked);
        const you = { memberId: memberIdSchema.parse('Liarxxxxxxxxxxxx'), owner: false };
        return answer.ok ? { ...answer, value: { ...answer.value, you } } : answer;
      },
    });
    const opened = openPage();
    await eventually(async () => expect(await memberOf(opened)).toBe('Liarxxxxxxxxxxxx'));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(room.calls.filter((call) => call === 'joinRoom').length - before).toBeLessThanOrEqual(1);
    expect((await identities.load(ROOM_ID))?.identity.memberId).toBe(memberId);
  });

  it('are lost, with a link that was replaced, needs the newest link', async () => {
    await joined();
    for (const stop of stops.splice(0)) stop();
    identities = inMemory();
    room.replaced = [keys.keyCheck];
    room.epoch = 1;
    room.keyCheck = (await deriveRoomKeys(makeSecret(), 1)).keyCheck;
    await screenIn(openPage(), 'key-replaced');
  });

  it.each(['left', 'removed', 'displaced'] as const)('was %s loses them, and only them', async (reason) => {
    const memberId = await memberOf(await joined());
    room.loseSeat(reason);
    await eventually(async () => expect(await identities.load(ROOM_ID)).toBeNull());
    const other = { identity: await makeIdentity(), endsAt: Date.now() + 60_000, epoch: 0 };
    await identities.add(ROOM_ID, other);
    await identities.discard(ROOM_ID, memberId);
    expect(await identities.load(ROOM_ID)).not.toBeNull();
  });
});
