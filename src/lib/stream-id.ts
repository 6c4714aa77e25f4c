/** A position in a stream as Redis writes it: `<ms>-<sequence>`. */
export type StreamId = string;

/** Returns a negative number when `left` is before `right` in the stream, a positive one when after it, 0 when they are the same. */
export function compareStreamIds(left: StreamId, right: StreamId): number {
  const [leftMs = 0, leftSequence = 0] = left.split('-').map(Number);
  const [rightMs = 0, rightSequence = 0] = right.split('-').map(Number);
  return leftMs - rightMs || leftSequence - rightSequence;
}

export const isAfter = (left: StreamId, right: StreamId): boolean => compareStreamIds(left, right) > 0;

/** The first position of the millisecond that is `ms` earlier. */
export const earlierStreamId = (id: StreamId, ms: number): StreamId => `${Math.max(0, parseInt(id) - ms)}-0`;
