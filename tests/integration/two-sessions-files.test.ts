import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { makeSecret } from '@/crypto/fragment';
import { hashProof } from '@/crypto/room-keys';
import type { RoomSession } from '@/session/room-session';
import type { SharedFile } from '@/session/files/shared-file';
import { type TestApp, startApp } from '@tests/support/app';
import { roomsApi } from '@tests/support/rooms';
import { makeOwn, messagesOf, openSession, PLAIN } from '@tests/support/served-session';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

/** Three pieces, of which the last is short. */
const BYTES = randomBytes(2 * 262_144 + 1_000);

const sharedIn = (session: RoomSession) => messagesOf(session).flatMap(({ file }) => (file ? [file] : []));

async function firstFile(session: RoomSession): Promise<SharedFile> {
  await eventually(() => expect(sharedIn(session)).toHaveLength(1));
  const [file] = sharedIn(session);
  return file ?? expect.fail();
}

async function bytesOf({ files }: RoomSession, file: SharedFile): Promise<Buffer> {
  files.load(file);
  const store = files.downloadOf(file);
  await eventually(() => expect(store.get().state).toBe('ready'));
  const download = store.get();
  return download.state === 'ready' ? Buffer.from(await download.content.arrayBuffer()) : Buffer.alloc(0);
}

describeOnEveryStorage('a file between two people', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  async function meet(sealed: boolean) {
    const { url } = (app ??= await startApp(current().storage));
    const rooms = roomsApi(app);
    if (!sealed) {
      const owner = await rooms.open();
      const guest = await rooms.join(owner.roomId);
      return { ann: await openSession(url, owner, PLAIN), ben: await openSession(url, guest, PLAIN, 'Ben') };
    }
    const secret = makeSecret();
    const [first, second] = [await makeOwn(secret, 'Ann'), await makeOwn(secret, 'Ben')];
    const keyCheck = first.own.keys?.keyCheck;
    const proofHash = await hashProof(first.proof);
    const owner = await rooms.open({ sealed: true, keyCheck, proofHash, ...first.newcomer });
    const guest = await rooms.join(owner.roomId, { proof: second.proof, ...second.newcomer });
    return { ann: await openSession(url, owner, first.own), ben: await openSession(url, guest, second.own) };
  }

  it.each([true, false])('comes out as it went in, and goes with its message (sealed: %s)', async (sealed) => {
    const { ann, ben } = await meet(sealed);
    expect(ann.files.limits.get()?.maxBytes).toBeGreaterThan(0);
    await ann.files.send([await ann.files.choose(new Blob([BYTES]), 'noise.bin')], 'Listen to this');
    const file = await firstFile(ben);
    expect(file).toMatchObject({ name: 'noise.bin', size: BYTES.length, type: 'application/octet-stream' });
    expect(messagesOf(ben)[0]?.text).toBe('Listen to this');
    expect((await bytesOf(ben, file)).equals(BYTES)).toBe(true);
    ben.files.release(file);
    const { id } = messagesOf(ann)[0] ?? expect.fail();
    ann.takeBack(id);
    await eventually(() => expect(messagesOf(ben)).toEqual([]));
    // The pieces go behind the message.
    await eventually(() => expect(ann.outgoing.get().isUnsent).toBe(false));
    ben.files.load(file);
    const gone = { state: 'failed', reason: 'file_not_found' };
    await eventually(() => expect(ben.files.downloadOf(file).get()).toEqual(gone));
  });

  it('that is given up can no longer be read, nor holds any place', async () => {
    const { ann } = await meet(true);
    const chosen = await ann.files.choose(new Blob([randomBytes(9_000_000)]), 'large.bin');
    for (let round = 0; round < 5; round += 1) {
      await ann.files.send([chosen]);
      await eventually(() => expect(ann.files.uploads.get()[0]?.sent).toBeGreaterThan(0));
      await ann.files.cancel(ann.files.uploads.get()[0]?.fileId ?? expect.fail());
      await eventually(() => expect(ann.outgoing.get().isUnsent).toBe(false));
    }
    expect(messagesOf(ann)).toEqual([]);
  });
});
