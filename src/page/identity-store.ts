import { createStore, delMany, entries, get, promisifyRequest, type UseStore } from 'idb-keyval';
import * as z from 'zod/mini';
import type { Identity } from '@/crypto/identity';
import { memberIdSchema, timestampSchema, type MemberId, type RoomId } from '@/domain/room';
import { epochSchema } from '@/domain/sealed';

/** A member's keys, beside what this browser has to remember with them. */
export interface KeptIdentity {
  readonly identity: Identity;
  /** When the room ends, on this browser's clock, which is the one at hand when another page purges. */
  readonly endsAt: number;
  /** The highest epoch that a page of this browser has accepted: none goes below it, whatever the server says later. */
  readonly epoch: number;
}

/** Where a browser keeps who it is: under the room's id and, until the room that it makes has one, under the member's. */
export interface IdentityStore {
  readonly load: (key: RoomId | MemberId) => Promise<KeptIdentity | null>;
  /**
   * Keeps these keys unless others are there, in one step: of two tabs the first one wins, and both get what is kept. Keys of the
   * member `stale`, which serve no seat any more, give way.
   */
  readonly add: (key: RoomId | MemberId, kept: KeptIdentity, stale?: MemberId) => Promise<KeptIdentity>;
  /** The room lasts until then, on this browser's clock. */
  readonly noteEnd: (roomId: RoomId, endsAt: number) => Promise<void>;
  /** Raises the highest epoch. */
  readonly noteEpoch: (roomId: RoomId, epoch: number) => Promise<void>;
  /** Forgets the keys of this member, who has no seat any more; keys that another tab has made since stay. */
  readonly discard: (key: RoomId | MemberId, memberId: MemberId) => Promise<void>;
  /** Forgets the keys of rooms that have ended by `now`. */
  readonly purge: (now: number) => Promise<void>;
  /** False once this browser has refused its storage: the keys are in the page's memory alone, and a reload costs them. */
  readonly isLasting: () => boolean;
}

const isKey = (value: unknown) => value instanceof CryptoKey;
const pairSchema = z.object({ publicKey: z.custom<CryptoKey>(isKey), privateKey: z.custom<CryptoKey>(isKey) });

/** What an older page or another program left under our names is no identity. */
const keptSchema = z.object({
  identity: z.object({ memberId: memberIdSchema, sign: pairSchema, agree: pairSchema }),
  endsAt: timestampSchema,
  epoch: epochSchema,
});

/** Keys that were kept or sent by another tab; null for anything else. */
export const parseKept = (value: unknown): KeptIdentity | null => keptSchema.safeParse(value).data ?? null;

const endedOf = (all: readonly [IDBValidKey, unknown][], now: number) =>
  all.filter(([, value]) => (parseKept(value)?.endsAt ?? -Infinity) <= now).map(([key]) => key);

type Updater = (kept: KeptIdentity | null) => KeptIdentity | null;

/**
 * The keys that this browser has made, in IndexedDB, which all its tabs share and which keeps them without being able to export
 * them. A private window may have no such storage: then they live as long as the page.
 */
export function createIdentityStore(
  openStore: () => UseStore = () => createStore('mayfly', 'identities'),
): IdentityStore {
  const memory = new Map<string, KeptIdentity>();
  let store: UseStore | null = null;
  let isLasting = true;

  /** A storage that failed once is not trusted again: half of the keys in one place would be worse than all in the other. */
  async function inStorage<T>(work: (use: UseStore) => Promise<T>, inMemory: () => T): Promise<T> {
    if (!isLasting) return inMemory();
    try {
      return await work((store ??= openStore()));
    } catch {
      // Browsers have many names for a storage that they refuse; what follows from all of them is the same, and said on the page.
      isLasting = false;
      return inMemory();
    }
  }

  const load = (key: string) =>
    inStorage(
      async (use) => {
        const kept = parseKept(await get(key, use));
        if (kept !== null) memory.set(key, kept);
        return kept;
      },
      () => memory.get(key) ?? null,
    );

  /** Reads and writes in one transaction. */
  function change(key: string, updater: Updater): Promise<KeptIdentity | null> {
    const apply = (before: KeptIdentity | null) => {
      const after = updater(before);
      if (after === null) memory.delete(key);
      else memory.set(key, after);
      return after;
    };
    return inStorage(
      (use) =>
        use('readwrite', async (objects) => {
          const after = apply(parseKept(await promisifyRequest<unknown>(objects.get(key))));
          if (after === null) objects.delete(key);
          else objects.put(after, key);
          await promisifyRequest(objects.transaction);
          return after;
        }),
      () => apply(memory.get(key) ?? null),
    );
  }

  return {
    load,
    add: async (key, kept, stale) => {
      const added = await change(key, (before) =>
        before === null || before.identity.memberId === stale ? kept : before,
      );
      return added ?? kept;
    },
    noteEnd: async (roomId, endsAt) => {
      await change(roomId, (before) => before && { ...before, endsAt: Math.max(before.endsAt, endsAt) });
    },
    noteEpoch: async (roomId, epoch) => {
      await change(roomId, (before) => before && { ...before, epoch: Math.max(before.epoch, epoch) });
    },
    discard: async (key, memberId) => {
      await change(key, (before) => (before?.identity.memberId === memberId ? null : before));
    },
    purge: async (now) => {
      for (const [key, { endsAt }] of memory) if (endsAt <= now) memory.delete(key);
      await inStorage(
        async (use) => delMany(endedOf(await entries<IDBValidKey, unknown>(use), now), use),
        () => undefined,
      );
    },
    isLasting: () => isLasting,
  };
}
