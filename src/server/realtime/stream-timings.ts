import 'server-only';
import type { RetryBounds } from '@/lib/retry';

/** How long each part of a stream’s life takes, in milliseconds. */
export interface StreamTimings {
  /** Between two pings, which only show that the line is alive; clients take 30 s of silence for a dead one. */
  ping: number;
  /**
   * The longest life of a stream; each ends at a random moment in the last quarter of it. Only this finds a line that
   * died silently, because pings are too small to fill its buffer. Below Vercel’s 300 s.
   */
  renewal: number;
  /** How long a room without listeners stays followed: a reload finds it warm. */
  linger: number;
  /** A subscription that Redis has not confirmed by then counts as lost. */
  confirm: number;
  /** The waits before a lost subscription is made again. */
  retry: RetryBounds;
  /** A publication may still be on its way when its id is already known from elsewhere. */
  publication: number;
  /** A reader of a long replay that takes nothing for this long is disconnected. */
  stall: number;
  /** At most three commands a minute from each process, and a dead subscription is found within half a minute. */
  heartbeat: number;
  /** A heartbeat that failed is repeated well before the lease ends. */
  heartbeatRetry: number;
  /**
   * How long a process is believed without a heartbeat. Other processes notice an ended lease with their own next
   * heartbeat, so the members of a process that died are away within a minute.
   */
  lease: number;
  /** A member who drops and comes back within this time was never away. */
  away: number;
  /** Arrivals and departures within this time are gathered into one event. */
  gather: number;
}

export const STREAM_TIMINGS: StreamTimings = {
  ping: 20_000,
  renewal: 240_000,
  linger: 5_000,
  confirm: 10_000,
  retry: { firstMs: 250, longestMs: 5_000 },
  publication: 1_000,
  stall: 20_000,
  heartbeat: 25_000,
  heartbeatRetry: 2_000,
  lease: 34_000,
  away: 15_000,
  gather: 1_000,
};
