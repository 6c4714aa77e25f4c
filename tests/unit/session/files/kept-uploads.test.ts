import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import { parseUploads, purgeUploads } from '@/session/files/kept-uploads';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { clearShelves } from '@/session/shelf-names';
import { eventually } from '@tests/support/eventually';
import { FakeLocks } from '@tests/support/fake-locks';
import { messagesOf, SealedRoom } from '@tests/support/sealed-room';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import { FakeRoom, ROOM_ID } from '@tests/unit/session/fake-room';
import { browserOf, visitOf } from '@tests/unit/session/fake-visit';
import { bytesOf, fileOf, isContent, loaded, ready, send, shared, SIZE, statesOf, untilState } from './scene';

const PREFIX = `mayfly:files:${ROOM_ID}`;
const never = () => new Promise<never>(() => undefined);

describe('what a tab keeps of files on their way', () => {
  let sealed: SealedRoom;
  /** The storage of the browser, which its tabs share. */
  let lasting: FakeStorage;
  let locks: FakeLocks;

  beforeEach(async () => {
    sealed = await SealedRoom.open({ owner: 'other' });
    lasting = new FakeStorage();
    locks = new FakeLocks();
  });
  afterEach(() => {
    sealed.close();
    expect(sealed.faults).toEqual([]);
  });

  const openTab = async () => {
    const page = new FakePage();
    const browser = { page, storage: new FakeStorage(), lasting: { storage: lasting, locks } };
    return { page, session: await ready(sealed.openSession({}, browser)) };
  };
  const keptBy = () => [...lasting.entries].filter(([key]) => key.startsWith(PREFIX)).map(([, value]) => value);
  const stored = () => [...sealed.room.files.stored.values()];

  /** Two of three pieces have arrived. */
  async function breakOff(session: RunningSession): Promise<void> {
    sealed.room.files.gate = ({ index }) => (index === 2 ? never() : Promise.resolve());
    await send(session, fileOf(), 'notes.txt', 'Read this');
    await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
    // The third is under way, and not only about to be sealed: let through, it would arrive.
    await eventually(() => expect(sealed.room.files.times('PUT', 2)).toBe(1));
    sealed.room.files.gate = () => Promise.resolve();
  }

  it('goes to one other tab once the tab is closed, which sends what is missing of the same file and takes no other one', async () => {
    const first = await openTab();
    await breakOff(first.session);
    const second = await openTab();
    expect(second.session.files.uploads.get()).toEqual([]);
    first.session.stop();
    second.page.emit('visible');
    await untilState(second.session, 'lost');
    const third = await openTab();
    expect(third.session.files.uploads.get()).toEqual([]);

    const [upload] = second.session.files.uploads.get();
    if (upload === undefined) throw new Error('gone');
    const provide = async (content: Blob) =>
      second.session.files.provide(upload.fileId, await second.session.files.choose(content, 'notes.txt'));
    // The same name and size, and the same size but for a byte.
    expect(await provide(fileOf(SIZE, 2))).toBe(false);
    expect(await provide(fileOf(SIZE + 1))).toBe(false);
    expect(await provide(fileOf())).toBe(true);
    const file = await shared(second.session);
    expect(await isContent(await loaded(second.session, file), bytesOf(SIZE))).toBe(true);
    // The third was under way when the first tab was closed.
    expect([0, 1].map((index) => sealed.room.files.times('PUT', index))).toEqual([1, 1]);
    expect(messagesOf(second.session).map(({ text }) => text)).toEqual(['Read this']);
    expect(keptBy()).toEqual([]);
  });

  it('stays with a page that comes back, and leaves one whose uploads went on elsewhere meanwhile', async () => {
    const first = await openTab();
    await breakOff(first.session);
    const [before] = keptBy();
    first.page.emit('left');
    expect(keptBy()).toEqual([before]);
    first.page.emit('restored');
    expect(statesOf(first.session)).toEqual(['sending']);

    first.page.emit('left');
    const second = await openTab();
    await untilState(second.session, 'lost');
    first.page.emit('restored');
    expect(first.session.files.uploads.get()).toEqual([]);
    // What the other page goes on with is not removed.
    expect(sealed.room.files.times('DELETE')).toBe(0);
    expect(stored()).toHaveLength(1);
    expect(keptBy()).toHaveLength(1);
  });

  it('asks for a file that was in line before it asks the server for anything of it', async () => {
    const first = await openTab();
    sealed.room.files.gate = ({ method }) => (method === 'PUT' ? never() : Promise.resolve());
    await send(first.session, fileOf(), 'first.bin');
    await send(first.session, fileOf(SIZE, 2), 'second.bin');
    await eventually(() => expect(stored()).toHaveLength(1));
    sealed.room.files.gate = () => Promise.resolve();
    first.session.stop();
    const second = await openTab();
    await untilState(second.session, 'lost', 'lost');
    expect(sealed.room.files.times('POST')).toBe(1);
    const [, unbegun] = second.session.files.uploads.get();
    await second.session.files.cancel(unbegun?.fileId ?? expect.fail());
    expect(sealed.room.files.times('DELETE')).toBe(0);
    await send(second.session, fileOf(), 'first.bin');
    await shared(second.session);
  });

  it('is gone with the room, whether its page sees the end or another page load comes after it', async () => {
    const { session } = await openTab();
    await breakOff(session);
    const [kept] = keptBy();
    const { endsAt = 0 } = parseUploads(kept ?? null) ?? {};
    expect(Math.abs(endsAt - (Date.now() + sealed.room.view().expiresAt - sealed.room.now()))).toBeLessThan(5_000);
    const other = new FakeStorage();
    other.setItem(`${PREFIX}:other`, kept ?? '');
    other.setItem('mayfly:files:of-nobody', '{"endsAt":9e99}');
    purgeUploads(other, endsAt - 1);
    expect([...other.entries.keys()]).toEqual([`${PREFIX}:other`]);
    purgeUploads(other, endsAt);
    expect(other.length).toBe(0);

    session.stop();
    clearShelves([lasting], ROOM_ID);
    expect([...lasting.entries.keys()]).toEqual([]);
  });
});

describe('in a plain room', () => {
  it('a page keeps the ids alone, by which the next one removes what was begun, and nothing else', async () => {
    const room = new FakeRoom();
    const storage = new FakeStorage();
    const open = async () => {
      const session = createRunningSession(browserOf(room, { storage }), visitOf(room));
      session.start();
      return ready(session);
    };
    const first = await open();
    room.files.gate = ({ method }) => (method === 'PUT' ? never() : Promise.resolve());
    await send(first, fileOf(), 'secret plans.txt', 'Read this');
    await send(first, fileOf(SIZE, 2), 'more plans.txt');
    await eventually(() => expect(room.files.stored.size).toBe(1));
    const [begun, inLine] = first.files.uploads.get().map(({ fileId }) => fileId);
    expect(storage.getItem(PREFIX)).not.toMatch(/plans|Read/);
    expect(parseUploads(storage.getItem(PREFIX))?.files).toEqual([
      { fileId: begun, seals: [], begun: true },
      { fileId: inLine, seals: [], begun: false },
    ]);
    first.stop();

    const second = await open();
    await eventually(() => expect(room.files.stored.size).toBe(0));
    expect(second.files.uploads.get()).toEqual([]);
    expect(room.files.asked.filter(({ method }) => method === 'DELETE').map(({ fileId }) => fileId)).toEqual([begun]);
    expect(storage.getItem(PREFIX)).toBeNull();
    second.stop();
  });
});
