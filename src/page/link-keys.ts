import { readFragment } from '@/crypto/fragment';
import { canSeal, deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import type { Room } from '@/domain/room';

/** What a link opens: `keys` is null in a plain room; `isReplaced`: the secret was the room's, and is not its newest one. */
export interface LinkKeys {
  readonly keys: RoomKeys | null;
  readonly isReplaced: boolean;
}

/** Why a link opens nothing. */
export type LinkTrouble = 'insecure-context' | 'key-missing' | 'key-wrong';

/**
 * The keys of the link's fragment, before anyone is asked for a name: without the right key nothing can be read, and nothing may
 * be said. The checks distinguish a link that was replaced from one that never opened this room.
 */
export async function readLink(room: Room, fragment: string): Promise<LinkKeys | LinkTrouble> {
  const secret = readFragment(fragment);
  // A link with a key promises a sealed room. A server that says otherwise is not given plain text.
  if (!room.sealed) return secret === 'missing' ? { keys: null, isReplaced: false } : 'key-wrong';
  if (!canSeal()) return 'insecure-context';
  if (secret === 'missing') return 'key-missing';
  if (secret === 'malformed') return 'key-wrong';
  const newest = room.epoch ?? 0;
  const keys = await deriveRoomKeys(secret, newest);
  if (keys.keyCheck === room.keyCheck) return { keys, isReplaced: false };
  const epoch = room.replaced?.indexOf(keys.keyCheck) ?? -1;
  return epoch < 0 ? 'key-wrong' : { keys: { ...keys, epoch }, isReplaced: true };
}
