import type { EpochRefusal } from '@/crypto/epoch-change';
import type { Room } from '@/domain/room';
import type { RoomKeys } from '@/crypto/room-keys';

/** Why a page stays with its own key, and sends nothing. */
export type KeyTrouble =
  | EpochRefusal
  /** Somebody made the new key who is not the owner here, or cannot have been. */
  | 'not-the-owner'
  /** Whoever made the new key has no card that can be verified. */
  | 'maker-unverified'
  /** The server shows an older key than this browser has seen in this room. */
  | 'rolled-back'
  /** The server names another key of the same number: the room was split. */
  | 'split';

/** `behind`: the room has a newer key, which is being fetched. Only who is `current` sends. */
export type Standing =
  | { readonly state: 'current' }
  | { readonly state: 'behind' }
  | { readonly state: 'refused'; readonly trouble: KeyTrouble };

export interface Known {
  /** The newest keys that the page holds. */
  readonly held: RoomKeys;
  readonly room: Room;
  /** The highest epoch that this browser has seen: it never goes below. */
  readonly lowestEpoch: number;
  /** By an answer that is newer than the last look at the room. */
  readonly announced: number;
  readonly refused: KeyTrouble | null;
}

export function standingOf({ held, room, lowestEpoch, announced, refused }: Known): Standing {
  const trouble = (why: KeyTrouble): Standing => ({ state: 'refused', trouble: why });
  if (refused !== null) return trouble(refused);
  const { epoch = 0, keyCheck } = room;
  if (epoch < Math.max(held.epoch, lowestEpoch)) return trouble('rolled-back');
  if (held.epoch < Math.max(epoch, announced)) return { state: 'behind' };
  return keyCheck === held.keyCheck ? { state: 'current' } : trouble('split');
}
