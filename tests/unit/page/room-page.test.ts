import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rememberName } from '@/session/people/own-name';
import { recallLostSeat, rememberLostSeat } from '@/page/lost-seat';
import { eventually } from '@tests/support/eventually';
import { FakeLocks } from '@tests/support/fake-locks';
import { keepOutbox, recallOutbox } from '@tests/support/kept-outbox';
import { makeSecret, readFragment } from '@/crypto/fragment';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { deriveJoinProof, deriveRoomKeys } from '@/crypto/room-keys';
import { goOver } from '@/page/going-over';
import { createIdentityStore, type IdentityStore } from '@/page/identity-store';
import { openSealedRoom } from '@/page/open-room';
import type { PageEnvironment } from '@/page/page-context';
import { createRoomPage, type RoomPage } from '@/page/room-page';
import type { RoomScreen } from '@/page/room-screen';
import { createRunningSession } from '@/session/running-session';
import { timed } from '@/session/server-clock';
import { NAME_WORDS } from '@tests/support/name-words';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';

const OTHER_ROOM = roomIdSchema.parse('Zz0Bb1Cc2Dd3Ee4Ff5Gg6H');

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
/** Of the whole browser. */
let lasting: FakeStorage;
let hash: string;
let identities: IdentityStore;
let forgotten: number;
/** The rooms that this browser notes to be inside, and until when. */
let stays: Map<string, number>;
let followers: Set<() => void>;
let stops: (() => void)[];

const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function openPage(roomId: string = ROOM_ID): RoomPage {
  const environment: PageEnvironment = {
    api: room.api,
    page,
    storage,
    lasting: { storage: lasting, locks: new FakeLocks() },
    random: () => 0,
    names: NAME_WORDS,
    loadSession: () =>
      page.online && !page.outdated
        ? Promise.resolve((all, visit) => createRunningSession({ ...all, openStream: room.openStream }, visit))
        : Promise.reject(new Error('the part did not arrive')),
    report: (fault) => {
      throw fault;
    },
    readRoom: (id) => timed(room.api.readRoom(id)),
    forget: () => (forgotten += 1),
    identities,
    stay: { keep: (id, endsAt) => stays.set(id, endsAt), drop: (id) => stays.delete(id) },
    setCloseWarning: () => undefined,
    openKeyChannel: undefined,
    address: {
      hash: () => hash,
      linkWith: (secret) => `https://mayfly.example/room/${ROOM_ID}${secret === null ? '' : `#${secret}`}`,
      dropFragment: () => (hash = ''),
      replaceFragment: (secret) => (hash = `#${secret}`),
      follow: (listener) => {
        followers.add(listener);
        return () => followers.delete(listener);
      },
    },
  };
  const opened = createRoomPage(roomId, environment);
  stops.push(opened.start());
  return opened;
}

function readFragmentOf(fragment: string) {
  const secret = readFragment(fragment);
  if (secret === 'missing' || secret === 'malformed') throw new Error(`the fragment is ${secret}`);
  return secret;
}

/** The screen, once it is in the given state. */
function screenIn<State extends RoomScreen['state']>(
  opened: RoomPage,
  state: State,
): Extract<RoomScreen, { state: State }> {
  const screen = opened.screen.get();
  if (screen.state !== state) throw new Error(`the screen is ${screen.state}, not ${state}`);
  return screen as Extract<RoomScreen, { state: State }>;
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  storage = new FakeStorage();
  lasting = new FakeStorage();
  hash = '';
  identities = createIdentityStore(() => () => Promise.reject(new DOMException('none', 'InvalidStateError')));
  forgotten = 0;
  stays = new Map();
  followers = new Set();
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe('loading the page', () => {
  it('joins nobody', async () => {
    room.you = null;
    const opened = openPage();
    expect(opened.screen.get().state).toBe('loading');
    await settle();
    screenIn(opened, 'door');
    expect(room.calls).toEqual(['readRoom']);
  });

  it('brings in a member who has a seat already', async () => {
    const opened = openPage();
    await settle();
    expect(screenIn(opened, 'inside').session.info.get().you).toMatchObject({ memberId: ME, owner: true });
    expect(room.calls).not.toContain('joinRoom');
  });

  it.each(['short', '../api/room', `${ROOM_ID}x`, ''])('finds no room at %j, without asking', (roomId) => {
    screenIn(openPage(roomId), 'not-found');
    expect(room.calls).toEqual([]);
  });

  it('finds no room that is gone, and drops the key and all that was kept', async () => {
    room.gone = true;
    hash = `#${makeSecret()}`;
    keepOutbox(storage, ROOM_ID, { endsAt: Date.now() + 1_000, memberId: ME, messages: [] });
    storage.setItem(`mayfly:outbox:${ROOM_ID}`, 'left over');
    const opened = openPage();
    await settle();
    screenIn(opened, 'not-found');
    expect([hash, storage.getItem(`mayfly:outbox:${ROOM_ID}`), forgotten]).toEqual(['', null, 1]);
  });

  it.each(['the room is gone', 'its person was removed'])(
    'drops all that closed tabs of this browser have kept when %s meanwhile, and nothing of another room',
    async (what) => {
      if (what === 'the room is gone') room.gone = true;
      else room.you = null;
      for (const name of ['outbox', 'draft']) lasting.setItem(`mayfly:${name}:${ROOM_ID}:a-page`, 'left over');
      lasting.setItem('mayfly:outbox:Zz9Yy8Xx7Ww6Vv5Uu4Tt3S:a-page', 'of another room');
      openPage();
      await settle();
      expect([...lasting.entries.values()]).toEqual(['of another room']);
    },
  );

  it('says why the server could not be reached, and looks again when asked to or when the network is back', async () => {
    room.refusals.set('all', { reason: 'unreachable' });
    const opened = openPage();
    await settle();
    const { failure, retry } = screenIn(opened, 'unreachable');
    expect(failure).toEqual({ reason: 'unreachable' });
    retry();
    await settle();
    screenIn(opened, 'unreachable');
    room.refusals.clear();
    page.emit('online');
    await settle();
    screenIn(opened, 'inside');
  });

  it('can be stopped and started again', async () => {
    const opened = openPage();
    await settle();
    for (const stop of stops) stop();
    expect([opened.screen.get().state, room.streams.size]).toEqual(['loading', 0]);
    stops.push(opened.start());
    await settle();
    screenIn(opened, 'inside');
    expect(room.streams.size).toBe(1);
  });
});

describe('the inside of a room, a part of the program that the door does without,', () => {
  it('is asked for again where it did not arrive: the seat is taken, and the name and the draft are kept', async () => {
    room.you = null;
    const opened = openPage();
    await settle();
    page.online = false;
    screenIn(opened, 'door').join('Ann');
    await settle();
    const { failure, retry } = screenIn(opened, 'unreachable');
    expect([failure, room.calls.filter((call) => call === 'joinRoom')]).toEqual([{ reason: 'offline' }, ['joinRoom']]);
    page.online = true;
    retry();
    await settle();
    expect(screenIn(opened, 'inside').session.info.get().you.name).toBe('Ann');
    expect([page.reloads, room.calls.filter((call) => call === 'joinRoom')]).toEqual([0, ['joinRoom']]);
  });

  it('is no longer there when the server is newer: the page is loaded again when one tries again', async () => {
    page.outdated = true;
    const opened = openPage();
    await settle();
    screenIn(opened, 'unreachable').retry();
    expect(page.reloads).toBe(1);
  });
});

describe('the key', () => {
  /** Web Crypto works on threads that virtual time does not wait for. */
  async function seal(): Promise<string> {
    vi.useRealTimers();
    const secret = makeSecret();
    room = new FakeRoom();
    room.you = null;
    room.keyCheck = (await deriveRoomKeys(secret, 0)).keyCheck;
    return secret;
  }
  const stateOf = async (opened: RoomPage) => {
    await eventually(() => expect(opened.screen.get().state).not.toBe('loading'));
    return opened.screen.get().state;
  };

  it('opens the door of its room', async () => {
    hash = `#${await seal()}`;
    expect(await stateOf(openPage())).toBe('door');
  });

  it('is asked for at the door, and taken when the whole link is pasted over the broken one', async () => {
    const secret = await seal();
    const opened = openPage();
    expect(await stateOf(opened)).toBe('key-missing');
    hash = `#${secret}`;
    for (const listener of followers) listener();
    expect(await stateOf(opened)).toBe('door');
    expect(room.calls).not.toContain('joinRoom');
  });

  it.each([
    ['another one', () => makeSecret() as string],
    ['a broken one', () => 'abc'],
  ])('is called wrong when it is %s', async (_what, other) => {
    await seal();
    hash = `#${other()}`;
    expect(await stateOf(openPage())).toBe('key-wrong');
  });

  it('is not given up for a server that says the room is plain', async () => {
    const secret = await seal();
    room.keyCheck = undefined;
    hash = `#${secret}`;
    expect(await stateOf(openPage())).toBe('key-wrong');
  });

  it('needs https, and says so', async () => {
    hash = `#${await seal()}`;
    vi.stubGlobal('crypto', { getRandomValues: () => undefined });
    try {
      expect(await stateOf(openPage())).toBe('insecure-context');
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe('the door', () => {
  beforeEach(() => {
    room.you = null;
    room.members = [];
  });

  it('offers a name, the same for the whole visit and after a reload', async () => {
    const opened = openPage();
    await settle();
    const { suggestedName } = screenIn(opened, 'door');
    expect(suggestedName).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    const reloaded = openPage();
    await settle();
    expect(screenIn(reloaded, 'door').suggestedName).toBe(suggestedName);
  });

  it('lets a guest in who pressed Join before the room was read, once and under the name that was typed', async () => {
    const opened = openPage();
    const { suggestedName, join } = screenIn(opened, 'loading');
    expect(suggestedName).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    join('Sly Fox');
    expect(screenIn(opened, 'loading').joining).toBe(true);
    await settle();
    expect(screenIn(opened, 'inside').session.info.get().you.name).toBe('Sly Fox');
    expect(room.calls.filter((call) => call === 'joinRoom')).toHaveLength(1);
  });

  it('keeps a press of Join while the server is out of reach', async () => {
    room.refusals.set('all', { reason: 'unreachable' });
    const opened = openPage();
    screenIn(opened, 'loading').join('');
    await settle();
    room.refusals.clear();
    screenIn(opened, 'unreachable').retry();
    expect(screenIn(opened, 'loading').joining).toBe(true);
    await settle();
    screenIn(opened, 'inside');
  });

  it('does not join by an early press where nobody can join, nor later when somebody could', async () => {
    room.maxMembers = 1;
    room.join(OTHER);
    const opened = openPage();
    screenIn(opened, 'loading').join('Sly Fox');
    await settle();
    expect(screenIn(opened, 'door').joining).toBe(false);
    room.maxMembers = 2;
    page.emit('visible');
    await settle();
    expect(screenIn(opened, 'door').room.maxMembers).toBe(2);
    expect(room.calls).not.toContain('joinRoom');
  });

  it('does not join by a press that was meant for another link', async () => {
    hash = '#key';
    const opened = openPage();
    screenIn(opened, 'loading').join('Sly Fox');
    await settle();
    screenIn(opened, 'key-wrong');
    hash = '';
    for (const listener of followers) listener();
    await settle();
    expect(screenIn(opened, 'door').joining).toBe(false);
    expect(room.calls).not.toContain('joinRoom');
  });

  it('shows seats as they are taken, while it is looked at', async () => {
    const opened = openPage();
    await settle();
    room.join(OTHER);
    await after(10_000);
    expect(screenIn(opened, 'door').room.members).toBe(1);
    page.emit('hidden');
    const { length } = room.calls;
    await after(60_000);
    expect(room.calls).toHaveLength(length);
  });

  it('lets a guest in under the chosen name, and remembers it', async () => {
    const opened = openPage();
    await settle();
    screenIn(opened, 'door').join('  Sly Fox ');
    expect(screenIn(opened, 'door').joining).toBe(true);
    await settle();
    expect(screenIn(opened, 'inside').session.info.get().you.name).toBe('Sly Fox');
    expect(room.members[0]?.name).toBe('Sly Fox');
    expect(storage.getItem('mayfly:name')).toBe('Sly Fox');
  });

  it('takes the suggested name when none is given, and two clicks as one', async () => {
    const opened = openPage();
    await settle();
    const { join, suggestedName } = screenIn(opened, 'door');
    join(' ');
    join(' ');
    await settle();
    expect(screenIn(opened, 'inside').session.info.get().you.name).toBe(suggestedName);
    expect(room.calls.filter((call) => call === 'joinRoom')).toHaveLength(1);
  });

  it('refuses a name that is too long without asking the server', async () => {
    const opened = openPage();
    await settle();
    screenIn(opened, 'door').join('x'.repeat(101));
    await settle();
    expect(screenIn(opened, 'door')).toMatchObject({ joining: false, failure: { reason: 'invalid_request' } });
    expect(room.calls).not.toContain('joinRoom');
  });

  it.each(['room_full', 'room_locked', 'rate_limited', 'offline'] as const)(
    'says so when joining is refused: %s',
    async (reason) => {
      const opened = openPage();
      await settle();
      room.refusals.set('joinRoom', { reason });
      screenIn(opened, 'door').join('Sly Fox');
      await settle();
      expect(screenIn(opened, 'door')).toMatchObject({ joining: false, failure: { reason } });
    },
  );

  it('ends when the room does, by the clock or by the owner', async () => {
    const waiting = openPage();
    await settle();
    await after(600_000);
    expect(screenIn(waiting, 'ended')).toMatchObject({ reason: 'expired', draft: '' });

    room = new FakeRoom();
    room.you = null;
    const refreshed = openPage();
    await settle();
    room.gone = true;
    screenIn(refreshed, 'door').refresh();
    await settle();
    expect(screenIn(refreshed, 'ended').reason).toBe('gone');
  });

  it('is passed when another tab of this browser has joined', async () => {
    const opened = openPage();
    await settle();
    room.you = ME;
    room.join(ME);
    page.emit('visible');
    await settle();
    screenIn(opened, 'inside');
  });
});

describe('the end of the room', () => {
  it('takes the key, the caches and the outbox with it, and leaves the draft', async () => {
    hash = '';
    const opened = openPage();
    await settle();
    const { session } = screenIn(opened, 'inside');
    session.setDraft('half a sent');
    storage.setItem(`mayfly:outbox:${ROOM_ID}`, 'left over');
    const before = forgotten;
    room.emit('chat.destroy', { isDestroyed: true, reason: 'destroyed' });
    await settle();
    expect(screenIn(opened, 'ended')).toEqual({
      state: 'ended',
      reason: 'destroyed',
      draft: 'half a sent',
      life: { minutes: 0, people: 1 },
    });
    expect(forgotten).toBeGreaterThan(before);
    expect(recallOutbox(storage, ROOM_ID)).toBeNull();
    expect(storage.getItem(`mayfly:outbox:${ROOM_ID}`)).toBeNull();
  });
});

describe('a reload', () => {
  /** The page as it is after a reload: the same tab, the same address. */
  const reload = async () => {
    for (const stop of stops.splice(0)) stop();
    const opened = openPage();
    await settle();
    return opened;
  };
  const lose = async (reason: 'left' | 'removed' | 'displaced' | 'signed-out') => {
    const opened = openPage();
    await settle();
    screenIn(opened, 'inside').session.setDraft('half a sent');
    room.you = null;
    if (reason === 'signed-out') {
      room.refuseStreams(401);
    } else {
      room.leave(ME, reason);
    }
    await settle();
    expect(screenIn(opened, 'ended')).toMatchObject({ reason, draft: 'half a sent' });
    return opened;
  };
  /** There is no Web Crypto in virtual time, so a fragment that is not a key shows what became of it. */
  const KEY = '#key';

  it.each(['left', 'signed-out'] as const)('after one has %s offers to join again', async (reason) => {
    await lose(reason);
    screenIn(await reload(), 'door');
  });

  it.each(['displaced', 'signed-out'] as const)(
    'is not needed to join again after one was %s, and unsent text comes along',
    async (reason) => {
      const opened = await lose(reason);
      screenIn(opened, 'ended').joinAgain?.();
      await settle();
      screenIn(opened, 'door').join('Sly Fox');
      await settle();
      expect(screenIn(opened, 'inside').session.composer.get().draft).toBe('half a sent');
      screenIn(await reload(), 'inside');
    },
  );

  it('is passed by somebody who comes over from another room, once, and under the same name', async () => {
    room.you = null;
    rememberName(storage, 'Sly Fox');
    goOver({ roomId: OTHER_ROOM });
    screenIn(await reload(), 'door');
    expect(goOver({ roomId: ROOM_ID, secret: 'x'.repeat(43) })).toBe(`/room/${ROOM_ID}#${'x'.repeat(43)}`);
    const opened = await reload();
    expect(screenIn(opened, 'inside').session.info.get().you.name).toBe('Sly Fox');
    room.loseSeat('left');
    await settle();
    screenIn(await reload(), 'door');
  });

  it.each([
    ['destroyed', () => room.emit('chat.destroy', { isDestroyed: true, reason: 'destroyed' })],
    ['expired', () => room.emit('chat.destroy', { isDestroyed: true, reason: 'expired' })],
  ] as const)('leads to the room that its owner offered, when this one is %s', async (_, end) => {
    const opened = await reload();
    screenIn(opened, 'inside').session.offerRoom({ roomId: OTHER_ROOM });
    await settle();
    end();
    await settle();
    expect(screenIn(opened, 'ended').offer).toEqual({ roomId: OTHER_ROOM });
  });

  it('says of a room that expired that it lived its whole time, also where its own clock is behind', async () => {
    const opened = await reload();
    room.emit('chat.destroy', { isDestroyed: true, reason: 'expired' });
    await settle();
    expect(screenIn(opened, 'ended').life).toEqual({ minutes: 10, people: 1 });
  });

  describe('after leaving', () => {
    /** The states of the page from one press on. */
    async function comeBack(meanwhile: () => void = () => undefined) {
      const opened = await lose('left');
      meanwhile();
      const states: string[] = [];
      opened.screen.subscribe(() => states.push(opened.screen.get().state));
      screenIn(opened, 'ended').joinAgain?.();
      await settle();
      return { opened, states: new Set(states) };
    }

    it('is not needed to come back, past the door and under the same name, and unsent text comes along', async () => {
      rememberName(storage, 'Sly Fox');
      const { opened, states } = await comeBack();
      const { session } = screenIn(opened, 'inside');
      expect(session.composer.get().draft).toBe('half a sent');
      expect(session.info.get().you.name).toBe('Sly Fox');
      expect(states).not.toContain('door');
      screenIn(await reload(), 'inside');
    });

    it.each(['room_locked', 'room_full', 'rate_limited'] as const)(
      'leads to the door, with unsent text, where coming back is refused: %s',
      async (reason) => {
        const { opened } = await comeBack(() => room.refusals.set('joinRoom', { reason }));
        expect(screenIn(opened, 'door')).toMatchObject({ draft: 'half a sent', joining: false, failure: { reason } });
        room.refusals.clear();
        screenIn(opened, 'door').join('Sly Fox');
        await settle();
        screenIn(opened, 'inside');
      },
    );

    it('leads past the door once the server is reached again', async () => {
      const { opened } = await comeBack(() => room.refusals.set('all', { reason: 'unreachable' }));
      room.refusals.clear();
      screenIn(opened, 'unreachable').retry();
      await settle();
      screenIn(opened, 'inside');
    });

    it('says so where the link holds no more, and asks at the door of the one that does', async () => {
      const { opened } = await comeBack(() => (hash = KEY));
      screenIn(opened, 'key-wrong');
      hash = '';
      for (const follower of followers) follower();
      await settle();
      screenIn(opened, 'door');
    });

    it('says so where the room is gone meanwhile', async () => {
      const { opened } = await comeBack(() => (room.gone = true));
      expect(screenIn(opened, 'ended')).toMatchObject({ reason: 'gone', draft: 'half a sent' });
    });
  });

  it('loses no unsent text when the room ends before one is in again', async () => {
    const opened = await lose('signed-out');
    screenIn(opened, 'ended').joinAgain?.();
    await settle();
    room.gone = true;
    screenIn(opened, 'door').refresh();
    await settle();
    expect(screenIn(opened, 'ended')).toMatchObject({ reason: 'gone', draft: 'half a sent' });
  });

  it.each(['removed', 'displaced'] as const)('says that one was %s, until the room ends', async (reason) => {
    await lose(reason);
    for (let times = 0; times < 2; times += 1) {
      const { length } = room.calls;
      const opened = await reload();
      expect(screenIn(opened, 'ended')).toMatchObject({ reason, draft: '' });
      // This room is plain: its address alone opens it.
      expect('joinAgain' in screenIn(opened, 'ended')).toBe(true);
      expect(room.calls).toHaveLength(length);
    }
    await after(600_000);
    room.gone = true;
    screenIn(await reload(), 'not-found');
  });

  it('does not offer to join again after a removal that dropped the room’s key', async () => {
    rememberLostSeat(storage, ROOM_ID, { endsAt: Date.now() + 1_000, reason: 'removed', keyless: false });
    expect(screenIn(await reload(), 'ended').joinAgain).toBeUndefined();
  });

  it('is not needed to join again after one was removed from a room that needs no key', async () => {
    const opened = await lose('removed');
    screenIn(opened, 'ended').joinAgain?.();
    await settle();
    expect(screenIn(opened, 'door').draft).toBe('half a sent');
  });

  it('draws a member’s page while one is inside or comes back, and the door after every other end', async () => {
    const opened = openPage();
    expect(screenIn(opened, 'loading').seated).toBe(false);
    await settle();
    expect([...stays]).toEqual([[ROOM_ID, room.expiresAt]]);
    page.emit('left');
    expect(screenIn(opened, 'loading').seated).toBe(true);
    for (const stop of stops.splice(0)) stop();
    for (const reason of ['left', 'displaced', 'signed-out'] as const) {
      room.you = ME;
      const ended = await lose(reason);
      expect([...stays], reason).toEqual([]);
      screenIn(ended, 'ended').joinAgain?.();
      expect(screenIn(ended, 'loading').seated, reason).toBe(reason === 'left');
      for (const stop of stops.splice(0)) stop();
    }
  });

  it('comes at the end that has moved, until which this browser is noted to be inside', async () => {
    const opened = openPage();
    await settle();
    await after(500_000);
    const known = forgotten;
    room.extend();
    await settle();
    expect([...stays]).toEqual([[ROOM_ID, room.expiresAt]]);
    expect(forgotten).toBe(known + 1);
    await after(690_000);
    screenIn(opened, 'inside');
    await after(10_000);
    expect(screenIn(opened, 'ended')).toMatchObject({ reason: 'expired', life: { minutes: 20 } });
    expect([...stays]).toEqual([]);
  });

  it('keeps the reason of a lost seat for as long as the room lasts', async () => {
    const opened = openPage();
    await settle();
    room.extend();
    await settle();
    room.loseSeat('removed');
    await settle();
    screenIn(opened, 'ended');
    expect(recallLostSeat(storage, ROOM_ID, Date.now() + 1_100_000)?.reason).toBe('removed');
  });

  it('is asked about at a door whose time is up, and comes when it has not moved', async () => {
    for (const outcome of ['moved', 'gone', 'silent'] as const) {
      room = new FakeRoom();
      room.you = null;
      const opened = openPage();
      await settle();
      screenIn(opened, 'door');
      // Nobody looks at the door meanwhile.
      page.visible = false;
      await after(599_000);
      if (outcome === 'moved') room.extend();
      else if (outcome === 'gone') room.gone = true;
      else room.refusals.set('all', { reason: 'offline' });
      await after(outcome === 'silent' ? 5_500 : 1_100);
      expect([outcome, opened.screen.get().state]).toEqual([outcome, outcome === 'moved' ? 'door' : 'ended']);
      for (const stop of stops.splice(0)) stop();
      page.visible = true;
    }
  });

  describe('unsent text, when one would join again,', () => {
    const joinAgain = async () => {
      const opened = await lose('displaced');
      return { opened, again: screenIn(opened, 'ended').joinAgain };
    };

    it('is shown at the door of a room that is full or locked, until one is in', async () => {
      const { opened, again } = await joinAgain();
      room.maxMembers = 1;
      room.join(OTHER);
      again?.();
      await settle();
      expect(screenIn(opened, 'door')).toMatchObject({ draft: 'half a sent', room: { members: 1, maxMembers: 1 } });
      room.leave(OTHER);
      screenIn(opened, 'door').refresh();
      await settle();
      screenIn(opened, 'door').join('Sly Fox');
      room.join(OTHER);
      await settle();
      expect(screenIn(opened, 'door')).toMatchObject({ draft: 'half a sent', failure: { reason: 'room_full' } });
    });

    it.each([
      ['gone', 0, {}],
      ['expired', 600_000, { life: { minutes: 10, people: 1 } }],
    ] as const)('is shown when the room is gone meanwhile: %s', async (reason, ms, left) => {
      const { opened, again } = await joinAgain();
      await after(ms);
      room.gone = true;
      hash = KEY;
      again?.();
      await settle();
      expect(screenIn(opened, 'ended')).toEqual({ state: 'ended', reason, draft: 'half a sent', ...left });
      expect(hash).toBe('');
    });

    it('is shown when nobody can be reached, and when the link no longer opens the room', async () => {
      const { opened, again } = await joinAgain();
      room.refusals.set('all', { reason: 'unreachable' });
      again?.();
      await settle();
      expect(screenIn(opened, 'unreachable').draft).toBe('half a sent');
      room.refusals.clear();
      hash = KEY;
      screenIn(opened, 'unreachable').retry();
      await settle();
      expect(screenIn(opened, 'key-wrong').draft).toBe('half a sent');
    });
  });

  it.each([
    ['left', KEY],
    ['displaced', KEY],
    ['signed-out', KEY],
    ['removed', ''],
  ] as const)('after one was %s finds the key at %j', async (reason, left) => {
    const opened = openPage();
    await settle();
    hash = KEY;
    screenIn(opened, 'inside');
    room.you = null;
    if (reason === 'signed-out') room.refuseStreams(401);
    else room.leave(ME, reason);
    await settle();
    screenIn(opened, 'ended');
    expect(hash).toBe(left);
  });

  it('of a link that was opened again does not mention the earlier removal', async () => {
    await lose('removed');
    hash = KEY;
    screenIn(await reload(), 'key-wrong');
  });
});

describe('the back/forward cache', () => {
  it('holds a page that shows nothing, until the room has been confirmed', async () => {
    const opened = openPage();
    await settle();
    const { session } = screenIn(opened, 'inside');
    page.emit('left');
    screenIn(opened, 'loading');
    page.emit('restored');
    screenIn(opened, 'loading');
    await settle();
    expect(screenIn(opened, 'inside').session).toBe(session);
  });

  it.each<['gone' | 'signed-out', () => void]>([
    ['gone', () => (room.gone = true)],
    ['signed-out', () => (room.you = null)],
  ])('comes back to a room that has ended: %s', async (reason, happen) => {
    const opened = openPage();
    await settle();
    page.emit('left');
    happen();
    page.emit('restored');
    await settle();
    expect(screenIn(opened, 'ended').reason).toBe(reason);
  });

  it('shows nothing while there is no way to know whether the room still exists', async () => {
    const opened = openPage();
    await settle();
    page.emit('left');
    room.refusals.set('readRoom', { reason: 'offline' });
    page.emit('restored');
    await settle();
    const { retry } = screenIn(opened, 'unreachable');
    room.refusals.clear();
    retry();
    await settle();
    screenIn(opened, 'inside');
  });
});

describe('making a room', () => {
  const opening = () => ({ api: room.api, identities, storage, random: () => 0, names: NAME_WORDS });

  it('keeps the secret here, and gives the server its check, the hash of its proof and the maker’s sealed card', async () => {
    vi.useRealTimers();
    const answer = await openSealedRoom(opening(), { lifetimeSeconds: 60, maxMembers: 2 });
    if (!answer.ok) throw new Error(answer.failure.reason);
    const secret = answer.value.path.split('#')[1] ?? '';
    expect(answer.value.path).toBe(`/room/${ROOM_ID}#${secret}`);
    const kept = await identities.load(ROOM_ID);
    const memberId = kept?.identity.memberId;
    const { keyCheck } = room;
    expect(room.sent).toMatchObject([{ lifetimeSeconds: 60, maxMembers: 2, sealed: true, keyCheck, memberId }]);
    expect(Object.keys(room.sent[0] ?? {})).toEqual(
      expect.arrayContaining(['lifetimeSeconds', 'maxMembers', 'sealed', 'keyCheck', 'proofHash', 'memberId', 'card']),
    );
    expect(Object.keys(room.sent[0] ?? {})).toHaveLength(7);
    const words = JSON.stringify(room.sent);
    expect(words).not.toContain(secret);
    expect(words).not.toContain(await deriveJoinProof(readFragmentOf(secret)));
    expect(words).not.toContain(storage.getItem('mayfly:name'));
    expect(memberId && (await identities.load(memberId))).toBeNull();
  });

  it.each([
    [true, 'lasting'],
    [false, 'fleeting'],
  ])('says whether its keys outlive the page that made it: %s', async (lasts, keys) => {
    vi.useRealTimers();
    identities = { ...identities, isLasting: () => lasts };
    expect(await openSealedRoom(opening(), {})).toMatchObject({ ok: true, value: { keys } });
  });

  it('leaves no keys behind where the server makes no room', async () => {
    vi.useRealTimers();
    room.refusals.set('openRoom', { reason: 'rate_limited' });
    const added: string[] = [];
    const { add } = identities;
    identities = { ...identities, add: (key, ...rest) => (added.push(key), add(key, ...rest)) };
    expect(await openSealedRoom(opening(), {})).toMatchObject({ ok: false });
    expect(added).toHaveLength(1);
    for (const key of added) expect(await identities.load(memberIdSchema.parse(key))).toBeNull();
  });

  it('needs https, and asks nothing of the server without it', async () => {
    vi.stubGlobal('crypto', {});
    try {
      expect(await openSealedRoom(opening(), {})).toEqual({ ok: false, failure: { reason: 'insecure_context' } });
      expect(room.calls).toEqual([]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
