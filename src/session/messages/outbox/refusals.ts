import type { Failure } from '@/domain/failure';

/**
 * What a message that was not stored needs. `line`: the network or the server's storage, the same goes out when they are back.
 * `time`: the server names a wait, and the same goes out when it is over. `key`: the room's newest key. `author`: somebody who decides,
 * because nothing else would change the answer.
 */
type Remedy = 'line' | 'time' | 'key' | 'author';

const REMEDIES = {
  offline: 'line',
  unreachable: 'line',
  storage_unavailable: 'line',
  rate_limited: 'time',
  // Rooms end all the time, and with them what fills the server.
  storage_full: 'time',
  epoch_changed: 'key',
  message_id_taken: 'author',
  message_limit_reached: 'author',
  body_too_large: 'author',
  malformed_body: 'author',
  invalid_request: 'author',
  unsupported_media_type: 'author',
  not_the_author: 'author',
  // The server may break over this very message, which must not hold up the others for ever.
  internal_error: 'author',
  // An extension or a proxy changed the request: the next ones would fare no better.
  cross_origin: 'author',
  // Room or seat may be gone. The session looks; where they are not, something in between answered.
  not_a_member: 'author',
  room_not_found: 'author',
  not_found: 'author',
  // The message names a file that is gone, or not all there.
  file_not_found: 'author',
  file_unfinished: 'author',
  // Answers to other calls.
  file_limit_reached: 'author',
  file_too_large: 'author',
  not_the_owner: 'author',
  wrong_key: 'author',
  room_locked: 'author',
  refused: 'author',
  lobby_off: 'author',
  member_away: 'author',
  cannot_extend: 'author',
  room_full: 'author',
  member_id_taken: 'author',
  members_changed: 'author',
  signals_off: 'author',
  room_too_large: 'author',
  insecure_context: 'author',
} as const satisfies Record<Failure['reason'], Remedy>;

export const remedyOf = ({ reason }: Failure): Remedy => REMEDIES[reason];

/** Refusals that a wait mends, and that the page counts down. */
export type WaitReason = {
  [R in Failure['reason']]: (typeof REMEDIES)[R] extends 'time' ? R : never;
}[Failure['reason']];

export const isWaitReason = (reason: Failure['reason']): reason is WaitReason => REMEDIES[reason] === 'time';

/** The line's fault, not that of what is sent: the same is sent when the line is back. */
export const isLineFault = (failure: Failure): boolean => remedyOf(failure) === 'line';

/** Refusals that the server gives only after it has looked for the message: it is not there. */
const NOT_STORED: readonly Failure['reason'][] = ['message_id_taken', 'message_limit_reached', 'not_the_author'];

/**
 * Whether the server may have the message all the same. What it refuses at the first attempt it has not stored, unless it broke over
 * it. After an attempt whose answer was lost, though, a pace or a limit may refuse the repeat before anything looks for the message.
 */
export const mayBeStored = ({ reason }: Failure, wasTried: boolean): boolean =>
  wasTried ? !NOT_STORED.includes(reason) : reason === 'internal_error';
