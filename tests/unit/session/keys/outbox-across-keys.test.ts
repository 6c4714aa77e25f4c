import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '@tests/support/eventually';
import { recallOutbox } from '@tests/support/kept-outbox';
import type { RunningSession } from '@/session/running-session';
import { linesOf, messagesOf, SealedRoom } from '@tests/support/sealed-room';
import { ROOM_ID } from '@tests/unit/session/fake-room';

let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
});
afterEach(() => sealed.close());

async function ready(session: RunningSession = sealed.openSession()): Promise<RunningSession> {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  await eventually(() => expect(session.people.get().length).toBe(sealed.room.members.length));
  return session;
}

const write = (session: RunningSession, text: string) => {
  session.setDraft(text);
  session.send();
};

const rekey = () => sealed.rekey(sealed.other, [sealed.me, sealed.other]);
const sentTexts = () => sealed.room.sent.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
const epochsSent = () => sentTexts().map((text) => Number(text.split('.')[1]));
/** The line is down, as the browser says. */
function goOffline(): void {
  sealed.room.refusals.set('all', { reason: 'offline' });
  sealed.room.setLine('offline');
}

/** The line is back; what the stream has to say comes after that. */
function comeBack(): void {
  sealed.room.refusals.clear();
  sealed.room.setLine('live');
}

/** Nothing of what happens comes by the stream. */
async function silently(act: () => Promise<unknown>): Promise<void> {
  const streams = [...sealed.room.streams];
  sealed.room.streams.clear();
  await act();
  for (const stream of streams) sealed.room.streams.add(stream);
}

describe('words written while the line was down', () => {
  it('never go out under a key that was replaced meanwhile, though the stream has not said so', async () => {
    const session = await ready();
    goOffline();
    write(session, 'not for whoever was removed');
    await eventually(() => expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(1));
    await silently(rekey);
    comeBack();
    await eventually(() => expect(sealed.room.messages).toHaveLength(1));
    expect(epochsSent()).toEqual([1]);
    expect(linesOf(session)).toEqual(['Ann: not for whoever was removed']);
  });

  it('wait while the room cannot be looked at', async () => {
    const session = await ready();
    goOffline();
    write(session, 'patience');
    await eventually(() => expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(1));
    sealed.room.refusals.clear();
    sealed.room.refusals.set('readRoom', { reason: 'unreachable' });
    sealed.room.setLine('live');
    await eventually(() => expect(sealed.room.calls.filter((call) => call === 'readRoom').length).toBeGreaterThan(2));
    expect(sentTexts()).toEqual([]);
    sealed.room.refusals.clear();
    await eventually(() => expect(sealed.room.messages).toHaveLength(1));
  });

  it('and kept over a reload are sealed again once the page knows the newer key', async () => {
    const before = await ready();
    goOffline();
    write(before, 'one');
    write(before, 'two');
    await eventually(() => expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(2));
    const ids = recallOutbox(sealed.storage, ROOM_ID)?.messages.map(({ id }) => id);
    before.stop();
    await rekey();
    sealed.room.refusals.clear();
    const reloaded = await ready();
    await eventually(() => expect(sealed.room.messages.map(({ id }) => id)).toEqual(ids));
    expect(epochsSent()).toEqual([1, 1]);
    expect(linesOf(reloaded)).toEqual(['Ann: one', 'Ann: two']);
  });

  it('stay kept while the key that they were sealed with is not known yet', async () => {
    const before = await ready();
    goOffline();
    write(before, 'one');
    await eventually(() => expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(1));
    before.stop();
    await rekey();
    sealed.room.refusals.clear();
    sealed.room.refusals.set('readEpochs', { reason: 'unreachable' });
    const reloaded = await ready();
    write(reloaded, 'two');
    await eventually(() => expect(sealed.room.messages).toHaveLength(1));
    expect(recallOutbox(sealed.storage, ROOM_ID)?.messages).toHaveLength(1);
    sealed.room.refusals.clear();
    await eventually(() => expect(sealed.room.messages).toHaveLength(2));
  });
});

describe('a message that was tried', () => {
  it('and is stored is repeated unchanged, though the key was replaced, and stands once', async () => {
    const session = await ready();
    sealed.room.lostAnswers.set('sendMessage', 1);
    const { api } = sealed.room;
    const send = api.sendMessage;
    vi.spyOn(api, 'sendMessage').mockImplementationOnce(async (roomId, message) => {
      const answer = await send(roomId, message);
      await rekey();
      return answer;
    });
    write(session, 'once');
    await eventually(() => expect(messagesOf(session).map(({ state }) => state)).toEqual(['sent']));
    await eventually(() => expect(sentTexts()).toHaveLength(2));
    expect(new Set(sentTexts()).size).toBe(1);
    expect(sealed.room.messages).toHaveLength(1);
    expect(epochsSent()).toEqual([0, 0]);
  });

  it('and never arrived is sealed again under the same id, after the server said that the key is another', async () => {
    const session = await ready();
    goOffline();
    sealed.room.setLine('live');
    write(session, 'twice');
    await eventually(() => expect(sealed.room.calls).toContain('readRoom'));
    sealed.room.refusals.clear();
    sealed.room.refusals.set('sendMessage', { reason: 'unreachable' });
    await eventually(() => expect(sealed.room.calls).toContain('sendMessage'));
    await rekey();
    sealed.room.refusals.clear();
    await eventually(() => expect(sealed.room.messages).toHaveLength(1));
    expect(epochsSent()).toEqual([0, 1]);
    expect(new Set(sealed.room.sent.map(({ id }) => id)).size).toBe(1);
    await eventually(() =>
      expect(messagesOf(session).map(({ text, state }) => [text, state])).toEqual([['twice', 'sent']]),
    );
  });

  it('and refused for its key follows the room first, though no event says that it has another', async () => {
    const session = await ready();
    await silently(rekey);
    write(session, 'hello');
    write(session, 'and more');
    await eventually(() => expect(sealed.room.messages).toHaveLength(2));
    expect(epochsSent()).toEqual([0, 1, 1]);
    expect(linesOf(session)).toEqual(['Ann: hello', 'Ann: and more']);
    expect(session.info.get()).toMatchObject({ muted: null, room: { epoch: 1 } });
  });

  it('is neither lost nor doubled, wherever keys are replaced and answers are lost', async () => {
    const session = await ready();
    const texts = Array.from({ length: 12 }, (_, index) => `message ${index}`);
    for (const [index, text] of texts.entries()) {
      if (index % 3 === 0) sealed.room.lostAnswers.set('sendMessage', 1);
      write(session, text);
      if (index % 2 === 0) await rekey();
      if (index % 5 === 0) await silently(rekey);
    }
    await vi.waitFor(() => expect(sealed.room.messages).toHaveLength(12), { timeout: 30_000 });
    await eventually(() => expect(linesOf(session)).toEqual(texts.map((text) => `Ann: ${text}`)));
    expect(recallOutbox(sealed.storage, ROOM_ID)).toBeNull();
  }, 60_000);
});
