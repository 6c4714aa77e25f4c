import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseUploads } from '@/session/files/kept-uploads';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { FakeLocks } from '@tests/support/fake-locks';
import { messagesOf } from '@tests/support/sealed-room';
import { FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ME, OTHER, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';
import { bytesOf, fileOf, isContent, loaded, ready, send, shared, sharedIn, SIZE, statesOf } from './scene';

const KEY = `mayfly:files:${ROOM_ID}`;
let room: FakeRoom;
let locks: FakeLocks | undefined;
let sessions: RunningSession[];

beforeEach(() => {
  room = new FakeRoom();
  locks = new FakeLocks();
  sessions = [];
});
afterEach(() => sessions.forEach((session) => session.stop()));

async function opened(storage = new FakeStorage()): Promise<RunningSession> {
  const session = createRunningSession(browserOf(room, { storage, locks, random: () => 0.01 }), visitOf(room));
  sessions.push(session);
  session.start();
  return ready(session);
}

const copyOf = (storage: FakeStorage) => {
  const copy = new FakeStorage();
  for (let at = 0; at < storage.length; at += 1)
    copy.setItem(storage.key(at) ?? '', storage.getItem(storage.key(at) ?? '') ?? '');
  return copy;
};
const keptIn = (storage: FakeStorage) => parseUploads(storage.getItem(KEY))?.files.length ?? 0;
const removals = () => room.files.times('DELETE');
const looks = () => room.files.asked.filter(({ method, path }) => method === 'GET' && path === '/api/files').length;

/** Sends all but the last piece, which waits for the test. */
async function halfway(storage: FakeStorage) {
  const session = await opened(storage);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  room.files.gate = ({ index, method }) => (index === 2 && method === 'PUT' ? held : Promise.resolve());
  await send(session);
  await eventually(() => expect(room.files.times('PUT', 2)).toBe(1));
  return { session, letGo };
}

describe('a file in a plain room', () => {
  it('comes out as it went in', async () => {
    const session = await opened();
    await send(session);
    expect(await isContent(await loaded(session, await shared(session)), bytesOf(SIZE))).toBe(true);
  });

  it('that was not finished is removed by the page after that one', async () => {
    const storage = new FakeStorage();
    const { session } = await halfway(storage);
    expect(keptIn(storage)).toBe(1);
    session.stop();
    await opened(storage);
    await eventually(() => expect([...room.files.stored]).toEqual([]));
    expect(keptIn(storage)).toBe(0);
  });

  it('is not removed by a copy of the tab that is sending it, nor once it was sent', async () => {
    const storage = new FakeStorage();
    const { session, letGo } = await halfway(storage);
    const copied = copyOf(storage);
    const copy = await opened(copied);
    await eventually(() => expect(copy.files.part.get()).not.toBeNull());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([removals(), looks(), statesOf(session)]).toEqual([0, 0, ['sending']]);
    // Its own page may still be closed first: then the copy has to care.
    expect(keptIn(copied)).toBe(1);
    letGo();
    const file = await shared(session);
    session.stop();
    await eventually(() => expect(keptIn(copied)).toBe(0));
    expect([removals(), looks()]).toEqual([0, 1]);
    expect(await isContent(await loaded(copy, file), bytesOf(SIZE))).toBe(true);
  });

  it('is removed by the copy where its own page was closed first', async () => {
    const storage = new FakeStorage();
    const { session } = await halfway(storage);
    await opened(copyOf(storage));
    session.stop();
    await eventually(() => expect([...room.files.stored]).toEqual([]));
  });

  it('is removed only where it is not finished, in a browser without locks', async () => {
    locks = undefined;
    const storage = new FakeStorage();
    const { session, letGo } = await halfway(storage);
    const copied = copyOf(storage);
    letGo();
    await shared(session);
    await opened(copied);
    await eventually(() => expect(looks()).toBe(1));
    await eventually(() => expect(keptIn(copied)).toBe(0));
    expect(removals()).toBe(0);
  });
});

describe('taking back a message that names a file', () => {
  it('removes the file only where its author has begun it', async () => {
    const session = await opened();
    await send(session, fileOf(10), 'mine.txt');
    const mine = await shared(session);
    // Another member names it, too.
    const card = { ...mine.card };
    if ('key' in card) throw new Error('sealed');
    const data = {
      id: 'message-of-other',
      roomId: ROOM_ID,
      memberId: OTHER,
      text: '',
      timestamp: room.now(),
      file: card,
    };
    room.emit('chat.message', { ...data, sender: 'Other' } as never);
    await eventually(() => expect(sharedIn(session)).toHaveLength(2));
    const theirs = messagesOf(session).at(-1) ?? expect.fail();
    session.takeBack(theirs.id, OTHER);
    await eventually(() => expect(removals()).toBe(1));
    expect(room.files.asked.at(-1)).toMatchObject({ method: 'DELETE', memberId: OTHER });
    await eventually(() => expect(session.outgoing.get().isUnsent).toBe(false));
    expect([...room.files.stored.keys()]).toEqual([mine.fileId]);
    const own = messagesOf(session)[0] ?? expect.fail();
    session.takeBack(own.id);
    await eventually(() => expect([...room.files.stored]).toEqual([]));
    expect(room.files.asked.at(-1)).toMatchObject({ method: 'DELETE', memberId: ME });
  });
});
