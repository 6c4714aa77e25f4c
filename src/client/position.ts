import { earlierStreamId, isAfter, type StreamId } from '@/lib/stream-id';

/** Before everything. */
const START: StreamId = '0-0';
/** Writers of the stock library publish a moment after they store, so an older event may arrive after a newer one. */
const OVERLAP_MS = 1_000;

/** How far one tab has come in the stream. */
export interface Position {
  /** Where the history ended that was read last: nothing up to here is new. */
  base: StreamId;
  /** The newest event known of. */
  tip: StreamId;
  readonly taken: Set<StreamId>;
}

export const createPosition = (): Position => ({ base: START, tip: START, taken: new Set() });

/** Where to resume: a moment before the tip, whose events arrive twice and count once, but never before the history's end. */
export function resumePoint({ base, tip }: Position): StreamId {
  const earlier = earlierStreamId(tip, OVERLAP_MS);
  return isAfter(earlier, base) ? earlier : base;
}

/** Counts an event as taken; false when it is not new. */
export function takeEvent(position: Position, id: StreamId): boolean {
  if (position.taken.has(id) || !isAfter(id, position.base)) return false;
  position.taken.add(id);
  moveTip(position, id);
  return true;
}

/** Whether events up to `tip` exist that this position does not know of; it does from then on. */
export function moveTip(position: Position, tip: StreamId): boolean {
  const isAhead = isAfter(tip, position.tip);
  if (isAhead) position.tip = tip;
  return isAhead;
}

/** The history was read up to `cursor`. A tip that was further along was so before this history was read. */
export function moveBase(position: Position, cursor: StreamId): void {
  moveTip(position, cursor);
  position.base = position.tip;
}

/** Forgets where it was, so any history moves it; what was taken stays taken. */
export function resetPosition(position: Position): void {
  position.base = position.tip = START;
}
