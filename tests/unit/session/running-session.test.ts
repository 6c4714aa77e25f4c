import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '@tests/support/eventually';
import { recallOutbox } from '@tests/support/kept-outbox';
import { memberIdSchema } from '@/domain/room';
import type { EndReason, Visit } from '@/session/visit';
import type { Voice } from '@/session/keys/voice';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { sealRoom } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let ends: { reason: EndReason; draft: string }[];
let sessions: RunningSession[];
let faults: unknown[];

const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function openSession(visit: Partial<Visit> = {}, voiceOf?: (voice: Voice) => Voice): RunningSession {
  const session = createRunningSession(
    browserOf(room, { page, storage, report: (fault) => faults.push(fault) }),
    visitOf(room, {
      linkOf: () => 'https://mayfly.example/room#key',
      onEnd: (reason, draft) => ends.push({ reason, draft }),
      ...visit,
    }),
    voiceOf,
  );
  sessions.push(session);
  session.start();
  return session;
}

async function openLive(): Promise<RunningSession> {
  const session = openSession();
  await settle();
  return session;
}

function write(session: RunningSession, text: string): void {
  session.setDraft(text);
  session.send();
}

/** Texts of the transcript with their states, notices in brackets. */
const shown = (session: RunningSession) =>
  session.transcript
    .get()
    .entries.map((entry) => (entry.kind === 'notice' ? `[${entry.notice}]` : `${entry.text} ${entry.state}`));

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  storage = new FakeStorage();
  ends = [];
  sessions = [];
  faults = [];
});

afterEach(() => {
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

describe('the transcript', () => {
  it('begins with the newest page, goes on live, and has older pages when asked to, with nothing twice', async () => {
    for (let index = 0; index < 450; index += 1) room.say(OTHER, `before ${index}`);
    const session = openSession();
    expect(session.transcript.get().state).toBe('loading');
    await settle();
    expect(room.calls.filter((call) => call === 'readPage' || call === 'readMessages')).toEqual(['readPage']);
    room.say(OTHER, 'live');
    await settle();
    expect(session.transcript.get()).toMatchObject({ state: 'ready', older: 'more' });
    expect(shown(session)).toHaveLength(201);
    expect(shown(session).slice(-2)).toEqual(['before 449 sent', 'live sent']);
    for (const [older, count] of [
      ['more', 401],
      ['none', 451],
      ['none', 451],
    ] as const) {
      session.readOlder();
      await settle();
      const { entries } = session.transcript.get();
      expect([session.transcript.get().older, entries.length]).toEqual([older, count]);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(count);
    }
    expect(shown(session)[0]).toBe('before 0 sent');
    expect(room.calls.filter((call) => call === 'readPage')).toHaveLength(3);
  });

  it('is read to its beginning however short its pages are', async () => {
    room.pageMessagesMax = 3;
    for (let index = 0; index < 10; index += 1) room.say(OTHER, `before ${index}`);
    const session = await openLive();
    while (session.transcript.get().older !== 'none') {
      session.readOlder();
      expect(session.transcript.get().older).toBe('loading');
      // Asked for twice, it is read once.
      session.readOlder();
      await settle();
    }
    expect(shown(session)).toHaveLength(10);
    expect(room.calls.filter((call) => call === 'readPage')).toHaveLength(4);
  });

  it('says that older pages could not be read, and reads them again by itself', async () => {
    room.pageMessagesMax = 3;
    for (let index = 0; index < 5; index += 1) room.say(OTHER, `before ${index}`);
    const session = await openLive();
    room.refusals.set('readPage', { reason: 'rate_limited', retryAfterSeconds: 2 });
    session.readOlder();
    await settle();
    expect(session.transcript.get()).toMatchObject({ state: 'ready', older: 'failed' });
    room.refusals.clear();
    await after(1_999);
    expect(session.transcript.get().older).toBe('failed');
    await after(500);
    expect(session.transcript.get().older).toBe('none');
    expect(shown(session)).toHaveLength(5);
  });

  it('loses nothing that is said while the history is read', async () => {
    let open = () => {};
    room.gate = new Promise((resolve) => (open = resolve));
    const session = openSession();
    await settle();
    room.say(OTHER, 'meanwhile');
    open();
    await settle();
    expect(shown(session)).toEqual(['meanwhile sent']);
  });

  it('says that it could not be read, and reads again by itself', async () => {
    room.say(OTHER, 'hello');
    room.refusals.set('readPage', { reason: 'unreachable' });
    const session = await openLive();
    expect(session.transcript.get().state).toBe('failed');
    room.refusals.clear();
    await after(250);
    expect(session.transcript.get().state).toBe('ready');
    expect(shown(session)).toEqual(['hello sent']);
  });

  it('catches up where it was refused, and not before it may', async () => {
    room.pageMessagesMax = 2;
    const session = await openLive();
    const [stream] = room.streams;
    room.streams.clear();
    await after(10_000);
    for (let index = 0; index < 8; index += 1) room.say(OTHER, `missed ${index}`);
    const { readMessages } = room.api;
    const asked: string[] = [];
    vi.spyOn(room.api, 'readMessages').mockImplementation((roomId, cursor) => {
      asked.push(cursor);
      // Every third page is one too many, for seven seconds.
      if (asked.length % 3 === 0)
        return Promise.resolve({ ok: false, failure: { reason: 'rate_limited', retryAfterSeconds: 7 } });
      return readMessages(roomId, cursor);
    });
    stream?.handlers.onAfresh();
    await settle();
    expect(asked).toHaveLength(3);
    await after(6_999);
    expect(asked).toHaveLength(3);
    await after(30_000);
    expect(session.transcript.get()).toMatchObject({ state: 'ready', older: 'none' });
    expect(shown(session)).toEqual(Array.from({ length: 8 }, (_, index) => `missed ${index} sent`));
    // Never from the beginning again.
    expect(new Set(asked.slice(3)).has(asked[0] ?? '')).toBe(false);
    expect(room.calls.filter((call) => call === 'readPage')).toHaveLength(1);
  });

  it('reads again when asked to', async () => {
    room.refusals.set('readPage', { reason: 'unreachable' });
    const session = await openLive();
    expect(session.transcript.get().state).toBe('failed');
    room.refusals.clear();
    session.readTranscriptAgain();
    await settle();
    expect(session.transcript.get().state).toBe('ready');
  });

  it('catches up with what the stream missed', async () => {
    const session = await openLive();
    const [stream] = room.streams;
    room.streams.clear();
    room.say(OTHER, 'missed');
    await after(10_000);
    stream?.handlers.onAfresh();
    await settle();
    expect(shown(session)).toEqual(['missed sent']);
    expect(room.calls.filter((call) => call === 'readPage')).toHaveLength(1);
  });

  it('catches up from the last place that nothing was missed before, not from the newest one that it heard of', async () => {
    const session = await openLive();
    const [stream] = room.streams;
    room.say(OTHER, 'heard');
    await after(10_000);
    room.streams.clear();
    room.say(OTHER, 'missed');
    await after(10_000);
    if (stream !== undefined) room.streams.add(stream);
    stream?.handlers.onAfresh();
    room.say(OTHER, 'heard after the gap');
    await settle();
    expect(shown(session)).toEqual(['heard sent', 'missed sent', 'heard after the gap sent']);
  });

  it('is read from its end again where the server does not know the place that the page came to', async () => {
    const session = await openLive();
    const [stream] = room.streams;
    await after(10_000);
    room.say(OTHER, 'before');
    await settle();
    const readMessages = vi
      .spyOn(room.api, 'readMessages')
      .mockResolvedValueOnce({ ok: false, failure: { reason: 'invalid_request' } });
    stream?.handlers.onAfresh();
    await settle();
    expect(readMessages).toHaveBeenCalledTimes(1);
    expect(room.calls.filter((call) => call === 'readPage')).toHaveLength(2);
    expect(session.transcript.get().state).toBe('ready');
    expect(shown(session)).toEqual(['before sent']);
  });

  it('says who came, who went and what the owner did, with the names known at that moment', async () => {
    const session = await openLive();
    room.join(OTHER, 'Sly Fox');
    room.emit('room.updated', { locked: true });
    room.emit('room.updated', { locked: false });
    room.emit('room.updated', { ownerId: OTHER });
    room.leave(OTHER, 'removed');
    await settle();
    expect(
      session.transcript.get().entries.map((entry) => entry.kind === 'notice' && [entry.notice, entry.name]),
    ).toEqual([
      ['joined', 'Sly Fox'],
      ['locked', null],
      ['unlocked', null],
      ['new-owner', 'Sly Fox'],
      ['removed', 'Sly Fox'],
    ]);
  });

  it('announces new names, and leaves earlier notices as they were', async () => {
    const session = await openLive();
    room.join(OTHER, 'Sly Fox');
    await settle();
    for (const name of ['Sly Fox', 'Wise Owl', 'Wise Owl']) room.emit('member.updated', { memberId: OTHER, name });
    await settle();
    const notices = session.transcript
      .get()
      .entries.map((entry) => entry.kind === 'notice' && [entry.notice, entry.name, entry.newName]);
    expect(notices).toEqual([
      ['joined', 'Sly Fox', undefined],
      ['renamed', 'Sly Fox', 'Wise Owl'],
    ]);
    expect(session.people.get().find(({ memberId }) => memberId === OTHER)?.name).toBe('Wise Owl');
  });

  it('gives everybody a colour of their own, as long as there are any', async () => {
    const session = await openLive();
    for (const digit of '0123456789') room.join(memberIdSchema.parse(digit.repeat(16)), digit);
    await settle();
    const tints = session.people.get().map(({ tint }) => tint);
    expect(tints.length).toBeGreaterThanOrEqual(11);
    expect(new Set(tints).size).toBe(tints.length);
  });
});

describe('a change that comes while something else is under way', () => {
  /** A reply that the server has made and the browser does not have yet: it arrives when the returned function is called. */
  function holdBack(call: 'readRoom' | 'lockRoom') {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const ask = room.api[call] as (...parts: unknown[]) => Promise<unknown>;
    vi.spyOn(room.api, call).mockImplementationOnce((async (...parts: unknown[]) => {
      const answer = await ask(...parts);
      await held;
      return answer;
    }) as never);
    return async () => {
      release();
      await settle();
    };
  }
  const locked = (session: RunningSession) => session.info.get().room.locked;

  it('is not undone by an older answer: a lock', async () => {
    const answer = holdBack('readRoom');
    const session = await openLive();
    room.emit('room.updated', { locked: true });
    await settle();
    expect(locked(session)).toBe(true);
    await answer();
    expect(locked(session)).toBe(true);
  });

  it('is not undone by an older answer to the owner’s own change', async () => {
    const session = await openLive();
    const answer = holdBack('lockRoom');
    session.setLocked(true);
    await settle();
    // By the same owner in another browser.
    room.locked = false;
    room.emit('room.updated', { locked: false });
    await settle();
    await answer();
    expect(locked(session)).toBe(false);
  });

  it('is not undone by an answer that a later one has overtaken', async () => {
    const session = await openLive();
    const answer = holdBack('readRoom');
    const first = session.confirm();
    await after(10);
    room.locked = true;
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(locked(session)).toBe(true);
    await answer();
    await first;
    expect(locked(session)).toBe(true);
  });
});

describe('a fault of ours in one event', () => {
  const POISON = 'poison';
  const fault = new Error('cannot be opened');
  const poisoned = (voice: Voice): Voice => ({
    ...voice,
    hear: (message) => (message.text === POISON ? Promise.reject(fault) : voice.hear(message)),
  });

  it('does not end the queue: it is reported, the others are applied, and what was missed is read', async () => {
    const session = openSession({}, poisoned);
    await after(10_000);
    room.say(OTHER, POISON);
    room.say(OTHER, 'after it');
    await settle();
    expect(shown(session)).toEqual(['after it sent']);
    expect(room.calls.filter((call) => call === 'readMessages').length).toBeGreaterThan(0);
    expect(new Set(faults)).toEqual(new Set([fault]));
    room.say(OTHER, 'long after it');
    await settle();
    expect(shown(session)).toEqual(['after it sent', 'long after it sent']);
    // Read once more, not over and over.
    const { length } = room.calls;
    await after(600);
    expect(room.calls.length).toBe(length);
  });

  it('keeps nobody from reading the rest of the history', async () => {
    room.say(OTHER, 'before it');
    room.say(OTHER, POISON);
    room.say(OTHER, 'after it');
    const session = openSession({}, poisoned);
    await settle();
    expect(session.transcript.get().state).toBe('ready');
    expect(shown(session)).toEqual(['before it sent', 'after it sent']);
    expect(faults).toEqual([fault]);
  });
});

describe('a refusal', () => {
  it.each([
    ['offline', null],
    ['unreachable', null],
    ['not_the_owner', 'not_the_owner'],
  ] as const)('as %s is forgotten when the line is back, if the line was why', async (reason, left) => {
    const session = await openLive();
    const [stream] = room.streams;
    room.refusals.set('lockRoom', { reason });
    session.setLocked(true);
    await settle();
    expect(session.actions.get().failure?.reason).toBe(reason);
    stream?.handlers.onState('reconnecting');
    expect(session.actions.get().failure?.reason).toBe(reason);
    stream?.handlers.onState('live');
    expect(session.actions.get().failure?.reason ?? null).toBe(left);
  });
});

describe('sending', () => {
  it('shows the message at once, and then as sent in the place that the room gave it', async () => {
    const session = await openLive();
    write(session, 'hello');
    expect(shown(session)).toEqual(['hello sending']);
    room.say(OTHER, 'first');
    await settle();
    expect(shown(session)).toEqual(['first sent', 'hello sent']);
    expect(session.composer.get().draft).toBe('');
  });

  it('keeps the order of writing, one at a time', async () => {
    const session = await openLive();
    for (const text of ['1', '2', '3', '4', '5']) write(session, text);
    await settle();
    expect(room.messages.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
  });

  it.each([
    ['   ', 'blank'],
    ['x'.repeat(1_001), 'too-long'],
    ['\uD800', 'not-well-formed'],
  ])('keeps back %j', async (draft, fault) => {
    const session = await openLive();
    session.setDraft(draft);
    session.send();
    expect(session.composer.get()).toMatchObject({ draft, fault });
    expect(room.sent.filter((body) => 'text' in body)).toEqual([]);
  });

  it('counts characters as people do', async () => {
    const session = await openLive();
    session.setDraft('🦦'.repeat(1_000));
    expect(session.composer.get()).toMatchObject({ fault: null, remaining: 0 });
  });

  it('says why a message was refused, sends the others, and sends the same again when asked to', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    write(session, 'one too many');
    await settle();
    const [refused] = session.transcript.get().entries;
    expect(refused).toMatchObject({
      text: 'one too many',
      state: 'failed',
      failure: { reason: 'message_limit_reached' },
    });
    room.refusals.clear();
    write(session, 'the next');
    await settle();
    expect(shown(session)).toEqual(['one too many failed', 'the next sent']);
    session.retry(refused?.id ?? '');
    await settle();
    expect(shown(session)).toEqual(['the next sent', 'one too many sent']);
    expect(room.messages.at(-1)?.id).toBe(refused?.id);
  });

  it('takes a refused message back for editing, in front of what was typed since, to be another message', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'message_id_taken' });
    write(session, 'first');
    await settle();
    const id = session.transcript.get().entries[0]?.id ?? '';
    session.setDraft('second');
    session.redraft(id);
    expect(session.composer.get().draft).toBe('first\nsecond');
    expect(shown(session)).toEqual([]);
    room.refusals.clear();
    session.send();
    await settle();
    expect(room.messages.map((message) => message.text)).toEqual(['first\nsecond']);
    expect(room.messages[0]?.id).not.toBe(id);
  });

  it('discards a refused message when asked to', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'invalid_request' });
    write(session, 'never mind');
    await settle();
    session.discard(session.transcript.get().entries[0]?.id ?? '');
    expect(shown(session)).toEqual([]);
  });
});

describe('the outbox', () => {
  it('waits while the line is down, and is sent in order and once when it is back', async () => {
    const session = await openLive();
    room.refusals.set('all', { reason: 'offline' });
    room.setLine('offline');
    for (const text of ['1', '2', '3']) write(session, text);
    await after(10_000);
    expect(shown(session)).toEqual(['1 waiting', '2 waiting', '3 waiting']);
    room.refusals.clear();
    room.setLine('live');
    await settle();
    expect(shown(session)).toEqual(['1 sent', '2 sent', '3 sent']);
    expect(room.messages).toHaveLength(3);
  });

  it('is not stored twice when only the answer was lost', async () => {
    const session = await openLive();
    const { sendMessage } = room.api;
    const lost = vi.spyOn(room.api, 'sendMessage').mockImplementationOnce(async (...message) => {
      await sendMessage(...message);
      return { ok: false, failure: { reason: 'unreachable' } };
    });
    write(session, 'once');
    await after(1_000);
    expect(lost).toHaveBeenCalledTimes(2);
    expect(room.messages).toHaveLength(1);
    expect(shown(session)).toEqual(['once sent']);
  });

  it('is also sent when the stream stays down but the server answers', async () => {
    const session = await openLive();
    room.setLine('reconnecting');
    write(session, 'hello');
    expect(shown(session)).toEqual(['hello waiting']);
    await after(500);
    expect(room.messages).toHaveLength(1);
  });

  it('does not send a message that was discarded while it was being sealed', async () => {
    let seal = () => {};
    const sealing = new Promise<void>((resolve) => (seal = resolve));
    const session = openSession({}, (voice) => ({
      ...voice,
      say: (...said) => sealing.then(() => voice.say(...said)),
    }));
    await settle();
    write(session, 'first');
    write(session, 'second');
    await settle();
    session.discard(session.transcript.get().entries[0]?.id ?? '');
    seal();
    await settle();
    expect(room.messages.map(({ text }) => text)).toEqual(['second']);
    expect(shown(session)).toEqual(['second sent']);
  });

  it('puts nothing into storage in a plain room', async () => {
    const session = await openLive();
    room.refusals.set('all', { reason: 'offline' });
    room.setLine('offline');
    write(session, 'in the open');
    await settle();
    expect([...storage.entries.values()].join()).not.toContain('in the open');
    expect(recallOutbox(storage, ROOM_ID)).toBeNull();
  });
});

describe('people', () => {
  it('are listed as the server has them, and as the events change them', async () => {
    room.members.push({ memberId: OTHER, owner: false, joinedAt: 1, here: false, name: 'Sly Fox' });
    const session = await openLive();
    const people = () =>
      session.people.get().map(({ memberId, name, here, owner, self }) => ({ memberId, name, here, owner, self }));
    expect(people()).toEqual([
      { memberId: ME, name: 'Quiet Otter', here: true, owner: true, self: true },
      { memberId: OTHER, name: 'Sly Fox', here: false, owner: false, self: false },
    ]);
    room.emit('presence.changed', { here: [OTHER] });
    room.emit('room.updated', { ownerId: OTHER });
    await settle();
    // The reader is here, whatever the server has noticed of it yet.
    expect(people().map(({ here, owner }) => [here, owner])).toEqual([
      [true, false],
      [true, true],
    ]);
    expect(session.info.get()).toMatchObject({ room: { members: 2, here: 2 }, you: { owner: false } });
  });

  it('are not brought back by a list that is older than the event of their leaving', async () => {
    room.members.push({ memberId: OTHER, owner: false, joinedAt: 1, here: true });
    const session = await openLive();
    const { readMembers } = room.api;
    vi.spyOn(room.api, 'readMembers').mockImplementationOnce(async (roomId) => {
      const old = await readMembers(roomId);
      room.leave(OTHER);
      await Promise.resolve();
      return old;
    });
    room.setLine('reconnecting');
    room.setLine('live');
    await after(5_000);
    expect(session.people.get().map(({ memberId }) => memberId)).toEqual([ME]);
  });

  it('see the name of a newcomer before a message is sent', async () => {
    openSession({ nameIsNew: true });
    await settle();
    expect(room.members[0]?.name).toBe('Quiet Otter');
    expect(room.calls.filter((call) => call === 'rename')).toHaveLength(1);
  });

  it('see one’s own name later when it could not be published at first', async () => {
    room.refusals.set('rename', { reason: 'storage_unavailable' });
    openSession({ nameIsNew: true });
    await after(5_000);
    expect(room.members[0]?.name).toBeUndefined();
    // It is tried less and less often.
    expect(room.calls.filter((call) => call === 'rename').length).toBeLessThan(10);
    room.refusals.clear();
    await after(20_000);
    expect(room.members[0]?.name).toBe('Quiet Otter');
    const { length } = room.calls;
    await after(60_000);
    expect(room.calls).toHaveLength(length);
  });

  it('know oneself by the name that was published before the page was reloaded', async () => {
    room.members = room.members.map((member) => ({ ...member, name: 'Old Name' }));
    const session = await openLive();
    expect(session.info.get().you.name).toBe('Old Name');
    expect(room.calls).not.toContain('rename');
  });

  it('are read again when the line is back, as presence is not published twice', async () => {
    await openLive();
    const before = room.calls.filter((call) => call === 'readMembers').length;
    // Once, however often it drops, and not by all at the same moment: this one's is in the middle of 5 s.
    for (const state of ['reconnecting', 'live', 'reconnecting', 'live'] as const) room.setLine(state);
    await after(2_499);
    expect(room.calls.filter((call) => call === 'readMembers')).toHaveLength(before);
    await after(1);
    expect(room.calls.filter((call) => call === 'readMembers')).toHaveLength(before + 1);
    room.setLine('reconnecting');
    await after(10_000);
    expect(room.calls.filter((call) => call === 'readMembers')).toHaveLength(before + 1);
  });
});

describe('actions', () => {
  it('say what is under way and how it went', async () => {
    const session = await openLive();
    room.refusals.set('lockRoom', { reason: 'not_the_owner' });
    session.setLocked(true);
    expect(session.actions.get()).toEqual({ pending: 'lock', failure: null });
    await settle();
    expect(session.actions.get()).toEqual({ pending: null, failure: { reason: 'not_the_owner' } });
    session.clearFailure();
    expect(session.actions.get().failure).toBeNull();
  });

  it('lock the room before a member is removed, so that the link does not bring them back', async () => {
    room.join(OTHER);
    const session = await openLive();
    session.removeMember(OTHER, true);
    await settle();
    expect(room.calls.filter((call) => call === 'lockRoom' || call === 'putOut')).toEqual(['lockRoom', 'putOut']);
    expect(session.info.get().room).toMatchObject({ locked: true, members: 1 });
  });

  it.each(['rate_limited', 'message_limit_reached', 'unreachable'] as const)(
    'remove a member all the same when the lock was refused, and say so: %s',
    async (reason) => {
      room.join(OTHER);
      const session = await openLive();
      room.refusals.set('lockRoom', { reason });
      session.removeMember(OTHER, true);
      expect(session.actions.get()).toEqual({ pending: 'remove', failure: null });
      await settle();
      expect(room.members.map(({ memberId }) => memberId)).toEqual([ME]);
      expect(session.actions.get()).toEqual({ pending: null, failure: { reason }, lockFailed: true });
      session.clearFailure();
      expect(session.actions.get()).toEqual({ pending: null, failure: null });
    },
  );

  it('say why nobody was removed, whatever happened to the lock', async () => {
    room.join(OTHER);
    const session = await openLive();
    room.refusals.set('lockRoom', { reason: 'rate_limited' });
    room.refusals.set('putOut', { reason: 'unreachable' });
    session.removeMember(OTHER, true);
    await settle();
    expect(session.actions.get()).toEqual({ pending: null, failure: { reason: 'unreachable' } });
  });

  it('say that the room could not be locked until that is dismissed or it is locked, whatever the line does', async () => {
    room.join(OTHER);
    const session = await openLive();
    const failed = { pending: null, failure: { reason: 'unreachable' }, lockFailed: true };
    const putOut = async () => {
      room.refusals.set('lockRoom', { reason: 'unreachable' });
      session.removeMember(OTHER, true);
      await settle();
      room.refusals.clear();
    };
    await putOut();
    room.setLine('reconnecting');
    room.setLine('live');
    expect(session.actions.get()).toEqual(failed);
    session.rename('New Name');
    await settle();
    expect(session.actions.get()).toEqual(failed);
    session.setLocked(true);
    await settle();
    expect(session.actions.get()).toEqual({ pending: null, failure: null });
    await putOut();
    session.clearFailure();
    expect(session.actions.get()).toEqual({ pending: null, failure: null });
  });

  it('change the name everywhere', async () => {
    const session = await openLive();
    session.rename('New Name');
    await settle();
    write(session, 'hello');
    await settle();
    expect(session.info.get().you.name).toBe('New Name');
    expect(session.people.get()[0]?.name).toBe('New Name');
    expect(room.messages[0]?.sender).toBe('New Name');
    expect(storage.getItem('mayfly:name')).toBe('New Name');
  });
});

describe('the end', () => {
  const unsent = async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'unreachable' });
    write(session, 'waiting');
    await settle();
    session.setDraft('half a sent');
    return session;
  };

  it.each<[EndReason, () => void]>([
    ['destroyed', () => room.emit('chat.destroy', { isDestroyed: true, reason: 'destroyed' })],
    ['expired', () => room.emit('chat.destroy', { isDestroyed: true, reason: 'expired' })],
    ['removed', () => room.leave(ME, 'removed')],
    ['displaced', () => room.leave(ME, 'displaced')],
    ['left', () => room.leave(ME)],
  ])('is shown as %s, with all that was not sent, and clears the rest', async (reason, happen) => {
    const session = await unsent();
    room.say(OTHER, 'secret');
    happen();
    await settle();
    expect(ends).toEqual([{ reason, draft: 'waiting\nhalf a sent' }]);
    expect([shown(session), session.people.get(), session.composer.get().draft]).toEqual([[], [], '']);
    expect(session.connection.get().state).toBe('ended');
    expect(room.streams.size).toBe(0);
  });

  it('comes by the clock alone, with no stream and a browser clock that is wrong', async () => {
    room.skewMs = -3_600_000;
    room.expiresAt = room.now() + 60_000;
    openSession();
    await after(1_000);
    room.streams.clear();
    room.refusals.set('all', { reason: 'offline' });
    await after(58_900);
    expect(ends).toEqual([]);
    await after(200);
    expect(ends.map(({ reason }) => reason)).toEqual(['expired']);
  });

  it('comes at once when the page wakes up after the time and the room is gone', async () => {
    await openLive();
    room.gone = true;
    vi.setSystemTime(Date.now() + 3_600_000);
    page.emit('visible');
    await settle();
    expect(ends.map(({ reason }) => reason)).toEqual(['expired']);
  });

  it.each<[EndReason, string, () => void]>([
    ['gone', 'the room is not found before its time', () => (room.gone = true)],
    [
      'expired',
      'the room is not found when its time is up',
      () => (vi.setSystemTime(room.expiresAt - 1_000), (room.gone = true)),
    ],
    ['signed-out', 'the seat is not ours any more', () => (room.you = null)],
  ])('is %s when %s', async (reason, _what, happen) => {
    const session = await openLive();
    happen();
    write(session, 'hello?');
    await settle();
    expect(ends).toEqual([{ reason, draft: 'hello?' }]);
  });

  it('is not believed of a stream that is refused while room and seat exist', async () => {
    const session = await openLive();
    await after(10_000);
    room.refuseStreams(404);
    expect(session.connection.get().state).toBe('reconnecting');
    await settle();
    expect(ends).toEqual([]);
    expect(session.connection.get().state).toBe('live');
    expect(room.calls.filter((call) => call === 'readPage' || call === 'readMessages')).toHaveLength(2);
    room.say(OTHER, 'heard again');
    await settle();
    expect(shown(session)).toEqual(['heard again sent']);
  });

  it('is not believed of a stream that is refused while there is no way to know, and the room is heard once there is', async () => {
    const session = await openLive();
    await after(10_000);
    room.refusals.set('all', { reason: 'unreachable' });
    room.refuseStreams(404);
    await after(60_000);
    expect(ends).toEqual([]);
    room.refusals.clear();
    await after(20_000);
    room.say(OTHER, 'heard again');
    await settle();
    expect(shown(session)).toEqual(['heard again sent']);
  });

  it.each(['not_found', 'not_a_member'] as const)(
    'is not believed of an answer that a look at the room never gives: %s',
    async (reason) => {
      const session = await openLive();
      room.refusals.set('all', { reason });
      write(session, 'hello?');
      await after(60_000);
      expect(ends).toEqual([]);
    },
  );

  it('is reported by another tab of the browser', async () => {
    await openLive();
    const [stream] = room.streams;
    const tell = (memberId: string, reason: string) => stream?.handlers.onFarewell({ memberId, reason });
    tell(OTHER, 'destroyed');
    tell(ME, 'nonsense');
    expect(ends).toEqual([]);
    tell(ME, 'left');
    expect(ends.map(({ reason }) => reason)).toEqual(['left']);
  });

  it.each<[EndReason, (session: RunningSession) => void]>([
    ['left', (session) => session.leave()],
    ['destroyed', (session) => session.destroy()],
  ])('is %s when one asked for it', async (reason, ask) => {
    const session = await openLive();
    ask(session);
    await settle();
    expect(ends).toEqual([{ reason, draft: '' }]);
  });

  it('does not come when the page only stops following', async () => {
    const session = await openLive();
    session.stop();
    await after(3_600_000);
    expect(ends).toEqual([]);
    expect(room.streams.size).toBe(0);
  });
});

describe('a sealed room', () => {
  let member: Partial<Visit>;

  beforeEach(async () => {
    // Web Crypto works on threads of its own, which virtual time does not wait for.
    vi.useRealTimers();
    room = new FakeRoom();
    member = await sealRoom(room);
  });

  it('keeps waiting messages over a reload, sealed, and sends them once under the same ids', async () => {
    const before = openSession(member);
    await eventually(() => expect(before.transcript.get().state).toBe('ready'));
    room.refusals.set('all', { reason: 'offline' });
    room.setLine('offline');
    write(before, 'one');
    write(before, 'two');
    await eventually(() => expect(recallOutbox(storage, ROOM_ID)?.messages).toHaveLength(2));
    const ids = before.transcript.get().entries.map(({ id }) => id);
    expect([...storage.entries.values()].join()).not.toMatch(/one|two/);
    before.stop();

    room.refusals.clear();
    const reloaded = openSession(member);
    await eventually(() => expect(shown(reloaded)).toEqual(['one sent', 'two sent']));
    expect(room.messages.map(({ id }) => id)).toEqual(ids);
    expect(recallOutbox(storage, ROOM_ID)).toBeNull();
  });

  it('does not resend by itself a message that was refused before a reload', async () => {
    const before = openSession(member);
    await eventually(() => expect(before.transcript.get().state).toBe('ready'));
    room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    write(before, 'too many');
    await eventually(() => expect(shown(before)).toEqual(['too many failed']));
    before.stop();

    room.refusals.clear();
    const reloaded = openSession(member);
    await eventually(() => expect(shown(reloaded)).toEqual(['too many failed']));
    expect(room.messages).toEqual([]);
  });
});
