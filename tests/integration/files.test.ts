import { afterAll, describe, expect, it } from 'vitest';
import { pieceBytesOf } from '@/domain/file';
import { startApp, type TestApp } from '@tests/support/app';
import { download, fileOf, newFileId, randomFile, upload } from '@tests/support/files';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { type Answer, OCTETS, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const MB = 1_048_576;
const PLAIN_PIECE = pieceBytesOf(false);
const SEALED_PIECE = pieceBytesOf(true);

/** The bytes that a refusal says would be taken. */
const takenOf = ({ body }: Answer) => (body as { maxBytes?: number }).maxBytes;

describeOnEveryStorage('files', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  /** A room with its owner and a guest. */
  const seats = async (room: Record<string, unknown> = {}): Promise<[Seat, Seat]> => {
    const api = await begin();
    const owner = await api.open(room);
    return [owner, room.sealed === true ? await joinSealed(api, owner.roomId) : await api.join(owner.roomId)];
  };

  describe('a file', () => {
    it('of ten megabytes of random bytes comes down as it went up', { timeout: 60_000 }, async () => {
      const [owner, guest] = await seats();
      const file = randomFile(10 * MB);
      await upload(owner, file);
      expect((await download(guest, file)).equals(file.bytes)).toBe(true);
    });

    it('holds every byte there is, at every place', async () => {
      const [owner, guest] = await seats();
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      for (const bytes of [
        every,
        Buffer.from('\r\n\0$-1\r\n{"a":"\u{1f98b}"}'),
        Buffer.alloc(3),
        Buffer.from([0xff]),
      ]) {
        const file = fileOf(bytes);
        await upload(owner, file);
        expect(await download(guest, file)).toEqual(bytes);
      }
    });

    it('of a sealed room has pieces that are larger by their seals', async () => {
      const [owner, guest] = await seats(sealedRoom());
      const file = randomFile(SEALED_PIECE + 29, { sealed: true });
      expect(await owner.beginFile(file.beginning)).toMatchObject({ status: 201, body: { pieceBytes: 262_172 } });
      for (const index of [1, 0])
        expect((await owner.putPiece(file.id, index, file.pieces[index] ?? file.bytes)).status).toBe(204);
      expect((await download(guest, file)).equals(file.bytes)).toBe(true);
    });

    it('says who began it and what of it has come, also to anyone who begins it again', async () => {
      const [owner, guest] = await seats();
      const file = randomFile(2 * PLAIN_PIECE + 1);
      const { id, beginning, pieces } = file;
      expect(await guest.beginFile(beginning)).toMatchObject({
        status: 201,
        body: { fileId: id, pieceBytes: 262_144, received: [] },
      });
      await guest.putPiece(id, 2, pieces[2] ?? file.bytes);
      await guest.putPiece(id, 0, pieces[0] ?? file.bytes);
      expect(await guest.beginFile(beginning)).toMatchObject({ status: 200, body: { received: [0, 2] } });
      expect((await owner.readFile(id)).body).toEqual({
        fileId: id,
        memberId: guest.memberId,
        bytes: beginning.bytes,
        pieces: 3,
        received: [0, 2],
      });
      expectProblem(await owner.readPiece(id, 1), 'file_not_found');
      await guest.putPiece(id, 1, pieces[1] ?? file.bytes);
      expect((await owner.readFile(id)).body).toMatchObject({ received: [0, 1, 2] });
    });

    it('is what its first pieces were, whatever is sent as one of them again', async () => {
      const [owner, guest] = await seats();
      const file = randomFile(100);
      await upload(owner, file);
      expect((await owner.putPiece(file.id, 0, Buffer.alloc(100))).status).toBe(204);
      expect(await download(guest, file)).toEqual(file.bytes);
    });

    it('is only there for the members of its room', async () => {
      const [owner] = await seats();
      const [stranger] = await seats();
      const file = randomFile(100);
      await upload(owner, file);
      expectProblem(await stranger.readPiece(file.id, 0), 'file_not_found');
      expectProblem(await stranger.readFile(file.id), 'file_not_found');
    });

    it('leaves nothing of its bytes when its room ends', async () => {
      const [owner, guest] = await seats();
      await upload(guest, randomFile(PLAIN_PIECE + 5));
      await guest.beginFile(randomFile(5).beginning);
      expect((await keysOf(current())).map(({ key }) => key)).toContain(`room:{${owner.roomId}}:file-pieces`);
      await owner.destroy();
      expect((await keysOf(current())).filter(({ key }) => key.includes(owner.roomId))).toEqual([]);
    });
  });

  describe('a piece', () => {
    it('is given as bytes that no browser takes for anything else', async () => {
      const [owner, guest] = await seats();
      const file = fileOf(Buffer.from('<script>alert(1)</script>'));
      await upload(owner, file);
      const { headers } = await guest.readPiece(file.id, 0);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/octet-stream',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      });
    });

    it('has the length that the file’s size gives it', async () => {
      const [owner] = await seats();
      const { id, beginning, pieces } = randomFile(PLAIN_PIECE + 100);
      await owner.beginFile(beginning);
      const [first = Buffer.alloc(0), last = Buffer.alloc(0)] = pieces;
      expectProblem(await owner.putPiece(id, 0, first.subarray(1)), 'invalid_request', ['']);
      expectProblem(await owner.putPiece(id, 0, Buffer.alloc(PLAIN_PIECE + 1)), 'body_too_large');
      expectProblem(await owner.putPiece(id, 0, Buffer.alloc(SEALED_PIECE + 1)), 'body_too_large');
      expectProblem(await owner.putPiece(id, 1, last.subarray(1)), 'invalid_request', ['']);
      expectProblem(await owner.putPiece(id, 1, Buffer.alloc(101)), 'body_too_large');
      expectProblem(await owner.putPiece(id, 1, Buffer.alloc(0)), 'invalid_request', ['']);
      expectProblem(await owner.putPiece(id, 2, last), 'invalid_request', ['index']);
      expect((await owner.readFile(id)).body).toMatchObject({ received: [] });
    });

    it('is taken as bytes alone, and read no further than the largest one', async () => {
      const [owner] = await seats();
      const api = await begin();
      const { id, beginning } = randomFile(100);
      await owner.beginFile(beginning);
      const put = (body: BodyInit, headers: Record<string, string>, query = `fileId=${id}&index=0`) =>
        api.ask('PUT', `/api/files/piece?roomId=${owner.roomId}&${query}`, { token: owner.token, body, headers });
      for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'image/png'])
        expectProblem(await put(new Uint8Array(100), { 'content-type': type }), 'unsupported_media_type');
      let pulled = 0;
      const endless = () =>
        new ReadableStream<Uint8Array>({
          pull: (controller) => {
            pulled += 1;
            controller.enqueue(new Uint8Array(65_536));
          },
        });
      expectProblem(await put(endless(), OCTETS), 'body_too_large');
      expect(pulled).toBeLessThanOrEqual(7);
      pulled = 0;
      expectProblem(await put(endless(), { ...OCTETS, 'content-length': '262173' }), 'body_too_large');
      expect(pulled).toBeLessThanOrEqual(1);
      for (const query of [`fileId=${id}`, `fileId=${id}&index=-1`, `fileId=${id}&index=0x0`, 'fileId=short&index=0'])
        expectProblem(await put(new Uint8Array(100), OCTETS, query), 'invalid_request');
      expectProblem(await put(new Uint8Array(1), OCTETS, `fileId=${newFileId()}&index=0`), 'file_not_found');
    });

    it('of another member’s file is refused', async () => {
      const [owner, guest] = await seats();
      const { id, beginning, bytes } = randomFile(100);
      await guest.beginFile(beginning);
      expectProblem(await owner.putPiece(id, 0, bytes), 'not_the_author');
      expectProblem(await owner.beginFile(beginning), 'not_the_author');
    });
  });

  describe('what cannot be a file', () => {
    it.each([
      ['no bytes', { bytes: 0, pieces: 0 }, ['bytes', 'pieces']],
      ['less than nothing', { bytes: -1, pieces: 1 }, ['bytes']],
      ['half a byte', { bytes: 1.5, pieces: 1 }, ['bytes']],
      ['too few pieces', { bytes: PLAIN_PIECE + 1, pieces: 1 }, ['pieces']],
      ['too many pieces', { bytes: PLAIN_PIECE, pieces: 2 }, ['pieces']],
      ['no id', { id: undefined, bytes: 5, pieces: 1 }, ['id']],
      ['an id of another shape', { id: 'a'.repeat(21), bytes: 5, pieces: 1 }, ['id']],
    ])('is refused: %s', async (_, beginning, paths) => {
      const [owner] = await seats();
      expectProblem(await owner.beginFile({ id: newFileId(), ...beginning }), 'invalid_request', paths);
    });

    it('is refused where a sealed piece would hold nothing beside its seal', async () => {
      const [owner] = await seats(sealedRoom());
      for (const bytes of [1, 28, SEALED_PIECE + 28])
        expectProblem(
          await owner.beginFile({ id: newFileId(), bytes, pieces: Math.ceil(bytes / SEALED_PIECE) }),
          'invalid_request',
          ['pieces'],
        );
    });

    it('is the same id with another size', async () => {
      const [owner] = await seats();
      const id = newFileId();
      await owner.beginFile({ id, bytes: 5, pieces: 1 });
      expectProblem(await owner.beginFile({ id, bytes: 6, pieces: 1 }), 'invalid_request', ['bytes']);
    });
  });

  describe('removing', () => {
    it('takes all pieces away at once, for the member who began the file and for the owner, and may be repeated', async () => {
      const [owner, guest] = await seats();
      const api = await begin();
      const other = await api.join(owner.roomId);
      for (const remover of [guest, owner]) {
        const file = randomFile(PLAIN_PIECE + 5);
        await upload(guest, file);
        expectProblem(await other.removeFile(file.id), 'not_the_author');
        expect((await remover.removeFile(file.id)).status).toBe(204);
        expect((await remover.removeFile(file.id)).status).toBe(204);
        for (const index of [0, 1]) expectProblem(await owner.readPiece(file.id, index), 'file_not_found');
        expectProblem(await guest.readFile(file.id), 'file_not_found');
        expect(await current().command('HLEN', `room:{${owner.roomId}}:file-pieces`)).toBe(0);
      }
      expectProblem(await guest.removeFile(newFileId()), 'file_not_found');
    });

    it('goes only if the member that is named has begun it, so that no message can name a stranger’s file to its owner', async () => {
      const [owner, guest] = await seats();
      const file = randomFile(100);
      await upload(guest, file);
      expectProblem(await owner.removeFile(file.id, owner.memberId), 'not_the_author');
      expectProblem(await owner.removeFile(file.id, 'nobody'), 'invalid_request', ['memberId']);
      expect((await download(owner, file)).equals(file.bytes)).toBe(true);
      expect((await owner.removeFile(file.id, guest.memberId)).status).toBe(204);
      expect((await owner.removeFile(file.id, guest.memberId)).status).toBe(204);
    });

    it('spends the id: no piece that was under way, and no other file, takes its place', async () => {
      const [owner, guest] = await seats();
      const file = randomFile(100);
      await guest.beginFile(file.beginning);
      await owner.removeFile(file.id);
      expectProblem(await guest.putPiece(file.id, 0, file.bytes), 'file_not_found');
      expectProblem(await guest.beginFile(file.beginning), 'file_not_found');
    });

    it('goes by itself for what a member began and cannot finish any more', async () => {
      const [owner, guest] = await seats({ maxMembers: 2 });
      const [finished, unfinished] = [randomFile(100), randomFile(8 * MB)];
      await upload(guest, finished);
      await guest.beginFile(unfinished.beginning);
      await guest.putPiece(unfinished.id, 0, unfinished.pieces[0] ?? unfinished.bytes);
      await guest.leave();
      expectProblem(await owner.readFile(unfinished.id), 'file_not_found');
      expectProblem(await owner.readPiece(unfinished.id, 0), 'file_not_found');
      expect(await download(owner, finished)).toEqual(finished.bytes);
    });
  });

  describe('the room’s limits', () => {
    it('are there before anybody chooses a file, and in the refusal of one that is too large', async () => {
      const [owner] = await seats();
      expect((await owner.look()).body).toMatchObject({ files: { maxBytes: 10 * MB, roomBytes: 40 * MB } });
      const answer = await owner.beginFile({ id: newFileId(), bytes: 10 * MB + 1, pieces: 41 });
      expectProblem(answer, 'file_too_large');
      expect(takenOf(answer)).toBe(10 * MB);
      expect((await owner.beginFile({ id: newFileId(), bytes: 10 * MB, pieces: 40 })).status).toBe(201);
    });

    it('count content, so that a sealed room takes as much as a plain one', async () => {
      const [owner] = await seats(sealedRoom());
      const seals = 40 * 28;
      expect((await owner.beginFile({ id: newFileId(), bytes: 10 * MB + seals, pieces: 40 })).status).toBe(201);
      const answer = await owner.beginFile({ id: newFileId(), bytes: 10 * MB + 29 + seals, pieces: 41 });
      expectProblem(answer, 'file_too_large');
    });

    it('let a guest hold half, of which removing gives back, and count from the beginning', async () => {
      const [owner, guest] = await seats();
      const begun = [newFileId(), newFileId()];
      for (const id of begun) expect((await guest.beginFile({ id, bytes: 10 * MB, pieces: 40 })).status).toBe(201);
      const full = await guest.beginFile({ id: newFileId(), bytes: 1, pieces: 1 });
      expectProblem(full, 'file_limit_reached');
      expect(takenOf(full)).toBe(0);
      await guest.removeFile(begun[0] ?? '');
      expect((await guest.beginFile({ id: newFileId(), bytes: 10 * MB - 7, pieces: 40 })).status).toBe(201);
      const nearlyFull = await guest.beginFile({ id: newFileId(), bytes: 8, pieces: 1 });
      expectProblem(nearlyFull, 'file_limit_reached');
      expect(takenOf(nearlyFull)).toBe(7);
      for (const bytes of [10 * MB, 10 * MB])
        expect((await owner.beginFile({ id: newFileId(), bytes, pieces: 40 })).status).toBe(201);
      const answer = await owner.beginFile({ id: newFileId(), bytes: 8, pieces: 1 });
      expectProblem(answer, 'file_limit_reached');
      expect(takenOf(answer)).toBe(7);
    });

    it('keep a quarter for the owner, however much the guests begin', async () => {
      const [owner, guest] = await seats({ maxMembers: 3 });
      const other = await (await begin()).join(owner.roomId);
      const whole = () => ({ id: newFileId(), bytes: 10 * MB, pieces: 40 });
      for (const seat of [guest, guest, other]) expect((await seat.beginFile(whole())).status).toBe(201);
      const refused = await other.beginFile({ id: newFileId(), bytes: 1, pieces: 1 });
      expectProblem(refused, 'file_limit_reached');
      expect(takenOf(refused)).toBe(0);
      expect((await owner.beginFile(whole())).status).toBe(201);
      expectProblem(await owner.beginFile({ id: newFileId(), bytes: 1, pieces: 1 }), 'file_limit_reached');
    });

    it('leave to the guests what the owner has begun beyond that quarter, and no more', async () => {
      const [owner, guest] = await seats();
      const whole = () => ({ id: newFileId(), bytes: 10 * MB, pieces: 40 });
      for (let file = 0; file < 3; file += 1) expect((await owner.beginFile(whole())).status).toBe(201);
      expect((await guest.beginFile(whole())).status).toBe(201);
      expectProblem(await guest.beginFile({ id: newFileId(), bytes: 1, pieces: 1 }), 'file_limit_reached');
    });

    it('are not reached twice by leaving and coming back', async () => {
      const [owner, guest] = await seats({ maxMembers: 2 });
      for (let file = 0; file < 2; file += 1) {
        const stored = randomFile(100);
        await upload(guest, stored);
        await guest.beginFile({ id: newFileId(), bytes: 10 * MB, pieces: 40 });
      }
      const [held] = [randomFile(1 * MB)];
      await guest.leave();
      const back = await (await begin()).join(owner.roomId);
      // Their unfinished file went with them; the finished ones still count for their seat.
      expect((await back.beginFile({ id: held.id, bytes: 10 * MB, pieces: 40 })).status).toBe(201);
      const answer = await back.beginFile({ id: newFileId(), bytes: 10 * MB, pieces: 40 });
      expectProblem(answer, 'file_limit_reached');
      expect(takenOf(answer)).toBe(10 * MB - 200);
    });

    it('say that files are off, where the settings turn them off', async () => {
      const off = await startApp(current().storage, { files: null });
      const owner = await roomsApi(off).open();
      expect((await owner.look()).body).toMatchObject({ files: null });
      const answer = await owner.beginFile({ id: newFileId(), bytes: 1, pieces: 1 });
      expectProblem(answer, 'file_too_large');
      expect(takenOf(answer)).toBe(0);
      await off.close();
    });
  });
});
