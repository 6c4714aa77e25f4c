import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomApi } from '@/client/api';
import { rememberName } from '@/session/people/own-name';
import { openEventStream } from '@/client/room-stream';
import { createIdentityStore } from '@/page/identity-store';
import { createRoomPage, type RoomPage } from '@/page/room-page';
import type { RoomScreen } from '@/page/room-screen';
import { createRunningSession } from '@/session/running-session';
import { timed } from '@/session/server-clock';
import { NAME_WORDS } from '@tests/support/name-words';
import { FakeBrowser, FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, ROOM_ID } from '@tests/unit/session/fake-room';

/** Whole pages of one browser: one credential, one channel, and a network that is made up. */

interface Tab {
  readonly page: FakePage;
  readonly storage: FakeStorage;
  readonly opened: RoomPage;
  /** The tab stands still: it says and hears nothing, and its calls wait. Returns a function that lets it go on. */
  readonly freeze: () => () => void;
}

let room: FakeRoom;
let browser: FakeBrowser;
let stops: (() => void)[];
let tabs: number;

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** A new tab takes over from a leader that is frozen within this time. */
const TAKEOVER_MS = 6_000;

function openTab(storage = new FakeStorage()): Tab {
  const page = new FakePage();
  let gate = Promise.resolve();
  const index = tabs;
  tabs += 1;
  const api = new Proxy(room.api, {
    get:
      (target, call: keyof RoomApi) =>
      async (...args: unknown[]) => {
        await gate;
        return Reflect.apply(target[call] as (...given: unknown[]) => unknown, undefined, args);
      },
  });
  const opened = createRoomPage(ROOM_ID, {
    api,
    page,
    storage,
    random: () => 0,
    names: NAME_WORDS,
    loadSession: () =>
      Promise.resolve((all, visit) => {
        const { locks, openChannel } = browser;
        const fetch: typeof room.fetch = (input, init) => gate.then(() => room.fetch(input, init));
        const stream = { fetch, random: () => 0, page, locks, openChannel };
        return createRunningSession(
          { ...all, openStream: (roomId, handlers) => openEventStream(stream, roomId, handlers) },
          visit,
        );
      }),
    report: (fault) => {
      throw fault;
    },
    readRoom: (roomId) => timed(api.readRoom(roomId)),
    forget: () => undefined,
    identities: createIdentityStore(() => () => Promise.reject(new DOMException('none', 'InvalidStateError'))),
    stay: { keep: () => undefined, drop: () => undefined },
    setCloseWarning: () => undefined,
    openKeyChannel: undefined,
    address: {
      hash: () => '',
      linkWith: () => '',
      dropFragment: () => undefined,
      replaceFragment: () => undefined,
      follow: () => () => undefined,
    },
  });
  stops.push(opened.start());
  const freeze = () => {
    page.visible = false;
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const { thaw } = browser.freeze(index);
    return () => {
      open();
      page.visible = true;
      thaw();
    };
  };
  return { page, storage, opened, freeze };
}

/** The screen, once it is in the given state. */
function screenIn<State extends RoomScreen['state']>(
  { opened }: Tab,
  state: State,
): Extract<RoomScreen, { state: State }> {
  const screen = opened.screen.get();
  if (screen.state !== state) throw new Error(`the screen is ${screen.state}, not ${state}`);
  return screen as Extract<RoomScreen, { state: State }>;
}

const seatOf = (tab: Tab) => screenIn(tab, 'inside').session.info.get().you.memberId;

async function openTwo(): Promise<[Tab, Tab]> {
  const first = openTab();
  await after(1_000);
  const second = openTab();
  await after(1_000);
  return [first, second];
}

async function leaveAndJoinAgain(tab: Tab): Promise<void> {
  screenIn(tab, 'inside').session.leave();
  await after(1);
  screenIn(tab, 'ended').joinAgain?.();
  await after(TAKEOVER_MS);
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  room.members = room.members.map((member) => ({ ...member, name: 'Quiet Otter' }));
  browser = new FakeBrowser();
  stops = [];
  tabs = 0;
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe('a seat that was left and taken again', () => {
  it('is not ended by a tab that hears only now that the old one was left', async () => {
    const [first, second] = await openTwo();
    const thaw = second.freeze();
    await leaveAndJoinAgain(first);
    const seat = seatOf(first);
    expect(seat).not.toBe(ME);
    thaw();
    await after(10_000);
    expect(seatOf(first)).toBe(seat);
    expect(screenIn(second, 'ended').reason).toBe('left');
    screenIn(second, 'ended').joinAgain?.();
    await after(10_000);
    expect([seatOf(first), seatOf(second)]).toEqual([seat, seat]);
  });

  it('is where a tab goes on that comes back from the back/forward cache, with its unsent text', async () => {
    const [first, second] = await openTwo();
    screenIn(second, 'inside').session.setDraft('half a sent');
    second.page.emit('left');
    await leaveAndJoinAgain(first);
    const seat = seatOf(first);
    second.page.emit('restored');
    await after(10_000);
    expect([seatOf(first), seatOf(second)]).toEqual([seat, seat]);
    expect(screenIn(second, 'inside').session.composer.get().draft).toBe('half a sent');
  });

  it('is left in all tabs when it is left in one', async () => {
    const [first, second] = await openTwo();
    screenIn(first, 'inside').session.leave();
    await after(1);
    expect([screenIn(first, 'ended').reason, screenIn(second, 'ended').reason]).toEqual(['left', 'left']);
  });
});

describe('a name', () => {
  const send = (tab: Tab, text: string) => {
    screenIn(tab, 'inside').session.setDraft(text);
    screenIn(tab, 'inside').session.send();
  };

  it('that was changed in one tab is used by the other one', async () => {
    const [first, second] = await openTwo();
    screenIn(first, 'inside').session.rename('Wise Owl');
    await after(1);
    send(second, 'hello');
    await after(1);
    expect(room.messages.at(-1)?.sender).toBe('Wise Owl');
    expect(screenIn(second, 'inside').session.info.get().you.name).toBe('Wise Owl');
    expect(second.storage.getItem('mayfly:name')).toBe('Wise Owl');
  });

  it('that others see is the one in the first message, however early it is written', async () => {
    const storage = new FakeStorage();
    rememberName(storage, 'Ann');
    let answer = () => {};
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    const { readMembers } = room.api;
    vi.spyOn(room.api, 'readMembers').mockImplementation((roomId) => waiting.then(() => readMembers(roomId)));
    const tab = openTab(storage);
    await after(0);
    send(tab, 'hello');
    await after(1_000);
    expect(room.messages).toEqual([]);
    answer();
    await after(1);
    expect(room.messages.map(({ sender }) => sender)).toEqual(['Quiet Otter']);
  });

  it.each(['readMembers', 'readPage'] as const)(
    'that cannot be found out does not hold up messages: %s',
    async (call) => {
      const storage = new FakeStorage();
      rememberName(storage, 'Ann');
      room.refusals.set(call, { reason: 'internal_error' });
      const tab = openTab(storage);
      await after(0);
      send(tab, 'hello');
      await after(1);
      expect(room.messages.map(({ sender }) => sender)).toEqual(['Ann']);
    },
  );
});
