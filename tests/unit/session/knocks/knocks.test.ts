import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sealCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import type { Knock } from '@/domain/knock';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { SealedRoom, someone, type Someone } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, problemDocument } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

let room: FakeRoom;
let sessions: RunningSession[];

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function openSession(): Promise<RunningSession> {
  const session = createRunningSession(
    browserOf(room, { page: new FakePage(), storage: new FakeStorage(), random: () => 0 }),
    visitOf(room),
  );
  sessions.push(session);
  session.start();
  // The part that knows of knocks is fetched.
  await eventually(() => expect(room.calls).toContain('readMembers'));
  await after(50);
  return session;
}

const names = (session: RunningSession) => session.knocks.atDoor.get().waiting.map(({ name }) => name);
const wait = (session: RunningSession, expected: readonly (string | null)[]) =>
  eventually(() => expect(names(session)).toEqual(expected));

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  room.steering = { entry: 'knock' };
  sessions = [];
});

afterEach(() => {
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

describe('people at the door', () => {
  it('are shown to the owner in the order in which they came: those there before the owner, and those who come', async () => {
    room.door.knock({ name: 'Ada' });
    const session = await openSession();
    await wait(session, ['Ada']);
    room.door.knock({ name: 'Bert' });
    room.door.knock({ name: 'Cleo' });
    await after(1_100);
    await wait(session, ['Ada', 'Bert', 'Cleo']);
  });

  it('are read in a few calls when fifty come at once', async () => {
    const session = await openSession();
    const before = room.door.reads;
    for (let index = 0; index < 50; index += 1) room.door.knock({ name: `Guest ${index}` });
    await after(3_000);
    expect(session.knocks.atDoor.get().waiting).toHaveLength(50);
    expect(room.door.reads - before).toBeLessThanOrEqual(3);
  });

  it('are let in or refused, each once, and the list is without them at once', async () => {
    const session = await openSession();
    const ada = room.door.knock({ name: 'Ada' });
    const bert = room.door.knock({ name: 'Bert' });
    await after(1_100);
    await wait(session, ['Ada', 'Bert']);
    session.knocks.answerKnock(ada, true);
    session.knocks.answerKnock(ada, true);
    await wait(session, ['Bert']);
    session.knocks.answerKnock(bert, false);
    await wait(session, []);
    expect(room.door.answers).toEqual([
      { knockId: ada, admit: true },
      { knockId: bert, admit: false },
    ]);
  });

  it('who stopped asking leave the list by themselves', async () => {
    const session = await openSession();
    const ada = room.door.knock({ name: 'Ada' });
    await after(1_100);
    await wait(session, ['Ada']);
    room.door.lapse(ada);
    await after(16_000);
    await wait(session, []);
    const { reads } = room.door;
    await after(120_000);
    // Nobody is there, so nobody is asked for.
    expect(room.door.reads).toBe(reads);
  });

  it('who had gone when they were answered are said to have', async () => {
    const session = await openSession();
    const ada = room.door.knock({ name: 'Ada' });
    await after(1_100);
    await wait(session, ['Ada']);
    room.door.endAll();
    session.knocks.answerKnock(ada, true);
    await wait(session, []);
    expect(session.knocks.atDoor.get().missed).toMatchObject({ name: 'Ada' });
    session.knocks.forgetMissed();
    expect(session.knocks.atDoor.get().missed).toBeNull();
  });

  it('stay where the answer was refused, and it is said why', async () => {
    const session = await openSession();
    const ada = room.door.knock({ name: 'Ada' });
    await after(1_100);
    await wait(session, ['Ada']);
    room.door.standIn = () => problemDocument(409, 'room_full');
    session.knocks.answerKnock(ada, true);
    await eventually(() => expect(session.actions.get().failure).toEqual({ reason: 'room_full' }));
    expect(names(session)).toEqual(['Ada']);
    expect(session.knocks.atDoor.get().answering.size).toBe(0);
  });

  it('are shown to the owner alone, and whoever becomes the owner sees them', async () => {
    room.owner = OTHER;
    room.members = [];
    room.join(OTHER, 'Owner');
    room.join(ME, 'Me');
    room.door.knock({ name: 'Ada' });
    const session = await openSession();
    await after(5_000);
    expect([names(session), room.door.reads]).toEqual([[], 0]);
    room.owner = ME;
    room.leave(OTHER);
    room.emit('room.updated', { ownerId: ME });
    await wait(session, ['Ada']);
    // And whoever owned the room no longer does.
    room.owner = OTHER;
    room.join(OTHER, 'Owner');
    room.emit('room.updated', { ownerId: OTHER });
    await wait(session, []);
  });

  it('are seen though they came while the stream was being renewed, of which no page says anything', async () => {
    const session = await openSession();
    room.renewStreams(() => room.door.knock({ name: 'Ada' }));
    await after(1_100);
    await wait(session, ['Ada']);
  });

  it('are read again once the line is back', async () => {
    const session = await openSession();
    room.setLine('reconnecting');
    room.door.waiting.push({ knockId: room.door.knock({ name: 'Ada' }), name: 'Bert', at: 0 });
    room.setLine('live');
    await after(6_000);
    await wait(session, ['Ada', 'Bert']);
  });

  it('are not asked for where nobody has to ask, until somebody turns that on, which the talk says', async () => {
    room.steering = {};
    const session = await openSession();
    await after(30_000);
    expect(room.door.reads).toBe(0);
    room.steering = { entry: 'knock' };
    room.emit('room.updated', { entry: 'knock' });
    await eventually(() => expect(room.door.reads).toBeGreaterThan(0));
    const notices = () =>
      session.transcript.get().entries.flatMap((entry) => (entry.kind === 'notice' ? entry.notice : []));
    await eventually(() => expect(notices()).toContain('asks-first'));
  });

  it('are shown without a name that breaks the rules', async () => {
    room.door.knock({ name: 'Ada\u202eevil' });
    const session = await openSession();
    await wait(session, [null]);
  });
});

it('a report goes to the server with its reason, or without one', async () => {
  const session = await openSession();
  expect(await session.report('spam')).toEqual({ ok: true, value: true });
  await session.report('');
  expect(room.door.reports).toEqual([{ reason: 'spam' }, {}]);
});

describe('at the door of a sealed room', () => {
  async function nameShown(shown: (sealed: SealedRoom, ada: Someone) => Promise<Pick<Knock, 'memberId' | 'card'>>) {
    vi.useRealTimers();
    const sealed = await SealedRoom.open();
    sealed.room.steering = { entry: 'knock' };
    const ada = await someone('Ada');
    sealed.room.door.knock(await shown(sealed, ada));
    const session = sealed.openSession();
    sessions.push(session);
    await eventually(() => expect(session.knocks.atDoor.get().waiting).toHaveLength(1));
    const [person] = session.knocks.atDoor.get().waiting;
    return { name: person?.name, isTheirs: person?.memberId === ada.memberId };
  }

  const cardOf = (sealed: SealedRoom, { identity, name }: Someone) => sealCard(sealed.newest, identity, name);

  it('somebody is called what their own card says', async () => {
    const shown = await nameShown(async (sealed, ada) => ({ memberId: ada.memberId, card: await cardOf(sealed, ada) }));
    expect(shown).toEqual({ name: 'Ada', isTheirs: true });
  });

  it('a card that does not give the member’s id shows no name', async () => {
    const shown = await nameShown(async (sealed, ada) => ({
      memberId: ada.memberId,
      card: await cardOf(sealed, await someone('Mallory')),
    }));
    expect(shown).toEqual({ name: null, isTheirs: false });
  });

  it('a card under a secret that the room no longer has shows no name, as somebody removed may have made it', async () => {
    const shown = await nameShown(async (_sealed, ada) => {
      const card = await sealCard(await deriveRoomKeys(makeSecret(), 0), ada.identity, 'Ada');
      return { memberId: ada.memberId, card };
    });
    expect(shown).toEqual({ name: null, isTheirs: false });
  });
});
