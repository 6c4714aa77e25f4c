import type { SeatedCard } from './epoch';
import type { RoomReason } from './room-reasons';

/** One fault of a request: where it is (`lifetimeSeconds`, `text`) and what is wrong with it. */
export interface RequestFault {
  path: string;
  message: string;
}

const BRAND = Symbol.for('mayfly.RoomError');

/**
 * The one error that services throw. The field is called `reason` because Elysia takes a field
 * named `code` for its own.
 */
export class RoomError extends Error {
  override readonly name = 'RoomError';
  readonly reason: RoomReason;
  /** Seconds until a repeat may succeed, where that is known. */
  readonly retryAfterSeconds: number | undefined;
  readonly faults: readonly RequestFault[] | undefined;
  /** With `members_changed`: the members that the wraps have to name. */
  readonly members: readonly SeatedCard[] | undefined;
  /** With `file_too_large` and `file_limit_reached`: bytes of content of the largest file that would be taken. */
  readonly maxBytes: number | undefined;

  /**
   * By its brand, not by its class: Next compiles this file into several bundles, and an error that the hub or the
   * storage of one throws is answered by another, which has a class of its own.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  get [BRAND](): true {
    return true;
  }

  constructor(
    reason: RoomReason,
    details: {
      retryAfterSeconds?: number;
      faults?: readonly RequestFault[];
      members?: readonly SeatedCard[];
      maxBytes?: number;
      cause?: unknown;
    } = {},
  ) {
    super(reason, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.faults = details.faults;
    this.members = details.members;
    this.maxBytes = details.maxBytes;
  }
}
