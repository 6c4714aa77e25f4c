import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageIdSchema, type MessageId } from '@/domain/message';
import { eventually } from '@tests/support/eventually';
import { recallOutbox } from '@tests/support/kept-outbox';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Visit } from '@/session/visit';
import { sealRoom } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let sessions: RunningSession[];

const settle = () => vi.advanceTimersByTimeAsync(1);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function openSession(visit: Partial<Visit> = {}): RunningSession {
  const session = createRunningSession(browserOf(room, { page, storage }), visitOf(room, visit));
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
  session.transcript
    .get()
    .entries.map((entry) => (entry.kind === 'notice' ? `[${entry.notice}]` : `${entry.text} ${entry.state}`));

function write(session: RunningSession, text: string): MessageId {
  session.setDraft(text);
  session.send();
  return idOf(session, text);
}

function idOf(session: RunningSession, text: string): MessageId {
  const entry = session.transcript.get().entries.find((one) => one.kind === 'message' && one.text === text);
  return messageIdSchema.parse(entry?.id);
}

/** The answer of a call is held back until the returned function is called; the server has done it by then. */
function holdBack(call: 'sendMessage' | 'takeBack', isLost = false) {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const ask = room.api[call] as (...parts: unknown[]) => Promise<unknown>;
  vi.spyOn(room.api, call).mockImplementationOnce((async (...parts: unknown[]) => {
    const answer = await ask(...parts);
    await held;
    return isLost ? { ok: false, failure: { reason: 'unreachable' } } : answer;
  }) as never);
  return async () => {
    release();
    await settle();
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  storage = new FakeStorage();
  sessions = [];
});

afterEach(() => {
  for (const session of sessions) session.stop();
  vi.useRealTimers();
});

describe('taking a message back', () => {
  it('that is stored removes it for everybody, and says who did it', async () => {
    const session = await openLive();
    const id = write(session, 'oops');
    await settle();
    session.takeBack(id);
    await settle();
    expect(room.messages).toEqual([]);
    expect(shown(session)).toEqual(['[took-back]']);
    expect(session.transcript.get().entries[0]).toMatchObject({ self: true });
  });

  it('by its author or the owner is said by name, and only where the message was shown', async () => {
    room.owner = OTHER;
    const session = await openLive();
    room.say(OTHER, 'one', 'message-one');
    room.say(ME, 'two', 'message-two');
    await settle();
    room.takeBack(messageIdSchema.parse('message-one'), OTHER);
    room.takeBack(messageIdSchema.parse('message-two'), OTHER);
    room.emit('message.removed', { id: messageIdSchema.parse('never-seen'), memberId: OTHER, by: OTHER });
    await settle();
    expect(shown(session)).toEqual(['[took-back]', '[owner-took-back]']);
    expect(session.transcript.get().entries[1]).toMatchObject({ memberId: OTHER, otherId: ME, self: false });
  });

  it('while the page was away is found out when it catches up, and said without a name', async () => {
    const session = await openLive();
    room.say(OTHER, 'one', 'message-one');
    await after(10_000);
    const [stream] = room.streams;
    room.streams.clear();
    room.takeBack(messageIdSchema.parse('message-one'), OTHER);
    await after(10_000);
    stream?.handlers.onAfresh();
    await settle();
    expect(shown(session)).toEqual(['[taken-back]']);
  });

  it('that a page had not loaded says nothing, and keeps it away from older pages', async () => {
    room.pageMessagesMax = 1;
    room.say(OTHER, 'one', 'message-one');
    room.say(OTHER, 'two', 'message-two');
    const session = await openLive();
    room.takeBack(messageIdSchema.parse('message-one'), OTHER);
    await settle();
    session.readOlder();
    await settle();
    expect(shown(session)).toEqual(['two sent']);
  });

  it('that waits for the line is simply gone: nothing was ever sent', async () => {
    const session = await openLive();
    room.setLine('offline');
    const id = write(session, 'never');
    session.takeBack(id);
    room.setLine('live');
    await settle();
    expect(shown(session)).toEqual([]);
    expect(room.calls.filter((call) => call === 'sendMessage' || call === 'takeBack')).toEqual([]);
  });

  it.each(['rate_limited', 'message_limit_reached'] as const)(
    'that the server refused is simply gone: %s',
    async (reason) => {
      const session = await openLive();
      room.refusals.set('sendMessage', { reason });
      const id = write(session, 'too fast');
      await settle();
      session.takeBack(id);
      await settle();
      expect(shown(session)).toEqual([]);
      expect(room.calls).not.toContain('takeBack');
    },
  );

  it('that is on its way ends with it gone', async () => {
    const session = await openLive();
    const answer = holdBack('sendMessage');
    room.streams.clear();
    const id = write(session, 'on its way');
    await settle();
    session.takeBack(id);
    expect(shown(session)).toEqual([]);
    write(session, 'next');
    await answer();
    expect(room.messages.map(({ text }) => text)).toEqual(['next']);
    expect(shown(session)).toEqual(['next sent']);
  });

  it('whose answer was lost ends with it gone, whatever the line does', async () => {
    const session = await openLive();
    const answer = holdBack('sendMessage', true);
    const id = write(session, 'lost');
    await settle();
    await answer();
    room.refusals.set('all', { reason: 'offline' });
    session.takeBack(id);
    await after(60_000);
    expect(room.messages).toHaveLength(1);
    room.refusals.set('all', { reason: 'rate_limited', retryAfterSeconds: 3 });
    room.setLine('reconnecting');
    room.setLine('live');
    await after(10_000);
    room.refusals.clear();
    await after(30_000);
    expect(room.messages).toEqual([]);
    expect(room.calls.filter((call) => call === 'sendMessage')).toHaveLength(1);
  });

  it('that the server never got counts as gone, and one that it stores late after all is removed', async () => {
    const session = await openLive();
    vi.spyOn(room.api, 'sendMessage').mockResolvedValueOnce({ ok: false, failure: { reason: 'unreachable' } });
    const id = write(session, 'slow');
    await settle();
    session.takeBack(id);
    await after(5_000);
    expect(room.calls.filter((call) => call === 'takeBack')).toHaveLength(1);
    room.say(ME, 'slow', id);
    await settle();
    expect(room.messages).toEqual([]);
    expect(shown(session)).toEqual([]);
  });

  it('that may not be taken back says why, and leaves it', async () => {
    room.owner = OTHER;
    const session = await openLive();
    room.say(OTHER, 'not mine', 'message-one');
    await settle();
    session.takeBack(messageIdSchema.parse('message-one'), OTHER);
    await settle();
    expect(session.actions.get().failure?.reason).toBe('not_the_author');
    expect(shown(session)).toEqual(['not mine sent']);
  });
});

describe('replies, reactions and edits', () => {
  it('go out in order, and are shown on what they are about', async () => {
    const session = await openLive();
    const id = messageIdSchema.parse(room.say(OTHER, 'question', 'message-one').id);
    await settle();
    expect(session.reply({ id, by: OTHER }, 'answer')).toBe(true);
    expect(session.react({ id, by: OTHER }, '👍')).toBe(true);
    const answer = idOf(session, 'answer');
    expect(session.edit(answer, 'a better answer')).toBe(true);
    await settle();
    expect(room.messages.map(({ text, about }) => [text, about?.kind])).toEqual([
      ['question', undefined],
      ['answer', 'reply'],
      ['👍', 'reaction'],
      ['a better answer', 'edit'],
    ]);
    expect(session.transcript.get().entries).toMatchObject([
      { text: 'question', reactions: [{ emoji: '👍', count: 1, mine: true }] },
      { text: 'a better answer', edited: expect.any(Number) as number, re: { text: 'question', state: 'said' } },
    ]);
    session.unreact({ id, by: OTHER }, '👍');
    session.takeBack(answer);
    await settle();
    expect(room.messages.map(({ text }) => text)).toEqual(['question']);
    expect(shown(session)).toEqual(['question sent', '[took-back]']);
    expect(session.transcript.get().entries[0]).not.toHaveProperty('reactions');
  });

  it('that break the rules are not sent', async () => {
    const session = await openLive();
    const on = { id: messageIdSchema.parse(room.say(OTHER, 'question').id), by: OTHER };
    expect([session.reply(on, ' '), session.react(on, 'yes'), session.edit(on.id, 'x'.repeat(1_001))]).toEqual([
      false,
      false,
      false,
    ]);
    await settle();
    expect(room.messages).toHaveLength(1);
  });

  it('that were refused can be seen, and sent again', async () => {
    const session = await openLive();
    const on = { id: messageIdSchema.parse(room.say(OTHER, 'question').id), by: OTHER };
    room.refusals.set('sendMessage', { reason: 'message_limit_reached' });
    session.react(on, '👍');
    await settle();
    expect(shown(session)).toEqual(['question sent', '👍 failed']);
    room.refusals.clear();
    session.retry(idOf(session, '👍'));
    await settle();
    expect(shown(session)).toEqual(['question sent']);
  });
});

describe('in a sealed room', () => {
  let member: Partial<Visit>;

  beforeEach(async () => {
    // Web Crypto works on threads of its own, which virtual time does not wait for.
    vi.useRealTimers();
    room = new FakeRoom();
    member = await sealRoom(room);
  });

  async function openSealed(): Promise<RunningSession> {
    const session = openSession(member);
    await eventually(() => expect(session.transcript.get().state).toBe('ready'));
    return session;
  }

  it('the server sees neither kind nor target, edits count up, and are named when their message is taken back', async () => {
    const session = await openSealed();
    const id = write(session, 'first');
    await eventually(() => expect(shown(session)).toEqual(['first sent']));
    for (let edit = 1; edit <= 60; edit += 1) session.edit(id, `edit ${edit}`);
    await eventually(() => expect(shown(session)).toEqual(['edit 60 sent']));
    for (const body of room.sent)
      expect(Object.keys(body).filter((name) => name === 'about' || name === 'kind')).toEqual([]);
    session.takeBack(id);
    await eventually(() => expect(room.messages).toEqual([]));
    expect(room.calls.filter((call) => call === 'takeBack')).toHaveLength(2);
    await eventually(() => expect(shown(session)).toEqual(['[took-back]']));
  });

  it('a text fits whatever its characters take as long as there are not too many', async () => {
    const session = await openSealed();
    session.setDraft(`a${'\u0001'.repeat(999)}`);
    expect(session.composer.get()).toMatchObject({ fault: null, remaining: 0 });
    session.send();
    await eventually(() => expect(room.messages).toHaveLength(1));
    session.setDraft('🦦'.repeat(1_001));
    expect(session.composer.get().fault).toBe('too-long');
  });

  it('a removal outlives a reload, and so does what is known of an answer that was lost', async () => {
    const before = await openSealed();
    holdBack('sendMessage', true);
    const lost = write(before, 'lost');
    await eventually(() => expect(room.messages).toHaveLength(1));
    await eventually(() => expect(recallOutbox(storage, ROOM_ID)?.messages[0]?.tried).toBe(true));
    before.stop();

    room.refusals.set('all', { reason: 'offline' });
    const between = openSession(member);
    await eventually(() => expect(between.transcript.get().entries).toHaveLength(1));
    between.takeBack(lost);
    expect(recallOutbox(storage, ROOM_ID)).toMatchObject({ messages: [], removals: [{ id: lost, ids: [lost] }] });
    between.stop();

    room.refusals.clear();
    openSession(member);
    await eventually(() => expect(room.messages).toEqual([]));
    await eventually(() => expect(recallOutbox(storage, ROOM_ID)).toBeNull());
  });
});
