import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '@tests/support/app';
import { newFileId } from '@tests/support/files';
import { roomsApi } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('files', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  it('goes up in pieces and comes down the same', async () => {
    const api = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const id = newFileId();
    const bytes = randomBytes(300_000);
    expect(await owner.beginFile({ id, bytes: 300_000, pieces: 2 })).toMatchObject({
      status: 201,
      body: { fileId: id, pieceBytes: 262_144, received: [] },
    });
    expect((await owner.putPiece(id, 1, bytes.subarray(262_144))).status).toBe(204);
    expect((await guest.readFile(id)).body).toEqual({
      fileId: id,
      memberId: owner.memberId,
      bytes: 300_000,
      pieces: 2,
      received: [1],
    });
    expect((await owner.putPiece(id, 0, bytes.subarray(0, 262_144))).status).toBe(204);
    const pieces = [await guest.readPiece(id, 0), await guest.readPiece(id, 1)];
    expect(Buffer.concat(pieces.map(({ bytes: piece }) => piece ?? Buffer.alloc(0)))).toEqual(bytes);
    expect((await owner.removeFile(id)).status).toBe(204);
    expect(await guest.readPiece(id, 0)).toMatchObject({ status: 404, body: { code: 'file_not_found' } });
  });
});
