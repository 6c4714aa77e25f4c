import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import { openStorage, type Storage } from '@/server/storage/client';
import { eventually } from '@tests/support/eventually';
import { type AppOptions, startApp, type TestApp } from '@tests/support/app';
import { collectGarbage } from '@tests/support/collect-garbage';
import { expectPiece, download, randomFile, type TestFile, upload } from '@tests/support/files';
import { connectRaw, type RawConnection, rawRequest } from '@tests/support/raw-connection';
import { OCTETS, roomsApi, type RoomsApi, type Seat } from '@tests/support/rooms';

const MB = 1_048_576;
/** A piece has its place for so long at most. */
const UNDER_WAY_MS = 180_000;
/** More than the system's buffers of a connection that nobody reads take. */
const UNREAD_PIECES = 60;

let storage: Storage;
let app: TestApp;
let api: RoomsApi;
let owner: Seat;
let guest: Seat;
const connections: RawConnection[] = [];

beforeAll(async () => {
  storage = await openStorage({ kind: 'embedded' });
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  await start();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const { socket } of connections.splice(0)) socket.destroy();
  await app.close();
});
afterAll(() => storage.close());

async function start(options: AppOptions = {}): Promise<void> {
  app = await startApp(storage, options);
  api = roomsApi(app);
  owner = await api.open({ maxMembers: 100 });
  guest = await api.join(owner.roomId);
}

async function connection(): Promise<RawConnection> {
  const made = await connectRaw(app.url);
  connections.push(made);
  return made;
}

const pathOf = ({ roomId }: Seat, { id }: TestFile, index: number) =>
  `/api/files/piece?roomId=${roomId}&fileId=${id}&index=${index}`;
const credential = ({ token }: Seat) => ({ Authorization: `Bearer ${token}` });

/** Sends the head of a piece and the first `bytes` of it. */
async function beginPiece(seat: Seat, file: TestFile, index: number, bytes: number): Promise<RawConnection> {
  const piece = file.pieces[index] ?? file.bytes;
  const made = await connection();
  const headers = { ...credential(seat), ...OCTETS, 'Content-Length': `${piece.length}` };
  made.socket.write(rawRequest(pathOf(seat, file, index), headers, 'PUT'));
  made.socket.write(piece.subarray(0, bytes));
  return made;
}

/** Waits until this many pieces have places: each has its three minutes from then on. */
const underWay = (count: number) => eventually(() => expect(vi.getTimerCount()).toBe(count));

const answered = (made: RawConnection, status: number) =>
  eventually(() => expect(made.heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `)));

/** Somebody else's file goes up and comes down, so the server has done all that it can do by then. */
async function letAnotherGoOn(): Promise<void> {
  const [another, file] = [await api.join(owner.roomId), randomFile(100)];
  await upload(another, file);
  expect((await download(owner, file)).equals(file.bytes)).toBe(true);
}

describe('a piece whose body', () => {
  it('never ends is cut off after three minutes, and its place goes to the next in line', async () => {
    const file = randomFile(3 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    const stuck = [await beginPiece(guest, file, 0, 1_000), await beginPiece(guest, file, 1, FILE_PIECE_BYTES - 1)];
    await underWay(2);
    const next = await beginPiece(guest, file, 2, FILE_PIECE_BYTES);
    await letAnotherGoOn();
    expect(next.heard()).toBe('');
    vi.advanceTimersByTime(UNDER_WAY_MS);
    for (const { closed } of stuck) await eventually(() => expect(closed()).toBe(true));
    await answered(next, 204);
    for (const { heard } of stuck) expect(heard()).toBe('');
    expect((await owner.readFile(file.id)).body).toMatchObject({ received: [2] });
    await expectPiece(owner, file, 2);
  });

  it('trickles in is cut off no later', async () => {
    const file = randomFile(FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    const trickling = await beginPiece(guest, file, 0, 1);
    await underWay(1);
    for (let at = 0; at < 5; at += 1) {
      vi.advanceTimersByTime(UNDER_WAY_MS / 6);
      trickling.socket.write('x');
      await letAnotherGoOn();
      expect(trickling.closed()).toBe(false);
    }
    vi.advanceTimersByTime(UNDER_WAY_MS / 6);
    await eventually(() => expect(trickling.closed()).toBe(true));
    expect((await owner.readFile(file.id)).body).toMatchObject({ received: [] });
  });

  it('trickles in for somebody who is no member takes no member’s place', async () => {
    const file = randomFile(2 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    await answered(await beginPiece(guest, file, 0, FILE_PIECE_BYTES), 204);
    for (let index = 0; index < 40; index += 1)
      await beginPiece({ ...guest, token: `${index}`.padStart(43, 'x') }, file, 0, 1_000);
    // Two have places, all others wait.
    await underWay(2);
    await answered(await beginPiece(guest, file, 1, FILE_PIECE_BYTES), 204);
    await expectPiece(owner, file, 1);
  });

  it('is slow and comes in time is taken, and its connection goes on', async () => {
    const file = randomFile(2 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    const slow = await beginPiece(guest, file, 0, 1_000);
    await underWay(1);
    vi.advanceTimersByTime(UNDER_WAY_MS - 2_000);
    slow.socket.write(file.pieces[0]?.subarray(1_000) ?? '');
    await answered(slow, 204);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(UNDER_WAY_MS);
    slow.socket.write(rawRequest(pathOf(guest, file, 0), credential(guest)));
    await eventually(() => expect(slow.bodies().at(-1)).toHaveLength(FILE_PIECE_BYTES));
    expect(Buffer.from(slow.bodies().at(-1) ?? '', 'latin1').equals(file.pieces[0] ?? file.bytes)).toBe(true);
  });

  it('ends with its connection frees its place at once', async () => {
    const file = randomFile(3 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    const cut = [await beginPiece(guest, file, 0, 1_000), await beginPiece(guest, file, 1, 1_000)];
    await underWay(2);
    const next = await beginPiece(guest, file, 2, FILE_PIECE_BYTES);
    for (const { socket } of cut) socket.destroy();
    await answered(next, 204);
    expect((await owner.readFile(file.id)).body).toMatchObject({ received: [2] });
    await eventually(() => expect(vi.getTimerCount()).toBe(0));
  });

  it('is not read before it has its place, and takes no memory after it', { timeout: 60_000 }, async () => {
    const file = randomFile(40 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const grownMb = () => {
      collectGarbage();
      return (process.memoryUsage().arrayBuffers - before) / MB;
    };
    const stuck = [
      await beginPiece(guest, file, 0, FILE_PIECE_BYTES - 1),
      await beginPiece(guest, file, 1, FILE_PIECE_BYTES - 1),
    ];
    await underWay(2);
    for (let index = 2; index < 40; index += 1) stuck.push(await beginPiece(guest, file, index, FILE_PIECE_BYTES - 1));
    await letAnotherGoOn();
    // All of them would be 10 MB. Each connection has the 64 kB that were read with its head.
    expect(grownMb()).toBeLessThan(5);
    for (const { socket } of stuck.slice(2)) socket.destroy();
    vi.advanceTimersByTime(UNDER_WAY_MS);
    for (const { closed } of stuck) await eventually(() => expect(closed()).toBe(true));
    await letAnotherGoOn();
    await eventually(() => expect(grownMb()).toBeLessThan(2));
  });
});

describe('a piece that nobody reads', () => {
  let file: TestFile;
  const askFor = (made: RawConnection, index: number, pieces = 1) =>
    made.socket.write(rawRequest(pathOf(guest, file, index), credential(guest)).repeat(pieces));

  /** Two connections of the guest that ask for pieces and take none of them; both places are taken for good when this is over. */
  async function stall(): Promise<RawConnection[]> {
    file = randomFile(2 * FILE_PIECE_BYTES);
    await upload(owner, file);
    const stalled = [await connection(), await connection()];
    for (const made of stalled) {
      made.socket.pause();
      askFor(made, 0, UNREAD_PIECES);
    }
    for (let same = 0; same < 20;) {
      await letAnotherGoOn();
      same = app.unreadPieces.bytes === 2 * FILE_PIECE_BYTES ? same + 1 : 0;
    }
    return stalled;
  }
  const askNext = async () => {
    const next = await connection();
    askFor(next, 1);
    await letAnotherGoOn();
    expect(next.heard()).toBe('');
    return next;
  };
  const expectCut = async (stalled: readonly RawConnection[]) => {
    for (const { socket, closed } of stalled) {
      socket.resume();
      await eventually(() => expect(closed()).toBe(true));
    }
  };

  it('is dropped after twenty seconds, and its place goes to the next in line', { timeout: 60_000 }, async () => {
    const stalled = await stall();
    const next = await askNext();
    vi.advanceTimersByTime(15_000);
    await letAnotherGoOn();
    expect(next.heard()).toBe('');
    vi.advanceTimersByTime(10_000);
    await eventually(() => expect(next.bodies()).toHaveLength(1));
    await expectCut(stalled);
  });

  it('fast enough is cut off after three minutes, however steadily it is read', { timeout: 60_000 }, async () => {
    // As if each of them took a sip now and then.
    await app.close();
    await start({ unread: { stallMs: 100 * UNDER_WAY_MS } });
    const stalled = await stall();
    const next = await askNext();
    vi.advanceTimersByTime(UNDER_WAY_MS - 5_000);
    await letAnotherGoOn();
    expect(next.heard()).toBe('');
    vi.advanceTimersByTime(5_000);
    await eventually(() => expect(next.bodies()).toHaveLength(1));
    await expectCut(stalled);
  });
});
