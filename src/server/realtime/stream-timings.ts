import 'server-only';
import type { RetryBounds } from '@/lib/retry';

/** How long the things of a stream take, in milliseconds. */
export interface StreamTimings {
  /** Between two words that say only that the line is alive; clients take 30 s of silence for a dead one. */
  ping: number;
  /**
   * The longest life of a stream, each ends at its own moment in the last quarter of it: a line that died
   * without a word is found by this alone, as a ping a minute fills no buffer. Below the 300 s of Vercel.
   */
  renewal: number;
  /** How long a room without listeners stays followed: a reload finds it warm. */
  linger: number;
  /** A subscription that Redis has not confirmed by then is taken for lost. */
  confirm: number;
  /** The waits before a lost subscription is made again. */
  retry: RetryBounds;
  /** A publication may still be on its way when its id is already known in another way. */
  publication: number;
  /** A reader of a long replay that takes nothing for this long is let go. */
  stall: number;
  /** At most three commands a minute and process, and a dead subscription is found within half a minute. */
  heartbeat: number;
  /** A heartbeat that failed is repeated well before the lease ends. */
  heartbeatRetry: number;
  /**
   * How long a process is believed without a heartbeat. The others find a lease that ended with their own
   * next heartbeat: both together are under the minute in which a process that died is forgotten.
   */
  lease: number;
  /** Who drops and comes back within this time was never away. */
  away: number;
  /** Changes of who is here are gathered to one event in this time. */
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
