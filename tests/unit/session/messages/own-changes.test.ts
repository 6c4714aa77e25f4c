import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageIdSchema } from '@/domain/message';
import { recallOutbox } from '@tests/support/kept-outbox';
import { UNDO_MS } from '@/session/messages/second-thoughts';
import type { MessageEntry } from '@/session/messages/transcript';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let session: RunningSession;

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settle = () => after(1);

async function openLive(): Promise<RunningSession> {
  const opened = createRunningSession(browserOf(room, { page, storage }), visitOf(room));
  opened.start();
  await settle();
  return opened;
}

const messages = () =>
  session.transcript.get().entries.filter((entry): entry is MessageEntry => entry.kind === 'message');
const leaving = () => messages().map((entry) => entry.leaving);
const chips = () =>
  messages().map(({ reactions = [] }) => reactions.map(({ emoji, count, mine }) => [emoji, count, mine]));
const inRoom = () => room.messages.map(({ text }) => text);
const says = (text: string, by = OTHER) => ({
  id: messageIdSchema.parse(room.say(by, text, 'message-one').id),
  by,
});

beforeEach(async () => {
  vi.useFakeTimers();
  room = new FakeRoom();
  page = new FakePage();
  storage = new FakeStorage();
  session = await openLive();
});
afterEach(() => {
  session.stop();
  vi.useRealTimers();
});

describe('taking a message back', () => {
  it('is sent after five seconds, and can be undone until then without a trace', async () => {
    const { id } = says('a slip', ME);
    await settle();
    session.takeBackSoon(id);
    expect(leaving()).toEqual(['undoable']);
    await after(UNDO_MS - 1);
    session.undoTakeBack(id);
    expect(leaving()).toEqual([undefined]);
    await after(10 * UNDO_MS);
    expect([inRoom(), room.calls.includes('takeBack')]).toEqual([['a slip'], false]);

    session.takeBackSoon(id);
    await after(UNDO_MS - 1);
    expect(inRoom()).toEqual(['a slip']);
    await after(1);
    expect(inRoom()).toEqual([]);
  });

  it('is on its way while the line is down, and the message is not in sight again', async () => {
    const { id } = says('a slip', ME);
    await settle();
    room.refusals.set('takeBack', { reason: 'unreachable' });
    session.takeBackSoon(id);
    await after(UNDO_MS);
    expect(leaving()).toEqual(['sent']);
    expect(inRoom()).toEqual(['a slip']);
    room.refusals.clear();
    await after(30_000);
    expect(messages()).toEqual([]);
  });

  it('is the owner’s with everybody’s messages', async () => {
    const { id, by } = says('not nice');
    await settle();
    session.takeBackSoon(id, by);
    await after(UNDO_MS);
    expect(inRoom()).toEqual([]);
  });

  it.each(['hidden', 'left'] as const)('is sent at once when the page is %s', async (signal) => {
    const { id } = says('a slip', ME);
    await settle();
    session.takeBackSoon(id);
    page.emit(signal);
    await settle();
    expect(inRoom()).toEqual([]);
  });

  it('outlives a page that is closed without a line: the next page of this tab sends it', async () => {
    const { id } = says('a slip', ME);
    await settle();
    room.refusals.set('takeBack', { reason: 'offline' });
    session.takeBackSoon(id);
    page.emit('left');
    session.stop();
    expect(recallOutbox(storage, ROOM_ID)?.removals).toEqual([{ id, ids: [id] }]);
    room.refusals.clear();
    session = await openLive();
    await settle();
    expect(inRoom()).toEqual([]);
  });

  it('is done before its author leaves the room', async () => {
    const { id } = says('a slip', ME);
    await settle();
    session.takeBackSoon(id);
    session.leave();
    await settle();
    expect(room.calls.filter((call) => call === 'takeBack' || call === 'leaveRoom')).toEqual(['takeBack', 'leaveRoom']);
    expect(inRoom()).toEqual([]);
  });

  it('keeps nobody in the room while the line is down', async () => {
    const { id } = says('a slip', ME);
    await settle();
    room.refusals.set('takeBack', { reason: 'unreachable' });
    session.takeBackSoon(id);
    session.leave();
    await after(2_000);
    expect(room.calls).toContain('leaveRoom');
  });

  it('comes to nothing when the room ends', async () => {
    const { id } = says('a slip', ME);
    await settle();
    session.takeBackSoon(id);
    room.emit('chat.destroy', { isDestroyed: true, reason: 'destroyed' });
    await after(UNDO_MS);
    expect(room.calls).not.toContain('takeBack');
  });
});

describe('a reaction', () => {
  it('is shown at once, also while the line is down, and counts once when it is stored', async () => {
    const target = says('pizza?');
    await settle();
    room.refusals.set('sendMessage', { reason: 'unreachable' });
    session.react(target, '🍕');
    expect(chips()).toEqual([[['🍕', 1, true]]]);
    expect(messages()[0]?.reactions?.[0]?.by).toMatchObject([{ memberId: ME, self: true }]);
    await after(1_000);
    expect(chips()).toEqual([[['🍕', 1, true]]]);
    room.refusals.clear();
    await after(30_000);
    expect([chips(), inRoom()]).toEqual([[[['🍕', 1, true]]], ['pizza?', '🍕']]);
  });

  it('joins those of others, and leaves them at once when it is taken back', async () => {
    const target = says('pizza?');
    room.say(OTHER, '🍕', 'message-theirs', 'Somebody', { kind: 'reaction', id: target.id });
    await settle();
    session.react(target, '🍕');
    expect(chips()).toEqual([[['🍕', 2, true]]]);
    await settle();
    room.refusals.set('takeBack', { reason: 'unreachable' });
    session.unreact(target, '🍕');
    expect(chips()).toEqual([[['🍕', 1, false]]]);
    expect(messages()[0]?.reactions?.[0]?.by).toMatchObject([{ memberId: OTHER }]);
    room.refusals.clear();
    await after(30_000);
    expect([chips(), inRoom()]).toEqual([[[['🍕', 1, false]]], ['pizza?', '🍕']]);
  });

  it('that nobody has seen yet is gone, and the server never hears of it', async () => {
    const target = says('pizza?');
    await settle();
    room.refusals.set('sendMessage', { reason: 'offline' });
    await after(1);
    session.react(target, '🍕');
    session.unreact(target, '🍕');
    expect(chips()).toEqual([[]]);
    room.refusals.clear();
    await after(30_000);
    expect(inRoom()).toEqual(['pizza?']);
  });
});
