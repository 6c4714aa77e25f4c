import type { MemberId, RoomId } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { openCard } from './card';
import { readPrevious, unsealPrevious, verifyPrevious, type KnownEpoch } from './epoch-change';
import { deriveRoomKeys, type RoomKeys } from './room-keys';
import type { Unsealed } from './sealed-string';

/** An epoch of the room as the server keeps it. */
export interface MadeEpoch {
  readonly epoch: number;
  readonly by: MemberId;
  /** That of `by` before the epoch was made, so it is sealed under an earlier one. */
  readonly card: string;
  readonly previous: string;
}

/**
 * Walks down from the newest keys, those of a latecomer's link, to the room's first. Returns the epochs that it reaches, the newest
 * first; what is sealed under others cannot be opened. `replaced` has the checks of the epochs before the newest, in their order.
 *
 * A signature can be verified only at the end of the way, as the card of whoever made an epoch may be as old as the room. At one
 * that is wrong the walk has ended.
 */
export async function findEarlierEpochs(
  roomId: RoomId,
  newest: RoomKeys,
  made: readonly MadeEpoch[],
  replaced: readonly KeyCheck[],
): Promise<KnownEpoch[]> {
  const byEpoch = new Map(made.map((one) => [one.epoch, one]));
  const ring = new Map([[newest.epoch, newest]]);
  const steps: { keys: RoomKeys; made: MadeEpoch; unsealed: Unsealed }[] = [];
  let lowest = newest;
  while (lowest.epoch > 0) {
    const step = byEpoch.get(lowest.epoch);
    const unsealed = step && (await unsealPrevious(roomId, lowest, step.by, step.previous));
    const said = unsealed && readPrevious(unsealed);
    if (!said) break;
    const older = await deriveRoomKeys(said.secret, lowest.epoch - 1);
    if (older.keyCheck !== replaced[older.epoch]) break;
    steps.push({ keys: lowest, made: step, unsealed });
    ring.set(older.epoch, older);
    lowest = older;
  }

  const known: KnownEpoch[] = [];
  for (const { keys, made: step, unsealed } of steps) {
    const by = await openCard((epoch) => ring.get(epoch), step.by, step.card);
    const said = by.kind === 'opened' ? await verifyPrevious(unsealed, by.card) : null;
    if (!said) return [...known, { keys, members: [], removed: [] }];
    known.push({ keys, members: said.members, removed: said.removed });
  }
  return [...known, { keys: lowest, members: [], removed: [] }];
}
