import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILE_BYTES_DEFAULT, FILE_PIECE_BYTES, FILE_PIECE_SEAL_BYTES } from '@/domain/limits';
import { parseUploads } from '@/session/files/kept-uploads';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf, SealedRoom } from '@tests/support/sealed-room';
import { frameOf, joined, jpegOf, SECRETS, segment, SOI } from '@tests/support/pictures';
import { fileProblem } from '@tests/unit/session/fake-files';
import { ROOM_ID } from '@tests/unit/session/fake-room';
import { bytesOf, fileOf, isContent, loaded, ready, send, shared, sharedIn, SIZE, statesOf, untilState } from './scene';

let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
});
afterEach(() => {
  sealed.close();
  expect(sealed.faults).toEqual([]);
});

const opened = () => ready(sealed.openSession());
const stored = () => [...sealed.room.files.stored.values()];
const kept = () => parseUploads(sealed.storage.getItem(`mayfly:files:${ROOM_ID}`))?.files ?? [];

/** The page is loaded again: what it kept is all that is left. */
async function reload(session: RunningSession): Promise<RunningSession> {
  session.stop();
  return opened();
}

describe('a file in a sealed room', () => {
  it('comes out as it went in, and the server saw neither its name nor its size', async () => {
    const session = await opened();
    expect(await send(session, fileOf(), 'notes.txt', 'Read this')).toBe(true);
    const file = await shared(session);
    expect(file).toMatchObject({ name: 'notes.txt', type: 'application/octet-stream', size: SIZE });
    expect(messagesOf(session)[0]).toMatchObject({ text: 'Read this', file });
    expect(session.files.uploads.get()).toEqual([]);
    const download = await loaded(session, file);
    expect(await isContent(download, bytesOf(SIZE))).toBe(true);
    expect(download).toMatchObject({ kind: 'other', name: 'notes.txt' });
    const seen = stored().flatMap(({ parts }) => [...parts.values()].map((part) => Buffer.from(part)));
    expect(Buffer.concat(seen).includes(Buffer.from(bytesOf(16)))).toBe(false);
    expect(stored()[0]?.bytes).toBe(540_672 + 3 * 28);
    expect(JSON.stringify(sealed.room.sent)).not.toContain('notes');
  });

  it.each([1, FILE_PIECE_BYTES, FILE_PIECE_BYTES + 1])('may have %i bytes', async (size) => {
    const session = await opened();
    await send(session, fileOf(size));
    expect(await isContent(await loaded(session, await shared(session)), bytesOf(size))).toBe(true);
  });

  it('goes up two pieces at a time, and several files one after the other', async () => {
    const session = await opened();
    const { files } = sealed.room;
    // The first piece waits for another one to be under way.
    files.gate = ({ index }) => (index === 0 ? eventually(() => expect(files.underWayMax).toBe(2)) : Promise.resolve());
    const chosen = await Promise.all([1, 2].map((seed) => session.files.choose(fileOf(SIZE, seed), `${seed}.bin`)));
    await session.files.send(chosen, 'Two of them');
    await eventually(() => expect(sharedIn(session)).toHaveLength(2));
    expect(sharedIn(session).map(({ name }) => name)).toEqual(['1.bin', '2.bin']);
    expect(messagesOf(session).map(({ text }) => text)).toEqual(['Two of them', '']);
    expect(sealed.room.files.underWayMax).toBe(2);
  });

  it('of 10 MB is read, hashed, sealed and opened a piece at a time, so no slice of it holds up the page', async () => {
    const session = await opened();
    const bytes = bytesOf(FILE_BYTES_DEFAULT);
    const { subtle } = crypto;
    const digested = vi.spyOn(subtle, 'digest');
    const sealedPieces = vi.spyOn(subtle, 'encrypt');
    const openedPieces = vi.spyOn(subtle, 'decrypt');
    const read = vi.spyOn(Blob.prototype, 'arrayBuffer');
    expect(await send(session, new Blob([bytes]))).toBe(true);
    const download = await loaded(session, await shared(session));
    const slices = [
      ...digested.mock.calls.map(([, data]) => data.byteLength),
      ...[...sealedPieces.mock.calls, ...openedPieces.mock.calls].map(([, , data]) => data.byteLength),
      ...(await Promise.all(read.mock.results.map(async ({ value }) => ((await value) as ArrayBuffer).byteLength))),
    ];
    vi.restoreAllMocks();
    expect(Math.max(...slices)).toBe(FILE_PIECE_BYTES + FILE_PIECE_SEAL_BYTES);
    expect(await isContent(download, bytes)).toBe(true);
  });

  it('loses its metadata before anything of it is sent', async () => {
    const session = await opened();
    const chosen = await session.files.choose(jpegOf(), 'photo.jpg');
    expect(chosen).toMatchObject({ kind: 'picture', metadata: 'removed', fault: null });
    await session.files.send([chosen]);
    const download = await loaded(session, await shared(session));
    if (download.state !== 'ready') throw new Error(download.state);
    expect(download).toMatchObject({ kind: 'picture', name: 'photo.jpg' });
    expect(download.content.type).toBe('image/jpeg');
    expect(await download.content.text()).not.toContain(SECRETS.place);
  });

  it.each([
    ['a raw picture of a camera', '', 'IMG_0042.CR2'],
    ['a picture that its system has a type for', 'image/tiff', 'scan'],
    ['a video that browsers do not play', 'video/x-matroska', 'film.mkv'],
  ])(
    'is said to go as it is, with whatever it says about itself, where we cannot take that out: %s',
    async (_, type, name) => {
      const session = await opened();
      const chosen = await session.files.choose(new Blob([bytesOf(100)], { type }), name);
      expect(chosen).toMatchObject({ kind: 'other', metadata: 'kept' });
      const notes = await session.files.choose(new Blob(['a list'], { type: 'text/plain' }), 'notes.txt');
      expect(notes.metadata).toBe('none');
    },
  );

  it.each([
    ['goes without a preview where the part that makes them does not arrive', false, undefined],
    [
      'has a preview by the second attempt to load the part',
      true,
      `data:image/jpeg;base64,${Buffer.from(joined(SOI, segment(0xc0, frameOf(9, 9)))).toString('base64')}`,
    ],
  ])('that is a picture %s', async (_what, arrives, preview) => {
    let loads = 0;
    const session = await ready(
      sealed.openSession(
        {},
        {
          loadPreviews: () => {
            loads += 1;
            return arrives && loads > 1
              ? Promise.resolve(() =>
                  Promise.resolve(
                    `data:image/jpeg;base64,${Buffer.from(joined(SOI, segment(0xc0, frameOf(9, 9)))).toString('base64')}`,
                  ),
                )
              : Promise.reject(new TypeError('not there any more'));
          },
        },
      ),
    );
    const chosen = await session.files.choose(jpegOf(), 'photo.jpg');
    expect(chosen).toMatchObject({ kind: 'picture', metadata: 'removed', fault: null });
    expect(chosen.preview).toBe(preview);
    await session.files.send([chosen]);
    expect((await shared(session)).preview?.claimed).toBe(preview);
  });

  it('is never shown as what its author calls it', async () => {
    const session = await opened();
    const page = new Blob(['<script>alert(1)</script>'], { type: 'text/html' });
    await send(session, page, 'photo.jpg');
    const download = await loaded(session, await shared(session));
    if (download.state !== 'ready') throw new Error(download.state);
    expect(download).toMatchObject({ kind: 'other', name: 'photo.jpg.bin' });
    expect(download.content.type).toBe('application/octet-stream');
  });

  it('is only saved where its picture is larger than a device can draw', async () => {
    const session = await opened();
    const photo = new Blob([joined(SOI, segment(0xc0, frameOf(8_000, 8_001)), 'pixels')]);
    await send(session, photo, 'photo.jpg');
    const download = await loaded(session, await shared(session));
    if (download.state !== 'ready') throw new Error(download.state);
    expect(download).toMatchObject({ kind: 'other', name: 'photo.jpg' });
    expect(download.content.type).toBe('application/octet-stream');
  });

  it.each([
    ['an empty file', 0, 'empty'],
    ['a file over the limit', 10_485_761, 'too-large'],
  ])('is not %s', async (_what, size, fault) => {
    const session = await opened();
    const chosen = await session.files.choose(new Blob([new Uint8Array(size)]), 'notes.txt');
    expect(chosen.fault).toBe(fault);
    await session.files.send([chosen]);
    expect(session.files.uploads.get()).toEqual([]);
    expect(sealed.room.files.asked).toEqual([]);
  });

  it('is not sent where files are off, nor with words that break the rules', async () => {
    sealed.room.filesMax = null;
    const session = await opened();
    expect(session.files.limits.get()).toBeNull();
    expect((await session.files.choose(fileOf(10), 'notes.txt')).fault).toBe('files-off');
    expect(await session.files.send([], 'x'.repeat(1_001))).toBe(false);
  });
});

describe('a file that is on its way', () => {
  it('is sent to the very same bytes again where an answer was lost, and only what is missing', async () => {
    const session = await opened();
    const { files } = sealed.room;
    let losses = 0;
    files.isLost = ({ method, index }) => method === 'PUT' && index === 0 && (losses += 1) === 1;
    // The server stores the piece only after it was asked what it has.
    let slow: Uint8Array<ArrayBuffer> | undefined;
    files.standIn = ({ method, path, fileId }) => {
      const file = files.stored.get(fileId ?? '');
      if (method !== 'GET' || path !== '/api/files' || file === undefined) return null;
      slow = file.parts.get(0);
      const received = [...file.parts.keys()].filter((index) => index !== 0);
      return Response.json({ fileId, ...file, parts: undefined, received });
    };
    await send(session);
    const file = await shared(session);
    const [first, second, ...more] = files.put.filter(({ index }) => index === 0);
    expect([slow?.length, more]).toEqual([files.pieceBytes, []]);
    expect(Buffer.compare(first?.bytes ?? expect.fail(), second?.bytes ?? expect.fail())).toBe(0);
    expect([1, 2].map((index) => files.times('PUT', index))).toEqual([1, 1]);
    files.standIn = () => null;
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
  });

  it('needs no piece again that the server has, though its answer was lost', async () => {
    const session = await opened();
    let losses = 0;
    sealed.room.files.isLost = ({ method, index }) => method === 'PUT' && index === 0 && (losses += 1) === 1;
    await send(session);
    const file = await shared(session);
    expect(sealed.room.files.times('PUT', 0)).toBe(1);
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
  });

  it('waits while the line is down, and goes on by itself', async () => {
    const session = await opened();
    let isDown = true;
    sealed.room.files.standIn = ({ index }) => (isDown && index === 1 ? Promise.reject(new TypeError('down')) : null);
    await send(session);
    await untilState(session, 'waiting');
    expect(session.files.uploads.get()[0]?.state).toEqual({ kind: 'waiting', for: 'line' });
    isDown = false;
    sealed.room.setLine('live');
    expect(await isContent(await loaded(session, await shared(session)), bytesOf(SIZE))).toBe(true);
  });

  it('waits as long as the server asks, whatever the line does meanwhile', async () => {
    const session = await opened();
    let refusals = 0;
    sealed.room.files.standIn = ({ method }) =>
      method === 'PUT' && (refusals += 1) === 1 ? fileProblem(429, 'rate_limited', { 'retry-after': '1' }) : null;
    await send(session);
    await untilState(session, 'waiting');
    const asked = sealed.room.files.asked.length;
    sealed.room.setLine('reconnecting');
    sealed.room.setLine('live');
    expect(session.files.uploads.get()[0]?.state).toMatchObject({ for: 'rate_limited' });
    expect(sealed.room.files.asked).toHaveLength(asked);
    await shared(session);
  });

  it.each([
    [409, 'file_limit_reached'],
    [413, 'file_too_large'],
  ])('fails when the server says %i, and says what would be taken', async (status, code) => {
    const session = await opened();
    const body = JSON.stringify({ status, code, maxBytes: 5 });
    const headers = { 'content-type': 'application/problem+json' };
    sealed.room.files.standIn = ({ method }) => (method === 'POST' ? new Response(body, { status, headers }) : null);
    await send(session);
    await untilState(session, 'failed');
    expect(session.files.uploads.get()[0]?.state).toEqual({ kind: 'failed', reason: code, maxBytes: 5 });
    sealed.room.files.standIn = () => null;
    session.files.resume(session.files.uploads.get()[0]?.fileId ?? expect.fail());
    await shared(session);
  });

  it('pauses, lets the next one go first, and goes on where it was', async () => {
    const session = await opened();
    let isHeld = true;
    sealed.room.files.gate = ({ index }) => (isHeld && index === 2 ? new Promise(() => undefined) : Promise.resolve());
    await send(session, fileOf(), 'first.bin');
    await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
    const [first] = session.files.uploads.get();
    if (first === undefined) throw new Error('nothing is sent');
    session.files.pause(first.fileId);
    isHeld = false;
    await send(session, fileOf(100, 2), 'second.bin');
    expect((await shared(session)).name).toBe('second.bin');
    expect(statesOf(session)).toEqual(['paused']);
    session.files.resume(first.fileId);
    await eventually(() => expect(sharedIn(session)).toHaveLength(2));
    expect(sealed.room.files.asked.filter(({ fileId, index }) => fileId === first.fileId && index === 0)).toHaveLength(
      1,
    );
  });

  it('that is given up leaves nothing on the server, even when it was only just begun', async () => {
    const session = await opened();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    sealed.room.files.gate = ({ method }) => (method === 'POST' ? held : Promise.resolve());
    await send(session);
    await untilState(session, 'sending');
    const cancelled = session.files.cancel(session.files.uploads.get()[0]?.fileId ?? expect.fail());
    release();
    await cancelled;
    await eventually(() => expect(sealed.room.files.times('DELETE')).toBe(1));
    await eventually(() => expect(stored()).toEqual([]));
    expect([session.files.uploads.get(), kept()]).toEqual([[], []]);
  });

  it('that is given up before its turn, or was refused, asks nothing more of the server', async () => {
    const session = await opened();
    sealed.room.files.gate = ({ method }) => (method === 'PUT' ? new Promise(() => undefined) : Promise.resolve());
    await send(session, fileOf(), 'first.bin');
    await send(session, fileOf(SIZE, 2), 'second.bin');
    await eventually(() => expect(stored()).toHaveLength(1));
    const [first, second] = session.files.uploads.get().map(({ fileId }) => fileId);
    if (first === undefined || second === undefined) throw new Error('gone');
    await session.files.cancel(second);
    expect(sealed.room.files.times('DELETE')).toBe(0);

    sealed.room.files.standIn = ({ method }) => (method === 'POST' ? fileProblem(409, 'file_limit_reached') : null);
    await send(session, fileOf(SIZE, 3), 'third.bin');
    session.files.pause(first);
    await untilState(session, 'paused', 'failed');
    await session.files.cancel(session.files.uploads.get()[1]?.fileId ?? expect.fail());
    await session.files.cancel(first);
    await eventually(() => expect(stored()).toEqual([]));
    expect(sealed.room.files.asked.filter(({ method }) => method === 'DELETE').map(({ fileId }) => fileId)).toEqual([
      first,
    ]);
  });

  it('is removed where the answer to its beginning was lost, because the server may have it', async () => {
    const session = await opened();
    sealed.room.files.isLost = ({ method }) => method !== 'DELETE';
    await send(session);
    await untilState(session, 'waiting');
    expect(stored()).toHaveLength(1);
    await session.files.cancel(session.files.uploads.get()[0]?.fileId ?? expect.fail());
    await eventually(() => expect(stored()).toEqual([]));
  });

  it('is removed before its member leaves', async () => {
    const session = await opened();
    sealed.room.files.gate = ({ index }) => (index === 1 ? new Promise(() => undefined) : Promise.resolve());
    await send(session);
    await eventually(() => expect(stored()).toHaveLength(1));
    session.leave();
    await eventually(() => expect(sealed.room.calls).toContain('leaveRoom'));
    expect(stored()).toEqual([]);
  });

  it('is sealed with a key of its own, so a new key of the room changes its message alone', async () => {
    const session = await opened();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    sealed.room.files.gate = ({ index }) => (index === 2 ? held : Promise.resolve());
    await send(session);
    await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
    await sealed.rekey(sealed.other, [sealed.me, sealed.other]);
    release();
    expect(await isContent(await loaded(session, await shared(session)), bytesOf(SIZE))).toBe(true);
    expect(sealed.room.messages.map(({ text }) => text.split('.')[1])).toEqual(['1']);
    expect(sealed.room.files.times('PUT')).toBe(3);
  });
});

describe('a page that is loaded again while a file is on its way', () => {
  async function brokenOff(): Promise<RunningSession> {
    const session = await opened();
    sealed.room.files.gate = ({ index }) => (index === 2 ? new Promise(() => undefined) : Promise.resolve());
    await send(session, fileOf(), 'notes.txt', 'Read this');
    await eventually(() => expect(session.files.uploads.get()[0]?.sent).toBe(2 * FILE_PIECE_BYTES));
    await eventually(() => expect(sealed.room.files.times('PUT', 2)).toBe(1));
    sealed.room.files.gate = () => Promise.resolve();
    return session;
  }

  it('keeps neither its name nor its key in the clear', async () => {
    await brokenOff();
    await eventually(() => expect(kept()[0]?.seals.map((seal) => seal.length)).toEqual([59, 59, 59]));
    const text = sealed.storage.getItem(`mayfly:files:${ROOM_ID}`) ?? '';
    expect(text).not.toMatch(/notes|Read this|"key"|fingerprint/);
  });

  it('asks for the same file, and only what is missing goes up', async () => {
    const session = await reload(await brokenOff());
    await untilState(session, 'lost');
    expect(session.files.uploads.get()[0]).toMatchObject({ name: 'notes.txt', sent: 2 * FILE_PIECE_BYTES });
    const [upload] = session.files.uploads.get();
    if (upload === undefined) throw new Error('gone');
    const [other, same] = await Promise.all([2, 1].map((seed) => session.files.choose(fileOf(SIZE, seed), 'x.txt')));
    if (other === undefined || same === undefined) throw new Error('gone');
    expect(await session.files.provide(upload.fileId, other)).toBe(false);
    expect(statesOf(session)).toEqual(['lost']);
    expect(await session.files.provide(upload.fileId, same)).toBe(true);
    const file = await shared(session);
    expect(messagesOf(session)[0]).toMatchObject({ text: 'Read this', file: { name: 'notes.txt' } });
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
    expect([0, 1].map((index) => sealed.room.files.times('PUT', index))).toEqual([1, 1]);
    expect(kept()).toEqual([]);
  });

  it('takes the same file for it when it is chosen as if it were new', async () => {
    const session = await reload(await brokenOff());
    await untilState(session, 'lost');
    await send(session, fileOf(), 'renamed.txt');
    expect((await shared(session)).name).toBe('notes.txt');
    expect(stored()).toHaveLength(1);
  });

  it('begins again under another id and key where the browser has forgotten how a piece was sealed', async () => {
    const first = await brokenOff();
    const [forgotten] = kept();
    const text = sealed.storage.getItem(`mayfly:files:${ROOM_ID}`) ?? '';
    first.stop();
    sealed.storage.setItem(`mayfly:files:${ROOM_ID}`, text.replace(forgotten?.seals[1] ?? 'none', ''));
    const session = await opened();
    await untilState(session, 'lost');
    await send(session, fileOf());
    const file = await shared(session);
    expect(file.fileId).not.toBe(forgotten?.fileId);
    expect(messagesOf(session)[0]).toMatchObject({ text: 'Read this' });
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
    expect([...sealed.room.files.stored.keys()]).toEqual([file.fileId]);
  });

  it('needs no file where all of it had arrived', async () => {
    const first = await opened();
    sealed.room.files.isLost = ({ index }) => index >= 0;
    await send(first, fileOf(100));
    await eventually(() => expect(stored()[0]?.parts.size).toBe(1));
    sealed.room.files.isLost = () => false;
    const session = await reload(first);
    expect(await isContent(await loaded(session, await shared(session)), bytesOf(100))).toBe(true);
  });
});

describe('a file that is received', () => {
  async function received() {
    const session = await opened();
    await send(session);
    const file = await shared(session);
    const parts = sealed.room.files.stored.get(file.fileId)?.parts;
    if (parts === undefined) throw new Error('not stored');
    return { session, file, parts };
  }
  const piece = (parts: Map<number, Uint8Array<ArrayBuffer>>, index: number) => parts.get(index) ?? expect.fail();

  it.each<[string, (parts: Map<number, Uint8Array<ArrayBuffer>>, other: Map<number, Uint8Array<ArrayBuffer>>) => void]>(
    [
      ['moved', (parts) => void parts.set(1, piece(parts, 0))],
      [
        'swapped',
        (parts) => {
          const [first, second] = [piece(parts, 0), piece(parts, 1)];
          parts.set(0, second).set(1, first);
        },
      ],
      ['cut', (parts) => void parts.set(1, piece(parts, 1).slice(0, -1))],
      ['cut to nothing', (parts) => void parts.set(1, new Uint8Array())],
      ['made longer', (parts) => void parts.set(2, new Uint8Array([...piece(parts, 2), 0]))],
      ['repeated as the last', (parts) => void parts.set(2, piece(parts, 1))],
      [
        'changed by a bit',
        (parts) =>
          void parts.set(
            1,
            piece(parts, 1).map((byte, at) => (at === 500 ? byte ^ 1 : byte)),
          ),
      ],
      ['taken from another file', (parts, other) => void parts.set(0, piece(other, 0))],
    ],
  )('is not offered when a piece was %s', async (_what, change) => {
    const { session, file, parts } = await received();
    await send(session, fileOf(), 'another.txt');
    await eventually(() => expect(sharedIn(session)).toHaveLength(2));
    const other = sealed.room.files.stored.get(sharedIn(session).at(-1)?.fileId ?? '')?.parts;
    change(parts, other ?? expect.fail());
    expect(await loaded(session, file)).toEqual({ state: 'failed', reason: 'altered' });
  });

  it('is not offered when its pieces are each right and another seal of the same content', async () => {
    const { session, file } = await received();
    const card = { ...file.card, hash: 'A'.repeat(43) };
    expect(await loaded(session, { ...file, card })).toEqual({ state: 'failed', reason: 'altered' });
  });

  it('fails while a piece has not come, and can be asked for again', async () => {
    const { session, file, parts } = await received();
    const last = piece(parts, 2);
    parts.delete(2);
    expect(await loaded(session, file)).toEqual({ state: 'failed', reason: 'file_not_found' });
    parts.set(2, last);
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
  });

  it('goes on loading after the line was down, and does not load twice what it has', async () => {
    const { session, file } = await received();
    let isDown = true;
    sealed.room.files.standIn = ({ index }) => (isDown && index === 2 ? Promise.reject(new TypeError('down')) : null);
    session.files.load(file);
    const store = session.files.downloadOf(file);
    await eventually(() => expect(store.get()).toMatchObject({ isWaiting: true, loaded: 2 * FILE_PIECE_BYTES }));
    isDown = false;
    sealed.room.setLine('reconnecting');
    sealed.room.setLine('live');
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
    expect(sealed.room.files.asked.filter(({ method, index }) => method === 'GET' && index === 0)).toHaveLength(1);
  });

  it('is released when nobody shows it any more, and when the room is over', async () => {
    const { session, file } = await received();
    const revoked: string[] = [];
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
    const first = await loaded(session, file);
    session.files.release(file);
    expect(session.files.downloadOf(file).get()).toEqual({ state: 'idle' });
    const second = await loaded(session, file);
    session.stop();
    expect(revoked).toEqual([first, second].map((one) => (one.state === 'ready' ? one.url : '')));
    vi.restoreAllMocks();
  });

  it('stops loading when it is released', async () => {
    const { session, file } = await received();
    sealed.room.files.gate = () => new Promise(() => undefined);
    session.files.load(file);
    await eventually(() => expect(session.files.downloadOf(file).get().state).toBe('loading'));
    session.files.release(file);
    sealed.room.files.gate = () => Promise.resolve();
    expect(session.files.downloadOf(file).get()).toEqual({ state: 'idle' });
  });

  it('is its own whatever a second card with its id says', async () => {
    const { session, file } = await received();
    if (!('key' in file.card)) throw new Error('not sealed');
    const forged = { ...file, name: 'run.exe', card: { ...file.card, key: 'A'.repeat(43) } };
    const lost = await loaded(session, forged);
    expect(lost).toEqual({ state: 'failed', reason: 'altered' });
    expect(session.files.downloadOf(file).get()).toEqual({ state: 'idle' });
    expect(await isContent(await loaded(session, file), bytesOf(SIZE))).toBe(true);
  });

  it('is saved under the name on the card that was pressed, and is gone from every card when one is released', async () => {
    const { session, file } = await received();
    const copy = { ...file, name: 'run.exe' };
    expect(await loaded(session, copy)).toMatchObject({ state: 'ready', name: 'run.exe' });
    expect(await loaded(session, file)).toMatchObject({ state: 'ready', name: 'notes.txt' });
    expect(sealed.room.files.asked.filter(({ method, index }) => method === 'GET' && index === 0)).toHaveLength(1);
    expect(session.files.downloadOf(file)).toBe(session.files.downloadOf({ ...file }));
    session.files.release(file);
    expect([file, copy].map((one) => session.files.downloadOf(one).get().state)).toEqual(['idle', 'idle']);
  });

  it('goes with its message when that is taken back', async () => {
    const { session } = await received();
    session.takeBack(messagesOf(session)[0]?.id ?? expect.fail());
    await eventually(() => expect(stored()).toEqual([]));
    expect(messagesOf(session)).toEqual([]);
  });
});
