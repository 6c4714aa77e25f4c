import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { purgeDrafts } from '@/session/messages/kept-draft';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Visit } from '@/session/visit';
import { eventually } from '@tests/support/eventually';
import { sealRoom } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom } from './fake-room';
import { browserOf, visitOf } from './fake-visit';

/** The end stands on this browser's clock, which is measured to a few milliseconds. */
const A_SECOND_MS = 1_000;

let room: FakeRoom;
let page: FakePage;
let storage: FakeStorage;
let sessions: RunningSession[];

/** A page in this tab; the one before it has gone. */
function load(visit: Partial<Visit> = {}): RunningSession {
  for (const session of sessions) session.stop();
  page = new FakePage();
  const session = createRunningSession(browserOf(room, { page, storage }), visitOf(room, visit));
  sessions.push(session);
  // The page hands over what was not sent in a seat before.
  session.setDraft('');
  session.start();
  return session;
}

const kept = () => [...storage.entries].filter(([key]) => key.startsWith('mayfly:draft:'));

beforeEach(() => {
  room = new FakeRoom();
  storage = new FakeStorage();
  sessions = [];
});

afterEach(() => {
  for (const session of sessions) session.stop();
});

describe('a page that is older than the server', () => {
  it('says so, sends nothing more, and keeps what is written, which a reload sends', async () => {
    const session = load();
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    expect(session.outdated.get()).toBe(false);
    page.emit('outdated');
    expect(session.outdated.get()).toBe(true);
    session.setDraft('half a sentence');
    session.send();
    expect(session.composer.get().draft).toBe('half a sentence');
    session.reload();
    await eventually(() => expect(page.reloads).toBe(1));

    const reloaded = load();
    await eventually(() => expect(reloaded.composer.get().draft).toBe('half a sentence'));
    expect(kept()).toEqual([]);
    reloaded.send();
    await eventually(() => expect(room.messages.map(({ text }) => text)).toEqual(['half a sentence']));
  });

  it('keeps the texts that wait, too, in a plain room, whose outbox is not stored', async () => {
    const session = load();
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    room.refusals.set('sendMessage', { reason: 'unreachable' });
    session.setDraft('waiting');
    session.send();
    session.setDraft('half');
    page.emit('outdated');
    session.reload();
    await eventually(() => expect(page.reloads).toBe(1));
    const reloaded = load();
    await eventually(() => expect(reloaded.composer.get().draft).toBe('waiting\nhalf'));
  });

  it('keeps no message that the server has stored, though its answer came after the word of the newer server', async () => {
    const session = load();
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    const { sendMessage } = room.api;
    vi.spyOn(room.api, 'sendMessage').mockImplementation(async (...message) => {
      const answer = await sendMessage(...message);
      page.emit('outdated');
      await eventually(() => expect(kept()).toHaveLength(1));
      return answer;
    });
    session.setDraft('sent already');
    session.send();
    await eventually(() => expect(room.messages).toHaveLength(1));
    await eventually(() => expect(kept()).toEqual([]));
    const reloaded = load();
    await eventually(() => expect(reloaded.transcript.get().state).toBe('ready'));
    expect(reloaded.composer.get().draft).toBe('');
  });

  it('keeps it sealed in a sealed room, however long it is, and over a reload by hand as well', async () => {
    const member = await sealRoom(room);
    const session = load(member);
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    page.emit('outdated');
    const draft = `secret ${'🦦'.repeat(2_500)}`;
    session.setDraft(draft);
    await eventually(() => expect(kept()).toHaveLength(1));
    await eventually(() => expect(kept()[0]?.[1]).toContain('v2.0.'));
    expect(JSON.stringify(kept())).not.toContain('secret');
    const reloaded = load(member);
    await eventually(() => expect(reloaded.composer.get().draft).toBe(draft));
  });

  it('loses no draft that was being opened when the page was loaded once more', async () => {
    const member = await sealRoom(room);
    const session = load(member);
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    session.setDraft('half a sentence');
    await eventually(() => expect(kept()).toHaveLength(1));
    load(member);
    const reloaded = load(member);
    await eventually(() => expect(reloaded.composer.get().draft).toBe('half a sentence'));
  });

  it('leaves nothing behind when the draft is emptied, and when the room has ended', async () => {
    const session = load();
    await eventually(() => expect(session.connection.get().state).toBe('live'));
    page.emit('outdated');
    session.setDraft('one');
    await eventually(() => expect(kept()).toHaveLength(1));
    purgeDrafts(storage, room.expiresAt - A_SECOND_MS);
    expect(kept()).toHaveLength(1);
    session.setDraft('');
    await eventually(() => expect(kept()).toEqual([]));
    session.setDraft('two');
    await eventually(() => expect(kept()).toHaveLength(1));
    purgeDrafts(storage, room.expiresAt + A_SECOND_MS);
    expect(kept()).toEqual([]);
  });
});
