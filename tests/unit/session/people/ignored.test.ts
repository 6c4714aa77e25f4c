import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { purgeIgnored } from '@/session/people/kept-ignored';
import { createYoungSeats } from '@/session/people/young-seats';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';
import { memberIdSchema, type MemberId } from '@/domain/room';
import { eventually } from '@tests/support/eventually';

const THIRD = memberIdSchema.parse('ThirdMember00000');

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let sessions: RunningSession[];

const settle = () => vi.advanceTimersByTimeAsync(1);

async function openSession(): Promise<RunningSession> {
  const session = createRunningSession(browserOf(room, { page, storage }), visitOf(room));
  sessions.push(session);
  session.start();
  await settle();
  return session;
}

/** The part that does it is fetched. */
async function ignore(session: RunningSession, memberId: MemberId, isIgnored: boolean) {
  session.ignored.ignore(memberId, isIgnored);
  const size = session.ignored.members.get().size;
  await eventually(() => expect(storage.getItem(`mayfly:ignored:${ROOM_ID}`) !== null).toBe(size > 0));
}

const shown = (session: RunningSession) =>
  session.transcript
    .get()
    .entries.flatMap((entry) =>
      entry.kind === 'message' ? [entry.text] : entry.notice === 'ignored' ? [`[${String(entry.name)}]`] : [],
    );

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  storage = new FakeStorage();
  sessions = [];
  room.join(OTHER, 'Olga');
  room.join(THIRD, 'Theo');
});

afterEach(() => {
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

it('what an ignored member says is a quiet line, before and after, until they are ignored no more; nothing of it is sent', async () => {
  room.say(OTHER, 'first');
  const session = await openSession();
  const calls = [...room.calls];
  const sent = [...room.sent];
  await ignore(session, OTHER, true);
  room.say(THIRD, 'between');
  room.say(OTHER, 'second');
  await settle();
  expect(shown(session)).toEqual(['[Olga]', 'between', '[Olga]']);
  expect(room.calls.slice(calls.length).filter((call) => call !== 'sendSignal')).toEqual([]);
  expect(room.sent).toEqual(sent);
  await ignore(session, OTHER, false);
  expect(shown(session)).toEqual(['first', 'between', 'second']);
});

it('ignored members are not unread, mention nobody and write nothing', async () => {
  const session = await openSession();
  await ignore(session, OTHER, true);
  page.visible = false;
  page.emit('hidden');
  room.say(OTHER, '@Quiet Otter look');
  room.signal({ typing: [OTHER, THIRD] });
  await settle();
  expect(session.unread.get()).toMatchObject({ count: 0, forYou: 0, latest: null });
  expect(session.signals.typing.get()).toEqual([THIRD]);
  room.say(THIRD, 'hello');
  await settle();
  expect(session.unread.get().count).toBe(1);
});

it('a reload remembers which members one ignores, and nothing is kept once there are none', async () => {
  room.say(OTHER, 'first');
  const session = await openSession();
  await ignore(session, OTHER, true);
  session.stop();
  const again = await openSession();
  await eventually(() => expect(again.ignored.members.get().size).toBe(1));
  expect(shown(again)).toEqual(['[Olga]']);
  await ignore(again, OTHER, false);
  expect(storage.getItem(`mayfly:ignored:${ROOM_ID}`)).toBeNull();
});

it('what is kept goes with the room', async () => {
  const session = await openSession();
  await ignore(session, OTHER, true);
  purgeIgnored(storage, Date.now());
  expect(storage.getItem(`mayfly:ignored:${ROOM_ID}`)).toContain(OTHER);
  purgeIgnored(storage, Date.now() + 3_600_000);
  expect(storage.getItem(`mayfly:ignored:${ROOM_ID}`)).toBeNull();
});

it('a member who goes on under another id is ignored there, and nobody ignores themselves', async () => {
  const session = await openSession();
  await ignore(session, OTHER, true);
  session.ignored.ignore(ME, true);
  const to = memberIdSchema.parse('MovedMember00000');
  room.emit('member.left', { memberId: OTHER, reason: 'moved', to });
  await eventually(() => expect(session.ignored.members.get().size).toBe(2));
  expect([...session.ignored.members.get()]).toEqual([OTHER, to]);
});

it('links of somebody who has just sat down in a listed room stay text for good, by the message’s time', async () => {
  room.steering = { listed: true, topic: 'Bees' };
  const session = await openSession();
  const young = createYoungSeats(session);
  const joinedAt = session.people.get().find(({ memberId }) => memberId === OTHER)?.joinedAt ?? 0;
  const at = (ms: number, memberId = OTHER) =>
    young.isFromYoungSeat({ memberId, self: memberId === ME, timestamp: joinedAt + ms });
  expect([at(0), at(59_999), at(60_000)]).toEqual([true, true, false]);
  await vi.advanceTimersByTimeAsync(120_000);
  room.leave(OTHER);
  await settle();
  expect([at(59_999), at(60_000)]).toEqual([true, false]);
  // Their own links are no surprise to anybody, and of strangers who left before nobody knows.
  expect([at(0, ME), at(10_000_000, memberIdSchema.parse('Stranger00000000'))]).toEqual([false, true]);
});

it('links in rooms that nobody finds by chance lead where they lead', async () => {
  const session = await openSession();
  const { isFromYoungSeat } = createYoungSeats(session);
  expect(isFromYoungSeat({ memberId: OTHER, self: false, timestamp: Date.now() })).toBe(false);
});
