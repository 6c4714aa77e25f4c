import { openCard } from '@/crypto/card';
import { findEarlierEpochs } from '@/crypto/earlier-epochs';
import { followEpoch, mayMakeEpoch, type KnownEpoch } from '@/crypto/epoch-change';
import { epochChangeSchema, type EpochChange } from '@/domain/epoch-change';
import type { EventData } from '@/domain/events';
import { EPOCHS_PER_PAGE_MAX } from '@/domain/limits';
import * as z from 'zod/mini';
import type { CardOutcome } from './cards';
import type { Accepted, EpochsEnvironment } from './epochs';
import type { KeyTrouble } from './standing';

/** Everything that a page needs only once its room has another key: to follow it, and to read what was said before. */
export { createRekeying } from './rekeying';

/**
 * Takes the new key that `by`, the owner in the page’s own list, has just made. Returns why it does not.
 */
export async function followLive(
  { roomId, identity, ring, self }: EpochsEnvironment,
  by: CardOutcome,
  { epoch, keyCheck, previous, wraps }: EventData<'room.rekeyed'>,
): Promise<KnownEpoch | KeyTrouble> {
  if (by.kind !== 'opened') return 'maker-unverified';
  if (identity === null) return 'no-wrap';
  const { keys } = ring.get();
  const change = { epoch, keyCheck, previous, wrap: wraps[self] };
  const outcome = await followEpoch({ roomId, identity, keys }, by.card, change);
  return outcome.kind === 'followed' ? outcome.known : outcome.reason;
}

/**
 * Reads the epochs of the room: walks down from the page’s keys, where it does not know the oldest, and then up to the room’s newest.
 * Null when the page is there; else why it came no further.
 */
export async function followRoom(
  environment: EpochsEnvironment,
  accept: (accepted: Accepted) => void,
): Promise<KeyTrouble | 'unreachable' | null> {
  const { ring, over } = environment;
  const isWalked = ring.lowest() === 0;
  const made = await readEpochs(environment, isWalked ? ring.get().keys.epoch : 0);
  if (made === null) return 'unreachable';
  if (!isWalked) await walkDown(environment, made);
  for (const change of made) {
    if (over.aborted || change.epoch <= ring.get().keys.epoch) continue;
    const outcome = await followOne(environment, change);
    // The page may have made this very key meanwhile.
    if (typeof outcome === 'string' && change.epoch <= ring.get().keys.epoch) continue;
    if (typeof outcome === 'string') return outcome;
    accept({ known: outcome, by: change.by, cursor: change.cursor });
  }
  return null;
}

const pageSchema = z.object({ epochs: z.array(epochChangeSchema) });

/** Null when they could not be read, and for an answer that is not one of ours. */
async function readEpochs({ api, roomId, over }: EpochsEnvironment, after: number): Promise<EpochChange[] | null> {
  const made: EpochChange[] = [];
  while (!over.aborted) {
    const asked = made.at(-1)?.epoch ?? after;
    const answer = await api.readEpochs(roomId, asked);
    const page = answer.ok ? pageSchema.safeParse(answer.value).data?.epochs : undefined;
    // Numbers that do not rise would have the page ask for ever.
    if (page?.every(({ epoch }, index) => epoch > (page[index - 1]?.epoch ?? asked)) !== true) return null;
    made.push(...page);
    if (page.length < EPOCHS_PER_PAGE_MAX) return made;
  }
  return null;
}

/** Whatever the walk reaches can be opened from then on; what it does not reach stays closed. */
async function walkDown({ ring, roomId, room }: EpochsEnvironment, made: readonly EpochChange[]): Promise<void> {
  const { keys } = ring.get();
  const below = made.filter(({ epoch }) => epoch <= keys.epoch);
  const found = await findEarlierEpochs(roomId, keys, below, room.get().replaced ?? []);
  // A key taken meanwhile is newer than all of these.
  for (const known of found) ring.add(known);
  for (const { epoch, cursor } of below) ring.begin(epoch, cursor);
}

async function followOne(
  { roomId, identity, ring, isRemoved }: EpochsEnvironment,
  change: EpochChange,
): Promise<KnownEpoch | KeyTrouble> {
  const by = await openCard(ring.keysOf, change.by, change.card);
  if (by.kind !== 'opened') return 'maker-unverified';
  // What this page saw counts, too: the epochs say nothing of it where somebody removed has made them.
  if (isRemoved(change.by) || !mayMakeEpoch(by.card, change.epoch, ring.known())) return 'not-the-owner';
  if (identity === null) return 'no-wrap';
  const outcome = await followEpoch({ roomId, identity, keys: ring.get().keys }, by.card, change);
  return outcome.kind === 'followed' ? outcome.known : outcome.reason;
}
