import type { KnownEpoch } from '@/crypto/epoch-change';
import type { RoomKeys } from '@/crypto/room-keys';
import { compareCursors, type Cursor } from '@/domain/message';
import { createStore, type Readable } from '@/lib/store';

/** The keys that a page holds. The value is the newest epoch's, and another one whenever an epoch is added. */
export interface HeldKeys extends Readable<{ readonly keys: RoomKeys }> {
  readonly keysOf: (epoch: number) => RoomKeys | undefined;
  readonly known: () => readonly KnownEpoch[];
  /** The oldest epoch from which on all are known. */
  readonly lowest: () => number;
  readonly add: (known: KnownEpoch) => void;
  /**
   * An epoch that is held has begun at this place in the stream, or before it. Returns whether that is news: the earliest place counts,
   * or the server would report a new key once more, behind words of somebody removed.
   */
  readonly begin: (epoch: number, cursor: Cursor) => boolean;
  /**
   * Whether something sealed for an epoch stands behind the beginning of a later one. The server refuses such things, so it
   * would be the word of somebody who was removed, with the server’s help.
   */
  readonly isOver: (epoch: number, cursor: Cursor) => boolean;
}

export function createKeyRing(first: RoomKeys): HeldKeys {
  const epochs = new Map<number, KnownEpoch>([[first.epoch, { keys: first, members: [], removed: [] }]]);
  const beginnings = new Map<number, Cursor>();
  const store = createStore({ keys: first });
  return {
    get: store.get,
    subscribe: store.subscribe,
    keysOf: (epoch) => epochs.get(epoch)?.keys,
    known: () => [...epochs.values()],
    lowest: () => Math.min(...epochs.keys()),
    add: (known) => {
      epochs.set(known.keys.epoch, known);
      const { keys } = store.get();
      store.set({ keys: known.keys.epoch > keys.epoch ? known.keys : keys });
    },
    begin: (epoch, cursor) => {
      const known = beginnings.get(epoch);
      if (!epochs.has(epoch) || (known !== undefined && compareCursors(known, cursor) <= 0)) return false;
      beginnings.set(epoch, cursor);
      return true;
    },
    isOver: (epoch, cursor) =>
      [...beginnings].some(([later, beginning]) => later > epoch && compareCursors(cursor, beginning) > 0),
  };
}
