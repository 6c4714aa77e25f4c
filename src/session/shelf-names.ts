import type { RoomId } from '@/domain/room';
import { keysOf, type TabStorage } from '@/lib/tab-storage';

/** What a page keeps of a room: by these names, beside the room's id, it lies in the browser's storage. */
export const SHELF_NAMES = ['outbox', 'draft', 'files', 'ignored'] as const;
export type ShelfName = (typeof SHELF_NAMES)[number];

export const prefixOf = (name: ShelfName, roomId: RoomId) => `mayfly:${name}:${roomId}`;

/** Nothing of the room is left in these storages, whichever page kept it. */
export function clearShelves(storages: readonly TabStorage[], roomId: RoomId): void {
  for (const storage of storages)
    for (const name of SHELF_NAMES) for (const key of keysOf(storage, prefixOf(name, roomId))) storage.removeItem(key);
}
