import 'server-only';
import * as z from 'zod/mini';
import { seatedCardSchema } from '@/domain/epoch';
import { RoomError } from '@/domain/errors';
import { BODY_BYTES_MAX, REKEY_BODY_BYTES_MAX } from '@/domain/limits';
import { ROOM_REASONS, type RoomReason } from '@/domain/room-reasons';
import { logError } from '@/server/log';

/** RFC 9457, with the `code` that programs tell errors apart by. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
  code: z.enum(ROOM_REASONS),
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
  /** With `members_changed`: the members that the wraps have to name. */
  members: z.optional(z.array(seatedCardSchema)),
  /** With `file_too_large` and `file_limit_reached`: bytes of content of the largest file that would be taken. */
  maxBytes: z.optional(z.number()),
});
export type Problem = z.infer<typeof problemSchema>;

/** The one table from reason to status. */
const PROBLEMS = {
  malformed_body: [400, 'Malformed body', 'The body is not JSON.'],
  not_a_member: [401, 'Not a member', 'This needs the credential of a member of the room.'],
  not_the_owner: [403, 'Not the owner', 'Only the owner of the room can do this.'],
  not_the_author: [403, 'Not the author', 'Only its author, or for taking it back the owner, can do this.'],
  wrong_key: [403, 'Wrong key', 'The proof is not that of the room’s secret: its link may have been replaced.'],
  room_locked: [403, 'Room locked', 'The owner has locked the room: it takes no new members.'],
  refused: [403, 'Refused', 'The owner of the room does not let this visitor in.'],
  lobby_off: [403, 'Lobby off', 'This server keeps no public rooms, or this room is none of them.'],
  cross_origin: [403, 'Cross origin', 'Changes are taken from the pages of this server only.'],
  room_not_found: [404, 'Room not found', 'There is no such room. It may have expired or been destroyed.'],
  not_found: [404, 'Not found', 'There is nothing at this address.'],
  file_not_found: [404, 'File not found', 'There is no such file or piece in the room. It may have been removed.'],
  room_full: [409, 'Room full', 'Every seat of the room is taken.'],
  message_id_taken: [409, 'Message id taken', 'Another message of the room has this id.'],
  message_limit_reached: [409, 'Message limit reached', 'The room holds all that a room may hold.'],
  epoch_changed: [409, 'Epoch changed', 'The room’s secret was replaced: seal again under the new one.'],
  member_id_taken: [409, 'Member id taken', 'This id has, or had, a seat in the room.'],
  members_changed: [409, 'Members changed', 'The wraps do not name the members who stay: see members.'],
  room_too_large: [409, 'Room too large', 'The secret of a room this large, or replaced this often, is not replaced.'],
  signals_off: [409, 'Signals off', 'A room of this size does not carry this signal.'],
  file_limit_reached: [409, 'File limit reached', 'The room holds all the files that it may of this member or of all.'],
  file_unfinished: [409, 'File unfinished', 'Pieces of the file are still missing.'],
  member_away: [409, 'Member away', 'The member has no stream to hear it on.'],
  cannot_extend: [409, 'Cannot extend', 'The room’s end is another one by now, or cannot move any further.'],
  body_too_large: [
    413,
    'Body too large',
    `The body is larger than ${BODY_BYTES_MAX} bytes, or ${REKEY_BODY_BYTES_MAX} for a rekey, or than the piece of the file is.`,
  ],
  file_too_large: [413, 'File too large', 'A room takes files of up to maxBytes bytes; 0 means none.'],
  unsupported_media_type: [
    415,
    'Unsupported media type',
    'Bodies are taken as application/json only, and pieces of files as application/octet-stream.',
  ],
  invalid_request: [422, 'Invalid request', 'A part of the request is not what it has to be: see errors.'],
  rate_limited: [429, 'Rate limited', 'That is too often. Retry-After says when to try again.'],
  storage_unavailable: [503, 'Storage unavailable', 'The storage does not answer. Try again in a moment.'],
  storage_full: [503, 'Storage full', 'The server holds all that it may. What is there goes on.'],
  internal_error: [500, 'Internal error', 'Something went wrong on the server.'],
} as const satisfies Record<RoomReason, readonly [status: number, title: string, detail: string]>;

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/** Turns any error into its answer. An unexpected one is logged without its message and becomes a bare 500. */
export function problemOf(error: unknown): ProblemAnswer {
  if (!(error instanceof RoomError)) logError('request.failed', error);
  const { reason, retryAfterSeconds, faults, members, maxBytes } =
    error instanceof RoomError ? error : new RoomError('internal_error', { cause: error });
  const [status, title, detail] = PROBLEMS[reason];
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(Math.max(1, retryAfterSeconds)) }),
    },
    body: {
      type: `about:blank#${reason}`,
      title,
      status,
      detail,
      code: reason,
      ...(faults && { errors: [...faults] }),
      ...(members && { members: [...members] }),
      ...(maxBytes !== undefined && { maxBytes }),
    },
  };
}

/** The same as a web `Response`. */
export function problemResponse(error: unknown): Response {
  const { status, headers, body } = problemOf(error);
  return new Response(JSON.stringify(body), { status, headers });
}
