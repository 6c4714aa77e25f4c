import type { SeatedCard } from './epoch';
import type { RoomReason } from './room-reasons';

/**
 * Why something that a person asked for was not done. In addition to the server's own reasons: `offline`, the browser says
 * that it has no network; `unreachable`, there was no answer that could be understood; `insecure_context`, the browser
 * offers Web Crypto to https and localhost only.
 */
export interface Failure {
  reason: RoomReason | 'offline' | 'unreachable' | 'insecure_context';
  retryAfterSeconds?: number;
  /** With `members_changed`: everybody who is seated. */
  members?: readonly SeatedCard[];
  /** With `file_too_large` and `file_limit_reached`: bytes of the largest file that would be taken. */
  maxBytes?: number;
}

/** The outcome of a call: failures are expected, so they are values. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };
