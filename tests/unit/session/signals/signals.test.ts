import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cursor } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import { createStore } from '@/lib/store';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakeLocks } from '@tests/support/fake-locks';
import { FakePage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER } from '../fake-room';
import { browserOf, visitOf } from '../fake-visit';

const THIRD = memberIdSchema.parse('TheThirdMember00');
const SECOND_MS = 1_000;

let room: FakeRoom;
let page: FakePage;
let wanted: ReturnType<typeof createStore<boolean>>;
let sessions: RunningSession[];

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A tab in the room, as soon as its line is up. */
async function enter(locks?: FakeLocks): Promise<RunningSession> {
  const session = createRunningSession(browserOf(room, { page, signalsWanted: wanted, locks }), visitOf(room));
  sessions.push(session);
  session.start();
  await after(1);
  return session;
}

/** A tab in the room, whose history and list of people are read, and which has all its parts. */
async function open(locks?: FakeLocks): Promise<RunningSession> {
  const session = await enter(locks);
  await vi.dynamicImportSettled();
  await after(5 * SECOND_MS);
  return session;
}

/** As a person at the keyboard does. */
function type(session: RunningSession, draft: string): void {
  session.setDraft(draft);
  session.signals.typed(draft);
}

/** What everybody’s marks say, by the texts of the messages. */
const marks = (session: RunningSession) =>
  session.transcript.get().entries.flatMap((entry) => {
    const there = entry.kind === 'message' ? session.signals.seen.get().get(entry.key) : undefined;
    return there === undefined || entry.kind !== 'message' ? [] : [[entry.text, ...there]];
  });
const cursorOf = (session: RunningSession, text: string): Cursor => {
  const entry = session.transcript.get().entries.find((one) => one.kind === 'message' && one.text === text);
  if (entry?.cursor === undefined) throw new Error(`nobody said ${text}`);
  return entry.cursor;
};

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  wanted = createStore(true);
  sessions = [];
  room.join(OTHER, 'Ann');
  room.join(THIRD, 'Bob');
});
afterEach(() => {
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

describe('typing', () => {
  it('is said at the first key and every ten seconds while one goes on, and no more once one stops', async () => {
    const session = await open();
    for (let second = 0; second < 25; second += 1) {
      type(session, 'x'.repeat(second + 1));
      await after(SECOND_MS);
    }
    expect(room.signals).toEqual([{ typing: true }, { typing: true }, { typing: true }]);
    await after(60 * SECOND_MS);
    expect(room.signals).toHaveLength(3);
  });

  it('ends when the draft is sent or emptied, and begins again with the next one', async () => {
    const session = await open();
    type(session, 'Hello');
    session.send();
    type(session, 'And');
    type(session, '');
    type(session, '   ');
    await after(SECOND_MS);
    expect(room.signals).toEqual([{ typing: true }, { typing: false }, { typing: true }, { typing: false }]);
  });

  it('is not said of a draft that came back, nor by a page that may not speak', async () => {
    const session = await open();
    session.setDraft('kept from before');
    page.outdated = true;
    type(session, 'too old');
    expect(room.signals).toEqual([]);
  });

  it('is neither said nor repeated while the line is down, and a refusal of it is seen by nobody', async () => {
    const session = await open();
    room.setLine('reconnecting');
    type(session, 'a');
    await after(SECOND_MS);
    expect(room.signals).toEqual([]);
    room.setLine('live');
    room.refusals.set('sendSignal', { reason: 'rate_limited', retryAfterSeconds: 1 });
    type(session, 'ab');
    await after(20 * SECOND_MS);
    expect(room.calls.filter((call) => call === 'sendSignal')).toHaveLength(1);
    expect(session.actions.get().failure).toBeNull();
  });

  it('of others ends with their message, after twelve seconds, or when they leave', async () => {
    const session = await open();
    room.signal({ typing: [OTHER, ME] });
    await after(1);
    room.signal({ typing: [THIRD] });
    await after(1);
    expect(session.signals.typing.get()).toEqual([OTHER, THIRD]);
    room.say(OTHER, 'Done');
    await after(1);
    expect(session.signals.typing.get()).toEqual([THIRD]);
    await after(11 * SECOND_MS);
    room.signal({ typing: [THIRD, OTHER] });
    await after(11 * SECOND_MS);
    expect(session.signals.typing.get()).toEqual([THIRD, OTHER]);
    room.leave(OTHER);
    await after(1);
    expect(session.signals.typing.get()).toEqual([THIRD]);
    await after(SECOND_MS);
    expect(session.signals.typing.get()).toEqual([]);
  });
});

describe('how far one has read', () => {
  it('is said once for what came at once, and at most every two seconds', async () => {
    const session = await open();
    for (let index = 0; index < 10; index += 1) {
      room.say(OTHER, `message ${index}`);
      await after(SECOND_MS / 2);
    }
    await after(10 * SECOND_MS);
    expect(room.signals.at(-1)).toEqual({ seen: cursorOf(session, 'message 9') });
    expect(room.signals.length).toBeLessThanOrEqual(4);
  });

  it('is said on coming in, unless the room knows it already', async () => {
    room.say(OTHER, 'before');
    const session = await open();
    expect(room.signals).toEqual([{ seen: cursorOf(session, 'before') }]);
    session.stop();
    room.members = room.members.map((member) =>
      member.memberId === ME ? { ...member, seen: cursorOf(session, 'before') } : member,
    );
    await open();
    expect(room.signals).toHaveLength(1);
  });

  it('is not said while the page is out of sight, the reader further up, or the line down, and once that is over', async () => {
    const session = await open();
    const meanwhile = async (text: string) => {
      room.say(OTHER, text);
      await after(10 * SECOND_MS);
    };
    page.visible = false;
    page.emit('hidden');
    await meanwhile('hidden');
    page.visible = true;
    session.unread.setAtEnd(false);
    page.emit('visible');
    await meanwhile('further up');
    room.setLine('reconnecting');
    session.unread.setAtEnd(true);
    await meanwhile('down');
    expect(room.signals).toEqual([]);
    room.setLine('live');
    await after(SECOND_MS);
    expect(room.signals).toEqual([{ seen: cursorOf(session, 'down') }]);
  });

  it('is not said of one’s own messages, and nothing is said while nothing happens', async () => {
    const session = await open();
    session.setDraft('mine');
    session.send();
    room.join(memberIdSchema.parse('Newcomer00000000'), 'Cara');
    await after(600 * SECOND_MS - 10 * SECOND_MS);
    expect(room.signals).toEqual([]);
    const calls = room.calls.length;
    await after(5 * SECOND_MS);
    expect(room.calls.length).toBe(calls);
  });

  it('is not repeated when it failed, but said again with the next message', async () => {
    const session = await open();
    room.refusals.set('sendSignal', { reason: 'storage_unavailable' });
    room.say(OTHER, 'one');
    await after(30 * SECOND_MS);
    expect(room.calls.filter((call) => call === 'sendSignal')).toHaveLength(1);
    room.refusals.clear();
    room.say(OTHER, 'two');
    await after(SECOND_MS);
    expect(room.signals).toEqual([{ seen: cursorOf(session, 'two') }]);
  });

  it('is said by one of two tabs that are both in sight', async () => {
    const locks = new FakeLocks();
    await open(locks);
    const session = await open(locks);
    for (const text of ['one', 'two']) {
      room.say(OTHER, text);
      await after(10 * SECOND_MS);
    }
    expect(room.signals).toEqual([{ seen: cursorOf(session, 'one') }, { seen: cursorOf(session, 'two') }]);
  });

  it('of others stands under the last message that each has read, without oneself', async () => {
    const session = await open();
    const first = room.say(ME, 'first').cursor;
    const second = room.say(ME, 'second').cursor;
    room.signal({ seen: { [OTHER]: first, [THIRD]: first, [ME]: second } });
    await after(1);
    expect(marks(session)).toEqual([['first', OTHER, THIRD]]);
    room.signal({ seen: { [OTHER]: second } });
    await after(1);
    const apart = [
      ['first', THIRD],
      ['second', OTHER],
    ];
    expect(marks(session)).toEqual(apart);
    // An older publication may come late.
    room.signal({ seen: { [OTHER]: first } });
    await after(1);
    expect(marks(session)).toEqual(apart);
    room.leave(OTHER);
    await after(1);
    expect(marks(session)).toEqual([['first', THIRD]]);
  });

  it('of others needs no mark where they have spoken since, until they read something newer', async () => {
    const session = await open();
    const first = room.say(ME, 'first').cursor;
    room.signal({ seen: { [OTHER]: first, [THIRD]: first } });
    const answer = room.say(OTHER, 'an answer').cursor;
    await after(1);
    expect(marks(session)).toEqual([['first', THIRD]]);
    room.signal({ seen: { [OTHER]: answer, [THIRD]: answer } });
    await after(1);
    expect(marks(session)).toEqual([['an answer', THIRD]]);
    const last = room.say(ME, 'last').cursor;
    await after(1);
    expect(marks(session)).toEqual([['an answer', THIRD]]);
    room.signal({ seen: { [OTHER]: last } });
    await after(1);
    expect(marks(session)).toEqual([
      ['an answer', THIRD],
      ['last', OTHER],
    ]);
  });

  it('of others is known from the list on coming in', async () => {
    const { cursor } = room.say(ME, 'before');
    room.members = room.members.map((member) => (member.memberId === OTHER ? { ...member, seen: cursor } : member));
    expect(marks(await open())).toEqual([['before', OTHER]]);
  });

  it('keeps the list of a message in which nothing changed, so that it is not drawn again', async () => {
    const session = await open();
    const { cursor } = room.say(ME, 'first');
    room.signal({ seen: { [OTHER]: cursor } });
    await after(1);
    const before = session.signals.seen.get();
    const [[key, there] = expect.fail('nobody has a mark')] = before;
    const second = room.say(ME, 'second').cursor;
    await after(10 * SECOND_MS);
    expect(session.signals.seen.get()).toBe(before);
    room.signal({ seen: { [THIRD]: second } });
    await after(1);
    expect(marks(session)).toEqual([
      ['first', OTHER],
      ['second', THIRD],
    ]);
    expect(session.signals.seen.get().get(key)).toBe(there);
  });
});

describe('the one switch', () => {
  it('off, one neither shows nor sees; on again, one sees where everybody is', async () => {
    const session = await open();
    const { cursor } = room.say(OTHER, 'one');
    await after(10 * SECOND_MS);
    room.signals.length = 0;
    type(session, 'a');
    room.signal({ typing: [OTHER] });
    await after(1);
    wanted.set(false);
    expect(session.signals.typing.get()).toEqual([]);
    room.signal({ typing: [OTHER], seen: { [THIRD]: cursor } });
    room.say(OTHER, 'two');
    type(session, 'ab');
    type(session, '');
    await after(30 * SECOND_MS);
    expect(room.signals).toEqual([{ typing: true }]);
    expect([session.signals.typing.get(), marks(session)]).toEqual([[], []]);
    wanted.set(true);
    await after(1);
    expect(marks(session)).toEqual([['one', THIRD]]);
    expect(room.signals.at(-1)).toEqual({ seen: cursorOf(session, 'two') });
  });

  it.each([
    [21, { typing: 1, seen: 0 }],
    [51, { typing: 0, seen: 0 }],
  ])('a room of %s seats carries only what it says', async (maxMembers, expected) => {
    room.maxMembers = maxMembers;
    const session = await open();
    room.say(OTHER, 'one');
    type(session, 'a');
    await after(10 * SECOND_MS);
    expect(room.signals.filter(({ typing }) => typing)).toHaveLength(expected.typing);
    expect(room.signals.filter(({ seen }) => seen)).toHaveLength(expected.seen);
  });
});
