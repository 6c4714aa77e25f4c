import type { Requester, UpstashRequest } from '@upstash/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { FILE_PIECE_BYTES } from '@/domain/limits';
import { storageOver, type Storage } from '@/server/storage/client';
import { startApp, type TestApp } from '@tests/support/app';
import { expectPiece, namedIn, randomFile, type TestFile, upload } from '@tests/support/files';
import { expectProblem, type ProblemCode } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { type Answer, OCTETS, read, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

interface Scene {
  owner: Seat;
  guest: Seat;
  /** The guest's, of two pieces; the first of them is there. */
  file: TestFile;
}

/** What becomes of a file, and what its author reads who goes on sending it. */
const ENDS: [string, (scene: Scene) => Promise<Answer>, ProblemCode][] = [
  ['its author removes it', ({ guest, file }) => guest.removeFile(file.id), 'file_not_found'],
  ['the owner removes it', ({ owner, file }) => owner.removeFile(file.id), 'file_not_found'],
  ['its author is removed', ({ owner, guest }) => owner.remove(guest.memberId), 'not_a_member'],
  ['its author leaves', ({ guest }) => guest.leave(), 'not_a_member'],
  ['its room is destroyed', ({ owner }) => owner.destroy(), 'room_not_found'],
];

const isPiece = ({ body }: UpstashRequest) => Array.isArray(body) && body.some((word) => word instanceof Uint8Array);

/** `inner`; once `meanwhile` is set, it is run between a piece and its answer, which is lost, so the piece is sent again. */
function losingAnswers({ kind, requester, close }: Storage) {
  const told: { meanwhile: (() => Promise<unknown>) | null } = { meanwhile: null };
  const losing: Requester = {
    request: async (asked) => {
      const answer = await requester.request<never>(asked);
      const { meanwhile } = told;
      if (meanwhile === null || !isPiece(asked)) return answer;
      told.meanwhile = null;
      await meanwhile();
      return requester.request(asked);
    },
  };
  return { told, storage: storageOver(kind, { requester: losing, close }) };
}

/** A body that goes on once `meanwhile` is over, which begins when half of it has been taken. */
function haltingBody(piece: Buffer, meanwhile: () => Promise<unknown>): ReadableStream<Uint8Array> {
  const half = piece.length / 2;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(piece.subarray(0, half)),
    pull: async (controller) => {
      await meanwhile();
      controller.enqueue(piece.subarray(half));
      controller.close();
    },
  });
}

describeOnEveryStorage('while a piece is under way', (current) => {
  const apps: TestApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  const begin = async (storage: Storage): Promise<Scene & { app: TestApp }> => {
    const app = await startApp(storage);
    apps.push(app);
    const api = roomsApi(app);
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const file = randomFile(2 * FILE_PIECE_BYTES);
    await guest.beginFile(file.beginning);
    await guest.putPiece(file.id, 0, file.pieces[0] ?? file.bytes);
    return { app, owner, guest, file };
  };

  /** Nothing of the file is left, nor of its bytes in what the room counts, and nothing that does not end with the room. */
  const expectNothingLeft = async ({ owner, guest, file }: Scene) => {
    const room = `room:{${owner.roomId}}`;
    const left = (await keysOf(current())).filter(({ key }) => key.includes(owner.roomId));
    expect(left.map(({ key }) => key)).not.toContain(`${room}:file-pieces`);
    for (const { key, expiresAt } of left) expect(expiresAt, key).toBe(owner.expiresAt);
    if (left.length === 0) return;
    expect(Number(await current().command('HGET', room, 'fileBytes'))).toBe(0);
    expect(await current().command('HGET', `${room}:used`, `begun:${guest.memberId}`)).toBeNull();
    for (const index of [0, 1]) expectProblem(await owner.readPiece(file.id, index), 'file_not_found');
    await owner.destroy();
    expect((await keysOf(current())).filter(({ key }) => key.includes(owner.roomId))).toEqual([]);
  };

  describe.each(ENDS)('%s', (_, end, code) => {
    it('before all of its body has come: nothing of it is stored', async () => {
      const scene = await begin(current().storage);
      const { app, guest, file } = scene;
      const body = haltingBody(file.pieces[1] ?? file.bytes, async () => expect((await end(scene)).status).toBe(204));
      const path = `/api/files/piece?roomId=${guest.roomId}&fileId=${file.id}&index=1`;
      const headers = { authorization: `Bearer ${guest.token}`, ...OCTETS };
      const answer = await read(
        await fetch(app.url + path, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit),
      );
      expectProblem(answer, code);
      await expectNothingLeft(scene);
    });

    it('after it was stored, and it is sent again because its answer was lost: it stays away', async () => {
      const { told, storage } = losingAnswers(current().storage);
      const scene = await begin(storage);
      const { owner, guest, file } = scene;
      let received: unknown;
      told.meanwhile = async () => {
        received = (await owner.readFile(file.id)).body;
        // A finished file stays when its author is gone, as the messages do: it is removed like them.
        expect((await end(scene)).status).toBe(204);
      };
      const answer = await guest.putPiece(file.id, 1, file.pieces[1] ?? file.bytes);
      expectProblem(answer, code);
      expect(received).toMatchObject({ received: [0, 1] });
      if (code === 'not_a_member') expect((await owner.removeFile(file.id)).status).toBe(204);
      await expectNothingLeft(scene);
    });
  });

  it('its message is taken back: a piece that is sent again stays away', async () => {
    const { told, storage } = losingAnswers(current().storage);
    const scene = await begin(storage);
    const { owner, guest, file } = scene;
    await guest.putPiece(file.id, 1, file.pieces[1] ?? file.bytes);
    expect((await guest.send({ id: 'with-the-file', text: '', file: namedIn(file) })).status).toBe(201);
    told.meanwhile = async () => expect((await owner.takeBack('with-the-file')).status).toBe(204);
    expectProblem(await guest.putPiece(file.id, 1, file.pieces[1] ?? file.bytes), 'file_not_found');
    await expectNothingLeft(scene);
  });

  it('a member who is out, by their own will or not, reads no piece any more, of others or their own', async () => {
    const { owner, guest, file } = await begin(current().storage);
    await guest.putPiece(file.id, 1, file.pieces[1] ?? file.bytes);
    const leaver = await roomsApi(apps[0] ?? expect.fail('no app')).join(owner.roomId);
    const theirs = randomFile(100);
    await upload(leaver, theirs);
    await owner.remove(guest.memberId);
    await leaver.leave();
    for (const former of [guest, leaver]) {
      for (const { id } of [file, theirs]) {
        expectProblem(await former.readPiece(id, 0), 'not_a_member');
        expectProblem(await former.putPiece(id, 0, theirs.bytes), 'not_a_member');
        expectProblem(await former.readFile(id), 'not_a_member');
        expectProblem(await former.removeFile(id), 'not_a_member');
      }
      expectProblem(await former.beginFile(theirs.beginning), 'not_a_member');
    }
    // Finished files stay for the members.
    await expectPiece(owner, file, 1);
    expect((await owner.readPiece(theirs.id, 0)).bytes).toEqual(theirs.bytes);
  });
});
