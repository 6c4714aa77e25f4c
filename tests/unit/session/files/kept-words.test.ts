import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import { parseUploads } from '@/session/files/kept-uploads';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf, SealedRoom } from '@tests/support/sealed-room';
import { ROOM_ID } from '@tests/unit/session/fake-room';
import { bytesOf, fileOf, isContent, loaded, ready, send, shared, SIZE, statesOf, untilState } from './scene';

const KEY = `mayfly:files:${ROOM_ID}`;
let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
});
afterEach(() => {
  sealed.close();
  expect(sealed.faults).toEqual([]);
});

const opened = () => ready(sealed.openSession());
const kept = () => parseUploads(sealed.storage.getItem(KEY))?.files ?? [];
const idOf = ({ files }: RunningSession, at = 0) => files.uploads.get()[at]?.fileId ?? expect.fail('nothing is sent');
const never = () => new Promise<void>(() => undefined);

/** Two pieces of three have arrived; the third does not. */
async function brokenOff(text = 'Read this'): Promise<RunningSession> {
  const session = await opened();
  sealed.room.files.gate = ({ index }) => (index === 2 ? never() : Promise.resolve());
  await send(session, fileOf(), 'notes.txt', text);
  await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
  await eventually(() => expect(sealed.room.files.times('PUT', 2)).toBe(1));
  sealed.room.files.gate = () => Promise.resolve();
  return session;
}

/** The page is loaded again: what it kept is all that is left. */
async function reload(session: RunningSession): Promise<RunningSession> {
  session.stop();
  return opened();
}

describe('words that go with a file', () => {
  it('are not lost when the room ends first, and nothing else of the file is left in the page', async () => {
    const session = await brokenOff();
    await send(session, fileOf(10, 2), 'more.txt', 'And this');
    session.setDraft('A thought');
    sealed.room.loseSeat('removed');
    await eventually(() => expect(sealed.ends).toHaveLength(1));
    expect(sealed.ends[0]?.draft).toBe('Read this\nAnd this\nA thought');
    expect(session.files.uploads.get()).toEqual([]);
  });

  it('are not lost when the room ends while their file is being looked at', async () => {
    const session = await opened();
    await session.files.choose(fileOf(10), 'any.txt');
    const content = fileOf(10);
    vi.spyOn(content, 'slice').mockReturnValue({ arrayBuffer: never } as unknown as Blob);
    const chosen = { name: 'slow.bin', kind: 'other', content, metadata: 'none', fault: null } as const;
    void session.files.send([chosen], 'Read this');
    await Promise.resolve();
    sealed.room.loseSeat('displaced');
    await eventually(() => expect(sealed.ends[0]?.draft).toBe('Read this'));
  });

  it('are not lost when their author leaves', async () => {
    const session = await brokenOff();
    await send(session, fileOf(10, 2), 'more.txt', 'And this');
    session.leave();
    await eventually(() => expect(sealed.ends).toHaveLength(1));
    expect(sealed.ends[0]).toMatchObject({ reason: 'left', draft: 'Read this\nAnd this' });
    expect([...sealed.room.files.stored]).toEqual([]);
  });

  it('are the new ones where the same file is attached again with others', async () => {
    const session = await reload(await brokenOff());
    await untilState(session, 'lost');
    sealed.room.files.gate = ({ index }) => (index === 2 ? never() : Promise.resolve());
    await send(session, fileOf(), 'notes.txt', 'Read this first');
    await untilState(session, 'sending');
    expect(session.files.uploads.get()[0]?.text).toBe('Read this first');
    sealed.room.files.gate = () => Promise.resolve();
    const again = await reload(session);
    await untilState(again, 'lost');
    expect(again.files.uploads.get()[0]?.text).toBe('Read this first');
    await send(again, fileOf());
    await shared(again);
    expect(messagesOf(again)[0]).toMatchObject({ text: 'Read this first', file: { name: 'notes.txt' } });
  });

  it.each([
    ['an empty composer', '', 'Read this'],
    ['what is being written', 'Hello', 'Read this\nHello'],
  ])('come back into %s when their file is removed', async (_what, draft, expected) => {
    const session = await brokenOff();
    session.setDraft(draft);
    await session.files.cancel(idOf(session));
    expect(session.composer.get().draft).toBe(expected);
  });
});

describe('a file that is begun once more', () => {
  it('is not refused for the bytes of the one in whose place it comes', async () => {
    sealed.room.filesMax = { maxBytes: 600_000, roomBytes: 1_200_000 };
    const session = await brokenOff();
    const { files } = sealed.room;
    let isHeld = true;
    files.gate = ({ method }) =>
      method === 'DELETE' && isHeld ? eventually(() => expect(isHeld).toBe(false)) : Promise.resolve();
    void session.files.cancel(idOf(session));
    await send(session, fileOf(SIZE, 2), 'other.bin');
    await eventually(() => expect(files.times('POST')).toBe(2));
    expect(statesOf(session)).toEqual(['sending']);
    isHeld = false;
    const file = await shared(session);
    expect(await isContent(await loaded(session, file), bytesOf(SIZE, 2))).toBe(true);
    expect([...files.stored.keys()]).toEqual([file.fileId]);
  });

  it('is not refused for its own bytes, which are still there under another id', async () => {
    sealed.room.filesMax = { maxBytes: 600_000, roomBytes: 1_200_000 };
    const first = await brokenOff();
    first.stop();
    const [forgotten] = kept();
    const text = sealed.storage.getItem(KEY) ?? '';
    sealed.storage.setItem(KEY, text.replace(forgotten?.seals[1] ?? 'none', ''));
    const session = await opened();
    await untilState(session, 'lost');
    const { files } = sealed.room;
    files.gate = async ({ method }) => {
      // The new one is asked for, and refused, before the old one is gone.
      if (method === 'DELETE') await eventually(() => expect(files.times('POST')).toBe(2));
    };
    await send(session);
    const file = await shared(session);
    expect(messagesOf(session)[0]?.text).toBe('Read this');
    expect([...files.stored.keys()]).toEqual([file.fileId]);
    expect(files.times('POST')).toBe(3);
  });

  it('has its words where somebody has removed what was sent of it', async () => {
    const session = await brokenOff();
    const { files } = sealed.room;
    const first = idOf(session);
    session.files.pause(first);
    files.stored.delete(first);
    files.spent.add(first);
    session.files.resume(first);
    await untilState(session, 'failed');
    expect(session.files.uploads.get()[0]?.state).toMatchObject({ reason: 'file_not_found' });
    session.files.resume(first);
    session.files.resume(first);
    expect((await shared(session)).fileId).not.toBe(first);
    expect(messagesOf(session).map(({ text }) => text)).toEqual(['Read this']);
  });
});

describe('what a page before this one was sending', () => {
  it('is still kept when the page is loaded once more before it could be opened', async () => {
    const first = await brokenOff();
    const before = kept();
    first.stop();
    // The key that it was sealed with is not known yet: the owner has made a new one meanwhile.
    const old = sealed.newest;
    await sealed.rekey(sealed.other, [sealed.me, sealed.other]);
    const text = sealed.storage.getItem(KEY) ?? '';
    const future = text.replaceAll('"sealed":"v2.0.', '"sealed":"v2.1.');
    expect(future).not.toBe(text);
    sealed.storage.setItem(KEY, future);
    sealed.room.refusals.set('readEpochs', { reason: 'unreachable' });
    const second = sealed.openSession({ keys: old });
    await eventually(() => expect(second.files.part.get()).not.toBeNull());
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kept().map(({ fileId }) => fileId)).toEqual(before.map(({ fileId }) => fileId));
    second.stop();
    sealed.room.refusals.clear();
    sealed.storage.setItem(KEY, text);
    const third = await opened();
    await untilState(third, 'lost');
    expect(third.files.uploads.get()[0]?.name).toBe('notes.txt');
  });

  it('is removed from the server where it cannot be opened', async () => {
    const first = await brokenOff();
    first.stop();
    const text = sealed.storage.getItem(KEY) ?? '';
    sealed.storage.setItem(KEY, text.replace(/"sealed":"(v2\.0\.[\w-]+)\.[\w-]+"/, '"sealed":"$1.AAAA"'));
    const session = await opened();
    await eventually(() => expect([...sealed.room.files.stored.keys()]).toEqual([]));
    expect([session.files.uploads.get(), kept()]).toEqual([[], []]);
  });
});
