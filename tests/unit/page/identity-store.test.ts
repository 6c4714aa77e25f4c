import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportRaw, makeIdentity, type Identity } from '@/crypto/identity';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { createIdentityStore, type IdentityStore, type KeptIdentity } from '@/page/identity-store';

const ROOM = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const OTHER_ROOM = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');

const kept = async (endsAt = 1_000, epoch = 0): Promise<KeptIdentity> => ({
  identity: await makeIdentity(),
  endsAt,
  epoch,
});

const canSign = async ({ sign }: Identity) => {
  const text = new TextEncoder().encode('a text');
  const by = { name: 'ECDSA', hash: 'SHA-256' };
  return crypto.subtle.verify(by, sign.publicKey, await crypto.subtle.sign(by, sign.privateKey, text), text);
};

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

/** Storages that a browser may give a page: one that works, and ones that it refuses in its own way. */
const storages: readonly (readonly [string, boolean, () => IdentityStore])[] = [
  ['IndexedDB', true, () => createIdentityStore()],
  [
    'memory, where the browser has no IndexedDB',
    false,
    () => {
      vi.stubGlobal('indexedDB', undefined);
      return createIdentityStore();
    },
  ],
  [
    'memory, where opening it is refused',
    false,
    () =>
      createIdentityStore(() => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }),
  ],
  [
    'memory, where every transaction fails',
    false,
    () => createIdentityStore(() => () => Promise.reject(new DOMException('full', 'QuotaExceededError'))),
  ],
];

describe.each(storages)('the keys of a browser in %s', (_name, isLasting, create) => {
  it('are there until their room ends, and sign', async () => {
    const store = create();
    const own = await kept(1_000);
    await store.add(ROOM, own);
    expect(await store.load(ROOM)).toMatchObject({ identity: { memberId: own.identity.memberId }, endsAt: 1_000 });
    expect(await canSign((await store.load(ROOM))?.identity ?? own.identity)).toBe(true);
    expect(await store.load(OTHER_ROOM)).toBeNull();
    expect(store.isLasting()).toBe(isLasting);
    await store.purge(999);
    expect(await store.load(ROOM)).not.toBeNull();
    await store.purge(1_000);
    expect(await store.load(ROOM)).toBeNull();
  });

  it('are those that were added first, unless they serve no seat any more', async () => {
    const store = create();
    const [one, two, three] = [await kept(), await kept(), await kept()];
    const added = await Promise.all([one, two].map((own) => store.add(ROOM, own)));
    expect(added.map(({ identity }) => identity.memberId)).toEqual([one.identity.memberId, one.identity.memberId]);
    await store.add(ROOM, three, two.identity.memberId);
    expect((await store.load(ROOM))?.identity.memberId).toBe(one.identity.memberId);
    await store.add(ROOM, three, one.identity.memberId);
    expect((await store.load(ROOM))?.identity.memberId).toBe(three.identity.memberId);
  });

  it('are discarded for one member, and not for whoever joined since', async () => {
    const store = create();
    const own = await kept();
    await store.add(ROOM, own);
    await store.discard(ROOM, memberIdSchema.parse('Member0123456789'));
    expect(await store.load(ROOM)).not.toBeNull();
    await store.discard(ROOM, own.identity.memberId);
    expect(await store.load(ROOM)).toBeNull();
  });

  it('are kept for as long as their room lasts, though its end has moved', async () => {
    const store = create();
    await store.noteEnd(ROOM, 5_000);
    expect(await store.load(ROOM)).toBeNull();
    await store.add(ROOM, await kept(1_000, 1));
    await store.noteEnd(ROOM, 3_000);
    // Another tab, which hears late.
    await store.noteEnd(ROOM, 2_000);
    await store.purge(2_999);
    expect(await store.load(ROOM)).toMatchObject({ endsAt: 3_000, epoch: 1 });
    await store.purge(3_000);
    expect(await store.load(ROOM)).toBeNull();
  });

  it('remember the highest epoch, which never falls', async () => {
    const store = create();
    await store.noteEpoch(ROOM, 4);
    expect(await store.load(ROOM)).toBeNull();
    await store.add(ROOM, await kept(1_000, 1));
    for (const epoch of [3, 2]) await store.noteEpoch(ROOM, epoch);
    expect((await store.load(ROOM))?.epoch).toBe(3);
  });
});

describe('the keys of a browser', () => {
  it('are shared by its pages and survive them, and cannot be exported', async () => {
    const own = await kept();
    await createIdentityStore().add(ROOM, own);
    const found = await createIdentityStore().load(ROOM);
    expect(found?.identity.memberId).toBe(own.identity.memberId);
    for (const { privateKey } of found ? [found.identity.sign, found.identity.agree] : []) {
      await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow();
      await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
    }
    expect(found && (await exportRaw(found.identity.sign.publicKey))).toHaveLength(65);
  });

  it('leave nothing in the storage once they are discarded', async () => {
    const store = createIdentityStore();
    const own = await kept();
    await store.add(ROOM, own);
    await store.discard(ROOM, own.identity.memberId);
    const raw = new Promise<IDBValidKey[]>((resolve, reject) => {
      const opening = indexedDB.open('mayfly');
      opening.onerror = () => reject(opening.error ?? new Error('not opened'));
      opening.onsuccess = () => {
        const keys = opening.result.transaction('identities').objectStore('identities').getAllKeys();
        keys.onsuccess = () => resolve(keys.result);
      };
    });
    expect(await raw).toEqual([]);
  });

  it('are nothing else that lies under their name', async () => {
    const store = createIdentityStore();
    await store.add(ROOM, await kept());
    const foreign = createIdentityStore(() => async (_mode, work) => {
      // A storage that holds something of another kind under every key.
      const objects = { get: () => fakeRequest({ secret: 'text' }) };
      return work(objects as unknown as IDBObjectStore);
    });
    expect(await foreign.load(ROOM)).toBeNull();
  });

  it('that were known before the storage failed stay in memory', async () => {
    let works = true;
    const stored = new Map<string, unknown>();
    const store = createIdentityStore(() => async (_mode, work) => {
      if (!works) throw new DOMException('gone', 'InvalidStateError');
      const objects = {
        get: (key: string) => fakeRequest(stored.get(key)),
        put: (value: unknown, key: string) => stored.set(key, value),
        transaction: fakeTransaction(),
      };
      return work(objects as unknown as IDBObjectStore);
    });
    const own = await kept();
    await store.add(ROOM, own);
    works = false;
    expect((await store.load(ROOM))?.identity.memberId).toBe(own.identity.memberId);
    expect(store.isLasting()).toBe(false);
  });
});

/** The part of a request that its promise needs: it succeeds in the next task. */
function fakeRequest(result: unknown): IDBRequest {
  const request = { result, onsuccess: null as (() => void) | null };
  setTimeout(() => request.onsuccess?.());
  return request as unknown as IDBRequest;
}

function fakeTransaction(): IDBTransaction {
  const transaction = { oncomplete: null as (() => void) | null };
  setTimeout(() => transaction.oncomplete?.(), 10);
  return transaction as unknown as IDBTransaction;
}
