import type { EpochRefusal } from '@/crypto/epoch-change';
import { createStore, type Readable } from '@/lib/store';
import type { RoomState } from '@/session/room-state';
import type { HeldKeys } from './key-ring';

/** Why a page stays with its own key, and sends nothing. */
export type KeyTrouble =
  | EpochRefusal
  /** The new key was made by somebody who is not the owner here, or cannot have been. */
  | 'not-the-owner'
  /** The maker of the new key has no card that can be verified. */
  | 'maker-unverified'
  /** The server shows an older key than this browser has seen in this room. */
  | 'rolled-back'
  /** The server names another key of the same number: the room was split. */
  | 'split';

/** `behind`: the room has a newer key, which is being fetched. A page sends only while it is `current`. */
export type Standing =
  | { readonly state: 'current' }
  | { readonly state: 'behind' }
  | { readonly state: 'refused'; readonly trouble: KeyTrouble };

/** Where the page stands, by its keys and by all that it hears of the room's. */
export interface Standings {
  readonly standing: Readable<Standing>;
  readonly isBehind: () => boolean;
  /** An event or an answer names an epoch before a look at the room does. */
  readonly announce: (epoch: number) => void;
  /** The page does not take the room's new key, whatever comes. */
  readonly refuse: (trouble: KeyTrouble) => void;
  readonly isRefused: () => boolean;
  /** Changes what the page knows of room and keys, which do not agree until all of it is done. */
  readonly change: (apply: () => void) => void;
  readonly judge: () => void;
}

export interface StandingsEnvironment {
  readonly room: RoomState;
  readonly ring: HeldKeys;
  readonly over: AbortSignal;
  /** The highest epoch that this browser has seen: it never goes below. */
  readonly lowestEpoch: number;
}

export function createStandings({ room, ring, over, lowestEpoch }: StandingsEnvironment): Standings {
  const standing = createStore<Standing>({ state: 'current' });
  let announced = 0;
  let refused: KeyTrouble | null = null;
  let isChanging = false;

  function find(): 'current' | 'behind' | KeyTrouble {
    const { epoch = 0, keyCheck } = room.get();
    const { keys: held } = ring.get();
    if (refused !== null) return refused;
    if (epoch < Math.max(held.epoch, lowestEpoch)) return 'rolled-back';
    if (held.epoch < Math.max(epoch, announced)) return 'behind';
    return keyCheck === held.keyCheck ? 'current' : 'split';
  }

  function judge() {
    if (isChanging || over.aborted) return;
    const found = find();
    const before = standing.get();
    if (found === (before.state === 'refused' ? before.trouble : before.state)) return;
    const isWell = found === 'current' || found === 'behind';
    standing.set(isWell ? { state: found } : { state: 'refused', trouble: found });
  }

  judge();
  return {
    standing,
    judge,
    isBehind: () => standing.get().state === 'behind',
    isRefused: () => refused !== null,
    announce: (epoch) => {
      announced = Math.max(announced, epoch);
      judge();
    },
    refuse: (trouble) => {
      refused = trouble;
      judge();
    },
    change: (apply) => {
      isChanging = true;
      apply();
      isChanging = false;
      judge();
    },
  };
}
