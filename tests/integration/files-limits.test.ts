import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { ADDRESS_BYTES_MAX, ADDRESS_BYTES_STEP, FILE_PIECE_BYTES, ROOM_FILES_BEGUN_MAX } from '@/domain/limits';
import { countAddressBytes } from '@/server/services/address-bytes';
import { openStorage } from '@/server/storage/client';
import { startApp, type TestApp } from '@tests/support/app';
import { expectPiece, download, newFileId, randomFile, type TestFile, upload } from '@tests/support/files';
import { catchLogLines } from '@tests/support/log-lines';
import { expectProblem } from '@tests/support/problems';
import { startRedisServer } from '@tests/support/redis-server';
import { type Answer, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const MB = 1_048_576;
const HERE = '192.0.2.1';
const tiny = () => ({ id: newFileId(), bytes: 1, pieces: 1 });

/** Sends the pieces of a file that was begun until one is refused; gives the refusal, and the index at which it came. */
async function putUntilRefused(seat: Seat, file: TestFile, from = 0): Promise<{ refused: Answer; index: number }> {
  for (let index = from; index < file.pieces.length; index += 1) {
    const refused = await seat.putPiece(file.id, index, file.pieces[index] ?? file.bytes);
    if (refused.status !== 204) return { refused, index };
  }
  throw new Error('Every piece was taken');
}

describeOnEveryStorage('the bytes that pieces take', (current) => {
  const apps: TestApp[] = [];
  const begin = async () => {
    const app = await startApp(current().storage, { rateLimits: true });
    apps.push(app);
    return app;
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('are counted for the address that sends them; past its share it sends no more of them, and everything else goes on', async () => {
    const [app, elsewhere] = [await begin(), await begin()];
    const api = roomsApi(app, { address: HERE });
    const owner = await api.open();
    const neighbour = await roomsApi(app, { address: '192.0.2.2' }).join(owner.roomId);
    const [file, theirs] = [randomFile(8 * FILE_PIECE_BYTES), randomFile(FILE_PIECE_BYTES)];
    await owner.beginFile(file.beginning);
    // Another process has counted the rest of it.
    await countAddressBytes(elsewhere.context, HERE, ADDRESS_BYTES_MAX - ADDRESS_BYTES_STEP, 'files');
    const { refused, index } = await putUntilRefused(owner, file);
    expectProblem(refused, 'rate_limited');
    expect(index).toBe(ADDRESS_BYTES_STEP / FILE_PIECE_BYTES);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expectProblem(await owner.beginFile(tiny()), 'rate_limited');
    // A stored piece may be sent again.
    expect((await owner.putPiece(file.id, 0, file.pieces[0] ?? file.bytes)).status).toBe(204);
    expect((await owner.beginFile(file.beginning)).body).toMatchObject({ received: [0, 1, 2, 3] });
    await expectPiece(owner, file, 0);
    // Words have an account of their own: the address goes on writing, and makes rooms.
    expect((await owner.send({ text: '\u{1f98b}'.repeat(1_000) })).status).toBe(201);
    expect((await api.ask('POST', '/api/room')).status).toBe(201);
    expect((await owner.send()).status).toBe(201);
    await upload(neighbour, theirs);
    expect((await download(owner, theirs)).equals(theirs.bytes)).toBe(true);
    expect((await owner.removeFile(file.id)).status).toBe(204);
  });
});

describeOnEveryStorage('the files of a room', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  it('are two thousand in its life, removed ones counted, of which a guest begins half and guests together all but a quarter', async () => {
    app = await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    const room = `room:{${owner.roomId}}`;
    /** As if that many more had been begun and removed, by one seat or by anybody. */
    const countBegun = async (count: number, seat?: number) => {
      const spent = Array.from({ length: count }, () => [newFileId(), '-']).flat();
      await current().command('HSET', `${room}:files`, ...spent);
      if (seat !== undefined) await current().command('HINCRBY', `${room}:used`, `files:${seat}`, count);
    };
    const expectNoMore = async (seat: Seat) => {
      const refused = await seat.beginFile(tiny());
      expectProblem(refused, 'file_limit_reached');
      expect(refused.body).toMatchObject({ maxBytes: 0 });
    };
    const last = tiny();
    const half = ROOM_FILES_BEGUN_MAX / 2;
    await guest.beginFile(tiny());
    await countBegun(half - 2, 2);
    expect((await guest.beginFile(last)).status).toBe(201);
    await expectNoMore(guest);
    expect((await guest.removeFile(last.id)).status).toBe(204);
    await expectNoMore(guest);
    expect((await other.beginFile(tiny())).status).toBe(201);
    // A quarter is the owner's.
    await countBegun(half / 2 - 2, 3);
    expect((await other.beginFile(tiny())).status).toBe(201);
    await expectNoMore(other);
    expect((await owner.beginFile(tiny())).status).toBe(201);
    await countBegun(half / 2 - 2, 1);
    expect((await owner.beginFile(tiny())).status).toBe(201);
    for (const seat of [owner, other]) await expectNoMore(seat);
    expect((await owner.send()).status).toBe(201);
  });
});

describe('a storage that files have filled as far as they may', () => {
  const MAX_BYTES = 4 * MB;

  it('takes no more of them, and everything else: messages, rooms, members, repeats, and files again once one is gone', async () => {
    catchLogLines();
    const storage = await openStorage({ kind: 'embedded', maxBytes: MAX_BYTES });
    const app = await startApp(storage);
    onTestFinished(async () => {
      await app.close();
      await storage.close();
    });
    const api = roomsApi(app);
    const owner = await api.open();
    const [file, small] = [randomFile(8 * MB), randomFile(100)];
    await upload(owner, small);
    await owner.beginFile(file.beginning);
    const { refused, index } = await putUntilRefused(owner, file);
    expectProblem(refused, 'storage_full');
    expect(index).toBe((0.75 * MAX_BYTES) / FILE_PIECE_BYTES);
    expectProblem(await owner.beginFile(tiny()), 'storage_full');

    expect(storage.isFull()).toBe(false);
    expect((await owner.send()).status).toBe(201);
    const other = await api.open();
    expect((await other.send()).status).toBe(201);
    const guest = await api.join(owner.roomId);
    expect((await guest.send()).status).toBe(201);
    expectProblem(await guest.beginFile(tiny()), 'storage_full');
    expect((await owner.beginFile(file.beginning)).status).toBe(200);
    expect((await owner.putPiece(file.id, 0, file.pieces[0] ?? file.bytes)).status).toBe(204);
    await expectPiece(guest, file, 0);

    await owner.removeFile(file.id);
    const again = randomFile(2 * MB);
    await upload(guest, again);
    expect((await download(owner, again)).equals(again.bytes)).toBe(true);
    expect((await download(owner, small)).equals(small.bytes)).toBe(true);
  });

  it('of a Redis that is full is given back by removing, and no piece is half there', async () => {
    const server = await startRedisServer();
    const storage = await openStorage({ kind: 'redis', url: server.url });
    const app = await startApp(storage);
    onTestFinished(async () => {
      await app.close();
      await storage.close();
      await server.stop();
    });
    const owner = await roomsApi(app).open();
    const file = randomFile(2 * FILE_PIECE_BYTES);
    await owner.beginFile(file.beginning);
    await owner.putPiece(file.id, 0, file.pieces[0] ?? file.bytes);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await server.command('CONFIG', 'SET', 'maxmemory', '1');

    expectProblem(await owner.putPiece(file.id, 1, file.pieces[1] ?? file.bytes), 'storage_unavailable');
    expectProblem(await owner.beginFile(tiny()), 'storage_unavailable');
    expect((await owner.readFile(file.id)).body).toMatchObject({ received: [0] });
    await expectPiece(owner, file, 0);
    expect((await owner.removeFile(file.id)).status).toBe(204);
    expect(await server.command('EXISTS', `room:{${owner.roomId}}:file-pieces`)).toBe(0);
  });
});
