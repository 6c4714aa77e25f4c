import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '@/domain/failure';
import { messageIdSchema, type MessageId } from '@/domain/message';
import { eventually } from '@tests/support/eventually';
import { recallOutbox } from '@tests/support/kept-outbox';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Voice } from '@/session/keys/voice';
import type { Visit } from '@/session/visit';
import { sealRoom } from '@tests/support/sealed-room';
import { FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

type Sending = 'sendMessage' | 'takeBack';

let room: FakeRoom;
let storage: FakeStorage;
let sessions: RunningSession[];
/** What a session had not sent when it ended. */
let unsent: string | null;

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settle = () => after(1);

function openSession(visit: Partial<Visit> = {}, voiceOf?: (voice: Voice) => Voice): RunningSession {
  const session = createRunningSession(
    browserOf(room, { storage }),
    visitOf(room, {
      onEnd: (_reason, draft) => {
        unsent = draft;
      },
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

const shown = (session: RunningSession) =>
  session.transcript.get().entries.flatMap((entry) => (entry.kind === 'message' ? `${entry.text} ${entry.state}` : []));

const stored = () => room.messages.map(({ text }) => text);
const times = (call: Sending) => room.calls.filter((one) => one === call).length;

function write(session: RunningSession, text: string): MessageId {
  session.setDraft(text);
  session.send();
  return messageIdSchema.parse(session.transcript.get().entries.at(-1)?.id);
}

/** The server does what it is asked to, and nobody hears of it. */
function loseAnswer(call: Sending) {
  const ask = room.api[call] as (...parts: unknown[]) => Promise<unknown>;
  vi.spyOn(room.api, call).mockImplementationOnce((async (...parts: unknown[]) => {
    await ask(...parts);
    return { ok: false, failure: { reason: 'unreachable' } };
  }) as never);
}

/** A message that the server has, while its author knows nothing of it: neither the answer nor the stream said so. */
async function writeUnheard(session: RunningSession, text: string): Promise<MessageId> {
  room.streams.clear();
  loseAnswer('sendMessage');
  const id = write(session, text);
  await settle();
  expect(stored()).toContain(text);
  return id;
}

/** The same, and the repeat is refused, for good or for a while. */
async function writeUnheardAndRefused(session: RunningSession, text: string, reason: Failure['reason']) {
  const id = await writeUnheard(session, text);
  room.refusals.set('sendMessage', { reason, retryAfterSeconds: 30 });
  await after(1_000);
  expect(shown(session)).toEqual([`${text} ${FOR_A_WHILE.includes(reason) ? 'waiting' : 'failed'}`]);
  return id;
}

const FOR_A_WHILE: readonly Failure['reason'][] = ['rate_limited', 'storage_full'];

/** Returns what was not sent. */
async function leave(session: RunningSession): Promise<string | null> {
  room.refusals.clear();
  session.leave();
  await settle();
  return unsent;
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  storage = new FakeStorage();
  sessions = [];
  unsent = null;
});

afterEach(() => {
  for (const session of sessions) session.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a removal that fails', () => {
  it('because a proxy lets no DELETE through holds no message back, and says so in the end', async () => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    room.refusals.set('takeBack', { reason: 'unreachable' });
    session.takeBack(id);
    write(session, 'next');
    await settle();
    expect(stored()).toEqual(['oops', 'next']);
    expect(shown(session)).toEqual(['oops sent', 'next sent']);
    await after(60_000);
    expect(session.actions.get().failure?.reason).toBe('unreachable');
    const { length } = room.calls;
    await after(300_000);
    expect(room.calls).toHaveLength(length);
    room.refusals.clear();
    session.takeBack(id);
    await settle();
    expect(stored()).toEqual(['next']);
  });

  it('because it is never answered holds no message back', async () => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    vi.spyOn(room.api, 'takeBack').mockReturnValueOnce(new Promise(() => undefined));
    session.takeBack(id);
    write(session, 'next');
    await settle();
    expect(stored()).toEqual(['oops', 'next']);
  });

  it('because it comes too soon after others waits as long as the server asks for, and holds no message back', async () => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    room.refusals.set('takeBack', { reason: 'rate_limited', retryAfterSeconds: 60 });
    session.takeBack(id);
    write(session, 'next');
    room.setLine('reconnecting');
    room.setLine('live');
    await after(59_000);
    expect(stored()).toEqual(['oops', 'next']);
    expect(times('takeBack')).toBe(1);
    room.refusals.clear();
    await after(2_000);
    expect(stored()).toEqual(['next']);
  });

  it.each(['offline', 'reconnecting'] as const)('while the line is %s goes on waiting', async (state) => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    room.setLine(state);
    room.refusals.set('all', { reason: 'unreachable' });
    session.takeBack(id);
    await after(500_000);
    room.refusals.clear();
    room.setLine('live');
    await settle();
    expect(stored()).toEqual([]);
    expect(session.actions.get().failure).toBeNull();
  });

  it('while a dead line still passes for a live one goes on waiting', async () => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    room.refusals.set('all', { reason: 'unreachable' });
    session.takeBack(id);
    await after(29_000);
    room.setLine('reconnecting');
    await after(120_000);
    room.refusals.clear();
    room.setLine('live');
    await settle();
    expect(stored()).toEqual([]);
    expect(session.actions.get().failure).toBeNull();
  });
});

describe('a message that the server may have', () => {
  it.each([
    'rate_limited',
    'body_too_large',
    'cross_origin',
    'malformed_body',
    'invalid_request',
    'storage_full',
    'not_found',
    'internal_error',
  ] as const)('is removed there when it is taken back, though its repeat was refused: %s', async (reason) => {
    const session = await openLive();
    const id = await writeUnheardAndRefused(session, 'perhaps there', reason);
    session.takeBack(id);
    await settle();
    expect(stored()).toEqual([]);
    expect(shown(session)).toEqual([]);
  });

  it('stays one however often its repeat is refused', async () => {
    const session = await openLive();
    const id = await writeUnheardAndRefused(session, 'perhaps there', 'internal_error');
    session.retry(id);
    await settle();
    expect(times('sendMessage')).toBe(3);
    session.takeBack(id);
    await settle();
    expect(stored()).toEqual([]);
  });

  it.each(['discard', 'redraft'] as const)('is removed there at %s, too', async (way) => {
    const session = await openLive();
    const id = await writeUnheardAndRefused(session, 'perhaps there', 'invalid_request');
    session[way](id);
    await settle();
    expect(stored()).toEqual([]);
    expect(session.composer.get().draft).toBe(way === 'redraft' ? 'perhaps there' : '');
  });

  it.each(['message_id_taken', 'message_limit_reached', 'not_the_author'] as const)(
    'is known not to be there once the server has looked for it: %s',
    async (reason) => {
      const session = await openLive();
      vi.spyOn(room.api, 'sendMessage').mockResolvedValueOnce({ ok: false, failure: { reason: 'unreachable' } });
      const id = write(session, 'not there');
      room.refusals.set('sendMessage', { reason });
      await after(1_000);
      expect(shown(session)).toEqual(['not there failed']);
      session.takeBack(id);
      await settle();
      expect(shown(session)).toEqual([]);
      expect(times('takeBack')).toBe(0);
    },
  );

  it('is no longer unsent once the history has it, though its repeat was refused', async () => {
    const session = await openLive();
    await writeUnheardAndRefused(session, 'heard later', 'rate_limited');
    session.readTranscriptAgain();
    await settle();
    expect(shown(session)).toEqual(['heard later sent']);
    expect(await leave(session)).toBe('');
  });

  it('is no longer unsent where the stream had it before its repeat was refused', async () => {
    const session = await openLive();
    loseAnswer('sendMessage');
    write(session, 'heard at once');
    await settle();
    room.refusals.set('sendMessage', { reason: 'rate_limited' });
    await after(1_000);
    expect(shown(session)).toEqual(['heard at once sent']);
    expect(await leave(session)).toBe('');
  });
});

describe('a message that the owner removes before its author knows that it is stored', () => {
  it('is gone when the stream says so', async () => {
    const session = await openLive();
    loseAnswer('sendMessage');
    const id = write(session, 'unwelcome');
    await settle();
    room.takeBack(id, OTHER);
    await after(60_000);
    expect(shown(session)).toEqual([]);
    expect(times('sendMessage')).toBe(1);
    expect(await leave(session)).toBe('');
  });

  it('is gone when the stream says so while it is on its way', async () => {
    const session = await openLive();
    const { sendMessage } = room.api;
    vi.spyOn(room.api, 'sendMessage').mockImplementationOnce(async (...message) => {
      await sendMessage(...message);
      room.takeBack(message[1].id, OTHER);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { ok: false, failure: { reason: 'unreachable' } };
    });
    write(session, 'unwelcome');
    write(session, 'next');
    await after(60_000);
    expect(shown(session)).toEqual(['next sent']);
    expect(times('sendMessage')).toBe(2);
  });

  it('is gone when a page of the history says so', async () => {
    const session = await openLive();
    const id = await writeUnheard(session, 'unwelcome');
    room.takeBack(id, OTHER);
    session.readTranscriptAgain();
    await after(60_000);
    expect(shown(session)).toEqual([]);
    expect(times('sendMessage')).toBe(1);
    expect(await leave(session)).toBe('');
  });

  it('is gone though its repeat was refused before that was heard', async () => {
    const session = await openLive();
    const id = await writeUnheard(session, 'unwelcome');
    room.takeBack(id, OTHER);
    await after(1_000);
    expect(shown(session)).toEqual(['unwelcome failed']);
    session.readTranscriptAgain();
    await settle();
    expect(shown(session)).toEqual([]);
    expect(await leave(session)).toBe('');
  });

  it('is gone after a reload that hears of it before the outbox is unsealed', async () => {
    // Web Crypto works on threads of its own, which virtual time does not wait for.
    vi.useRealTimers();
    room = new FakeRoom();
    const member = await sealRoom(room);
    const before = openSession(member);
    await eventually(() => expect(before.transcript.get().state).toBe('ready'));
    room.streams.clear();
    loseAnswer('sendMessage');
    const id = write(before, 'unwelcome');
    await eventually(() => expect(room.messages).toHaveLength(1));
    before.stop();
    expect(recallOutbox(storage, ROOM_ID)?.messages).toMatchObject([{ id, tried: true }]);
    room.takeBack(id, OTHER);

    let unseal = () => {};
    const unsealing = new Promise<void>((resolve) => (unseal = resolve));
    const reloaded = openSession(member, (voice) => ({
      ...voice,
      reread: (...kept) => unsealing.then(() => voice.reread(...kept)),
    }));
    await eventually(() => expect(reloaded.transcript.get().state).toBe('ready'));
    unseal();
    await eventually(() => expect(recallOutbox(storage, ROOM_ID)).toBeNull());
    expect(shown(reloaded)).toEqual([]);
    expect(times('sendMessage')).toBe(1);
  });
});

describe('a message that comes too soon', () => {
  const REFUSAL = { reason: 'rate_limited', retryAfterSeconds: 8 } as const;

  it('waits as long as the server asks, and the next ones behind it, and all go out in order by themselves', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', REFUSAL);
    for (const text of ['one', 'two', 'three']) write(session, text);
    await settle();
    expect(shown(session)).toEqual(['one waiting', 'two waiting', 'three waiting']);
    const { rest } = session.outgoing.get();
    expect(rest?.reason).toBe('rate_limited');
    expect((rest?.until ?? 0) - Date.now()).toBeGreaterThan(7_900);
    room.refusals.clear();
    await after(7_900);
    expect(times('sendMessage')).toBe(1);
    await after(1_000);
    expect(stored()).toEqual(['one', 'two', 'three']);
    expect(session.outgoing.get()).toEqual({ isUnsent: false, isWaiting: false, rest: null });
  });

  it('is not hurried by a line that comes back, nor by a message that is sent again', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    const id = write(session, 'refused for good');
    await settle();
    room.refusals.set('sendMessage', REFUSAL);
    write(session, 'too soon');
    await settle();
    room.setLine('reconnecting');
    room.setLine('live');
    session.retry(id);
    await after(7_000);
    expect(times('sendMessage')).toBe(2);
    expect(shown(session)).toEqual(['refused for good waiting', 'too soon waiting']);
    room.refusals.clear();
    await after(3_000);
    expect(stored()).toEqual(['refused for good', 'too soon']);
  });

  it('waits longer each time where the server says nothing of how long', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'storage_full' });
    write(session, 'patience');
    await after(60_000);
    const calls = times('sendMessage');
    expect(calls).toBeGreaterThan(2);
    expect(calls).toBeLessThan(12);
    expect(shown(session)).toEqual(['patience waiting']);
  });

  it('waits no shorter where the server names a time that no timer takes', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', { reason: 'rate_limited', retryAfterSeconds: 1e12 });
    write(session, 'patience');
    await after(60_000);
    expect(times('sendMessage')).toBe(1);
  });

  it('is never sent where it is taken back meanwhile, and nothing waits any more', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', REFUSAL);
    const id = write(session, 'regretted');
    await settle();
    session.takeBack(id);
    await settle();
    expect(session.outgoing.get()).toEqual({ isUnsent: false, isWaiting: false, rest: null });
    room.refusals.clear();
    await after(60_000);
    expect(times('sendMessage')).toBe(1);
    write(session, 'next');
    await settle();
    expect(stored()).toEqual(['next']);
  });

  it('is the room’s, not its author’s, to send: when the room ends, the text is handed back', async () => {
    const session = await openLive();
    room.refusals.set('sendMessage', REFUSAL);
    write(session, 'too late');
    await settle();
    expect(await leave(session)).toBe('too late');
    await after(60_000);
    expect(times('sendMessage')).toBe(1);
  });
});

describe('a message that was refused', () => {
  it('stays behind what had been heard when it was written, and counts as written when it is sent again', async () => {
    const session = await openLive();
    room.say(OTHER, 'before');
    await settle();
    room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    const id = write(session, 'refused');
    await settle();
    room.say(OTHER, 'after');
    await settle();
    expect(shown(session)).toEqual(['before sent', 'refused failed', 'after sent']);
    session.retry(id);
    await settle();
    expect(shown(session)).toEqual(['before sent', 'after sent', 'refused failed']);
    room.say(OTHER, 'later');
    await settle();
    expect(shown(session)).toEqual(['before sent', 'after sent', 'refused failed', 'later sent']);
  });
});

describe('in a plain room', () => {
  it('a removal outlives a reload, and no word does', async () => {
    const before = await openLive();
    const id = write(before, 'oops');
    await settle();
    room.refusals.set('all', { reason: 'offline' });
    before.takeBack(id);
    write(before, 'in the open');
    await settle();
    before.stop();
    expect(recallOutbox(storage, ROOM_ID)).toMatchObject({ messages: [], removals: [{ id, ids: [id] }] });
    expect([...storage.entries.values()].join()).not.toMatch(/oops|in the open/);

    room.refusals.clear();
    await openLive();
    expect(stored()).toEqual([]);
    expect(recallOutbox(storage, ROOM_ID)).toBeNull();
  });
});

describe('whatever the line does', () => {
  it('messages are stored once and in the order of writing, and those that were taken back are gone', async () => {
    const faults = fc.constantFrom('none', 'none', 'lost request', 'lost answer');
    const steps = fc.array(fc.record({ takesBack: fc.boolean(), which: fc.nat(), ms: fc.nat(400) }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(faults), fc.boolean(), async (plan, course, isHeard) => {
        room = new FakeRoom();
        storage = new FakeStorage();
        const session = await openLive();
        if (!isHeard) room.streams.clear();
        let isFaulty = true;
        for (const call of ['sendMessage', 'takeBack'] as const) {
          const ask = room.api[call] as (...parts: unknown[]) => Promise<unknown>;
          vi.spyOn(room.api, call).mockImplementation((async (...parts: unknown[]) => {
            const fault: unknown = isFaulty ? course.next().value : 'none';
            await new Promise((resolve) => setTimeout(resolve, 50));
            const answer = fault === 'lost request' ? null : await ask(...parts);
            return fault === 'none' ? answer : { ok: false, failure: { reason: 'unreachable' } };
          }) as never);
        }
        const written: { id: MessageId; text: string }[] = [];
        const wanted = new Set<MessageId>();
        for (const [index, { takesBack, which, ms }] of plan.entries()) {
          const one = written[which % Math.max(1, written.length)];
          if (takesBack && one !== undefined) {
            wanted.delete(one.id);
            session.takeBack(one.id);
          } else {
            const text = `message ${index}`;
            const id = write(session, text);
            written.push({ id, text });
            wanted.add(id);
          }
          await after(ms);
        }
        await after(5_000);
        isFaulty = false;
        await after(60_000);
        expect(stored()).toEqual(written.filter(({ id }) => wanted.has(id)).map(({ text }) => text));
        session.stop();
        vi.restoreAllMocks();
      }),
      { numRuns: 60 },
    );
  });
});
