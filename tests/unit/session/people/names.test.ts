import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdSchema, type MemberId } from '@/domain/room';
import { createPeople } from '@/session/people/people';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { NoticeEntry } from '@/session/messages/transcript';
import { FakeRoom, ME, OTHER } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

const THIRD = memberIdSchema.parse('ThirdMember00000');
/** As a library may write it; in a sealed room, cards that do not open have tests of their own. */
const GARBAGE = 'half a character \ud83e';
/** Names that our server would not pass on in a plain room, and that sealing may hide from it. */
const IMPOSSIBLE = [
  ['nothing', ''],
  ['more than fits', 'x'.repeat(4_095)],
  ['a zero-width space', '\u200b'],
  ['a blank pattern', '\u2800'],
  ['a filler', '\u3164'],
  ['a space', ' '],
  ['a name backwards', '\u202ennA'],
  ['a name that leaves its isolation', 'Ann\u2069 left\u2068'],
  ['two lines', 'Ann\nBob'],
  ['half a character', 'a\ud800'],
  ['what does not open', GARBAGE],
] as const;
/** The same of texts, to which other rules apply. */
const UNSAYABLE = [
  ['nothing', ''],
  ['blanks', ' \n'],
  ['a zero-width space', '\u200b'],
  ['a blank pattern', '\u2800'],
  ['a filler', '\u3164'],
  ['1,001 characters', 'x'.repeat(1_001)],
  ['4,095 characters', 'x'.repeat(4_095)],
  ['half a character', 'a\ud800'],
  ['what does not open', GARBAGE],
] as const;

let room: FakeRoom;
let sessions: RunningSession[];
let faults: unknown[];

const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function seat(memberId: MemberId, name?: string, joinedAt = room.now()): void {
  room.members.push({ memberId, owner: false, joinedAt, here: true, ...(name !== undefined && { name }) });
}

async function openLive(): Promise<RunningSession> {
  const session = createRunningSession(
    browserOf(room, { report: (fault) => faults.push(fault) }),
    visitOf(room, { linkOf: () => 'https://mayfly.example/room#key' }),
  );
  sessions.push(session);
  session.start();
  await settle();
  return session;
}

const withMark = ({ name, mark }: { name: string | null; mark?: number | undefined }) =>
  mark === undefined ? name : `${name} · ${mark}`;

const authors = (session: RunningSession) =>
  session.transcript
    .get()
    .entries.flatMap((entry) => (entry.kind === 'message' ? [`${withMark(entry)}: ${entry.text}`] : []));

const notices = (session: RunningSession) =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'notice' ? [describeNotice(entry)] : []));

const describeNotice = ({ notice, name, mark, newName, newMark }: NoticeEntry) =>
  [
    withMark({ name, mark }),
    notice,
    ...(newName === undefined ? [] : [withMark({ name: newName, mark: newMark })]),
  ].join(' ');

const people = (session: RunningSession) => session.people.get().map(withMark);

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  room.members = room.members.map((member) => ({ ...member, name: 'Quiet Otter' }));
  sessions = [];
  faults = [];
});

afterEach(() => {
  expect(faults).toEqual([]);
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

describe('a message', () => {
  it('is shown under the name in the list of seats, not under its own, in the history and live', async () => {
    seat(OTHER, 'Sly Fox');
    room.say(OTHER, 'before', undefined, 'Ann');
    const session = await openLive();
    room.say(OTHER, 'live', undefined, 'Quiet Otter');
    await settle();
    expect(authors(session)).toEqual(['Sly Fox: before', 'Sly Fox: live']);
  });

  it('under another name is announced, once for each name', async () => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    for (const sender of ['Sly Fox', 'Ann', 'Ann', 'ＡＮＮ', 'Ben', 'sly fox'])
      room.say(OTHER, 'hi', undefined, sender);
    await settle();
    expect(notices(session)).toEqual(['Sly Fox other-name Ann', 'Sly Fox other-name Ben']);
    expect(new Set(authors(session))).toEqual(new Set(['Sly Fox: hi']));
  });

  it('under a name that its member had before is not news, as it may have waited since', async () => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    room.emit('member.updated', { memberId: OTHER, name: 'Wise Owl' });
    room.say(OTHER, 'written before', undefined, 'Sly Fox');
    await settle();
    expect(notices(session)).toEqual(['Sly Fox renamed Wise Owl']);
    expect(authors(session)).toEqual(['Wise Owl: written before']);
  });

  it('of the history is not news, and neither are later ones under the same name', async () => {
    seat(OTHER, 'Wise Owl');
    room.say(OTHER, 'before the renaming', undefined, 'Sly Fox');
    const session = await openLive();
    room.say(OTHER, 'from the outbox', undefined, 'Sly Fox');
    await settle();
    expect(notices(session)).toEqual([]);
    expect(authors(session)).toEqual(['Wise Owl: before the renaming', 'Wise Owl: from the outbox']);
  });

  it('is shown under its own name where the list has none', async () => {
    seat(OTHER);
    room.say(THIRD, 'from somebody who left', undefined, 'Old Hare');
    const session = await openLive();
    room.say(OTHER, 'one', undefined, 'Ann');
    room.say(OTHER, 'two', undefined, 'Ben');
    await settle();
    expect(authors(session)).toEqual(['Old Hare: from somebody who left', 'Ann: one', 'Ben: two']);
    expect(people(session)).toEqual(['Quiet Otter', 'Ben']);
    expect(notices(session)).toEqual([]);
  });

  it('takes the name that its member gets later, which is announced when it is another', async () => {
    seat(OTHER);
    const session = await openLive();
    room.say(OTHER, 'one', undefined, 'Ann');
    room.emit('member.updated', { memberId: OTHER, name: 'Sly Fox' });
    await settle();
    expect(authors(session)).toEqual(['Sly Fox: one']);
    expect(notices(session)).toEqual(['Ann renamed Sly Fox']);
  });

  it('keeps the last name of a member who left', async () => {
    seat(OTHER, 'Sly Fox');
    room.say(OTHER, 'hi', undefined, 'Ann');
    const session = await openLive();
    room.leave(OTHER);
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(authors(session)).toEqual(['Sly Fox: hi']);
    expect(notices(session)).toEqual(['Sly Fox left']);
  });

  it.each(UNSAYABLE)('that no room would take counts as not opened: %s', async (_what, text) => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    room.say(OTHER, text, undefined, 'Sly Fox');
    room.say(OTHER, 'x'.repeat(1_000), undefined, 'Sly Fox');
    await settle();
    expect(authors(session)).toEqual(['Sly Fox: null', `Sly Fox: ${'x'.repeat(1_000)}`]);
  });
});

describe('a name that nobody may have', () => {
  it.each(IMPOSSIBLE)('counts as not opened, wherever it comes from: %s', async (_what, name) => {
    seat(OTHER, name);
    room.say(THIRD, 'gone', undefined, name);
    const session = await openLive();
    room.say(OTHER, 'hi', undefined, 'Ann');
    await settle();
    expect(people(session)).toEqual(['Quiet Otter', null]);
    // The list has a name, so no message's name replaces it.
    expect(authors(session)).toEqual(['null: gone', 'null: hi']);
  });

  it.each(IMPOSSIBLE)('is announced when it follows a name, and when a name follows it: %s', async (_what, name) => {
    seat(OTHER, 'Ann');
    const session = await openLive();
    for (const next of [name, name, 'Ann']) room.emit('member.updated', { memberId: OTHER, name: next });
    await settle();
    expect(notices(session)).toEqual(['Ann renamed ', ' renamed Ann']);
  });

  it('is announced too when it was the first', async () => {
    const session = await openLive();
    room.join(OTHER, GARBAGE);
    room.emit('member.updated', { memberId: OTHER, name: 'Ann' });
    await settle();
    expect(notices(session)).toEqual([' joined', ' renamed Ann']);
  });
});

describe('another name', () => {
  it('is announced once, even when the list of seats has it before the event', async () => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    const { readMembers } = room.api;
    vi.spyOn(room.api, 'readMembers').mockImplementationOnce(async (roomId) => {
      room.members = room.members.map((member) => (member.memberId === OTHER ? { ...member, name: 'Ann' } : member));
      return readMembers(roomId);
    });
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(notices(session)).toEqual(['Sly Fox renamed Ann']);
    room.emit('member.updated', { memberId: OTHER, name: 'Ann' });
    await settle();
    expect(notices(session)).toEqual(['Sly Fox renamed Ann']);
  });

  it('is announced once, even when the list that was asked for before is older than the event', async () => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    const { readMembers } = room.api;
    vi.spyOn(room.api, 'readMembers').mockImplementationOnce(async (roomId) => {
      const old = await readMembers(roomId);
      room.emit('member.updated', { memberId: OTHER, name: 'Ann' });
      await Promise.resolve();
      return old;
    });
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(notices(session)).toEqual(['Sly Fox renamed Ann']);
    expect(people(session)).toEqual(['Quiet Otter', 'Ann']);
  });

  it('is not news at the first look at the room', async () => {
    seat(OTHER, 'Ann');
    room.say(OTHER, 'hi', undefined, 'Sly Fox');
    expect(notices(await openLive())).toEqual([]);
  });
});

describe('the same name', () => {
  it('of a seat taken later has a mark, in the list, with the messages and in notices', async () => {
    seat(OTHER, 'Bob');
    const session = await openLive();
    room.join(THIRD, 'ｂｏｂ');
    room.say(THIRD, 'hi', undefined, 'ｂｏｂ');
    room.say(OTHER, 'hello', undefined, 'Bob');
    room.emit('room.updated', { ownerId: THIRD });
    room.leave(THIRD, 'removed');
    await settle();
    expect(authors(session)).toEqual(['ｂｏｂ · 2: hi', 'Bob: hello']);
    expect(notices(session)).toEqual(['ｂｏｂ · 2 joined', 'ｂｏｂ · 2 new-owner', 'ｂｏｂ · 2 removed']);
  });

  it('is marked by the order of seating, whoever spoke first', async () => {
    seat(THIRD, 'Bob', 100);
    seat(OTHER, 'Bob', 200);
    room.say(OTHER, 'first', undefined, 'Bob');
    room.say(THIRD, 'second', undefined, 'Bob');
    const session = await openLive();
    expect(people(session)).toEqual(['Quiet Otter', 'Bob', 'Bob · 2']);
    expect(authors(session)).toEqual(['Bob · 2: first', 'Bob: second']);
  });

  it('keeps its mark when the one before it leaves, also on the screen of a newcomer', async () => {
    seat(THIRD, 'Bob', 100);
    seat(OTHER, 'Bob', 200);
    const session = await openLive();
    room.leave(THIRD);
    room.join(memberIdSchema.parse('FourthMember0000'), 'BOB');
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(people(session)).toEqual(['Quiet Otter', 'Bob · 2', 'BOB · 3']);
  });

  it('taken by renaming has a mark even on an older seat, also for a member who comes later and reads the history', async () => {
    seat(THIRD, 'Mal', 100);
    seat(OTHER, 'Bob', 200);
    room.say(THIRD, 'one', undefined, 'Mal');
    const session = await openLive();
    room.emit('member.updated', { memberId: THIRD, name: 'Bob' });
    room.members = room.members.map((member) => (member.memberId === THIRD ? { ...member, name: 'Bob' } : member));
    await settle();
    expect(notices(session)).toEqual(['Mal renamed Bob · 2']);
    for (const each of [session, await openLive()]) {
      expect(people(each)).toEqual(['Quiet Otter', 'Bob · 2', 'Bob']);
      expect(authors(each)).toEqual(['Bob · 2: one']);
    }
  });

  it('of somebody who left and is known by messages alone is marked apart from a later one', async () => {
    room.say(THIRD, 'one', undefined, 'Bob');
    await after(10);
    seat(OTHER, 'Bob');
    room.say(OTHER, 'two', undefined, 'Bob');
    const session = await openLive();
    expect(authors(session)).toEqual(['Bob: one', 'Bob · 2: two']);
    expect(people(session)).toEqual(['Quiet Otter', 'Bob · 2']);
  });

  it('cannot be had by typing the mark, nor can a marked name', async () => {
    const session = await openLive();
    const typed = ['Bob · 2', 'Bob', 'Bob', 'Bob·3', 'Bob • 2', 'Bob · 2 · 1'];
    typed.forEach((name, index) => room.join(memberIdSchema.parse(`Typed${index}`.padEnd(16, '0')), name));
    await settle();
    expect(people(session)).toEqual([
      'Quiet Otter',
      'Bob · 2 · 1',
      'Bob · 2',
      'Bob · 3',
      'Bob·3 · 4',
      'Bob • 2 · 5',
      'Bob · 2 · 1 · 6',
    ]);
    expect(new Set(people(session)).size).toBe(7);
  });

  it('is one’s own with a mark where somebody had it before', async () => {
    seat(OTHER, 'quiet otter', room.now() - 1_000);
    expect(people(await openLive())).toEqual(['Quiet Otter · 2', 'quiet otter']);
  });
});

describe('a colour', () => {
  const ids = Array.from({ length: 9 }, (_, index) => memberIdSchema.parse(`Colour${index}`.padEnd(16, 'x')));
  const tints = (session: RunningSession) =>
    new Map(session.people.get().map(({ memberId, tint }) => [memberId, tint]));

  it('is the same on a screen that saw everybody come, on one that came later, and after a reload', async () => {
    const early = await openLive();
    for (const [index, id] of ids.entries()) {
      await after(5);
      room.join(id, `Person ${index}`);
    }
    await settle();
    const seen = tints(early);
    expect(new Set(seen.values()).size).toBe(10);
    for (const id of [...ids].reverse()) room.say(id, 'hi');
    expect(tints(await openLive())).toEqual(seen);
    room.members.reverse();
    expect(tints(await openLive())).toEqual(seen);
  });

  it('stays while people come and go', async () => {
    const session = await openLive();
    for (const id of ids.slice(0, 5)) room.join(id, id);
    for (const id of ids.slice(0, 5)) room.say(id, id);
    await settle();
    const seen = tints(session);
    for (const id of ids.slice(0, 3)) room.leave(id);
    for (const id of ids.slice(5)) room.join(id, id);
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    for (const [id, tint] of tints(session)) if (seen.has(id)) expect(tint).toBe(seen.get(id));
    for (const entry of session.transcript.get().entries)
      if (entry.kind === 'message') expect(entry.tint).toBe(seen.get(entry.memberId));
  });
});

describe('a notice', () => {
  it('says that somebody found the room full, once a minute', async () => {
    const session = await openLive();
    for (let count = 0; count < 5; count += 1) room.emit('room.waited', {});
    await settle();
    expect(notices(session)).toEqual([' waited']);
    await after(60_000);
    for (const { handlers } of room.streams) handlers.onEvent({ id: '1-1', event: 'room.waited', data: {} });
    await settle();
    expect(notices(session)).toEqual([' waited', ' waited']);
  });

  it('says that somebody lost the seat while away', async () => {
    seat(OTHER, 'Sly Fox');
    const session = await openLive();
    room.emit('member.left', { memberId: OTHER, reason: 'displaced' });
    await settle();
    expect(notices(session)).toEqual(['Sly Fox displaced']);
    expect(people(session)).toEqual(['Quiet Otter']);
  });
});

describe('presence', () => {
  it('is kept by differences, also by those that come while the list is read', async () => {
    seat(OTHER, 'Sly Fox');
    seat(THIRD, 'Ann');
    const session = await openLive();
    room.emit('presence.moved', { went: [OTHER] });
    await settle();
    expect(session.people.get().map(({ here }) => here)).toEqual([true, false, true]);
    const { readMembers } = room.api;
    vi.spyOn(room.api, 'readMembers').mockImplementationOnce(async (roomId) => {
      const old = await readMembers(roomId);
      room.emit('presence.moved', { came: [OTHER], went: [THIRD] });
      await Promise.resolve();
      return old;
    });
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    // The list said that all were here.
    expect(session.people.get().map(({ here }) => here)).toEqual([true, true, false]);
  });

  it('is applied with one look at each of a thousand people, and those who stay as they are stay the same objects', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => memberIdSchema.parse(`Crowd${index}`.padEnd(16, 'x')));
    let looks = 0;
    const counted = new Proxy([...ids], {
      get: (target, key, receiver) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const crowd = createPeople(ME);
    crowd.beginRead()(ids.map((memberId) => ({ memberId, joinedAt: 1, owner: false, here: false, name: memberId })));
    crowd.setHere(counted);
    crowd.moveHere({ went: counted });
    crowd.moveHere({ came: counted });
    expect(looks).toBeLessThanOrEqual(3 * ids.length);
    const [first] = crowd.list.get();
    crowd.moveHere({ went: ids.slice(1) });
    expect(crowd.list.get()[0]).toBe(first);
  });
});
