import 'server-only';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { ROOM_REASONS, type RoomReason } from '@/domain/room-reasons';
import { storageFull } from './unavailable';

const reasonSchema = z.enum(ROOM_REASONS);
const statusSchema = z.string();
const waitSchema = z.coerce.number();
const fieldsSchema = z.array(z.union([z.string(), z.number()]));

/** A reading that has a pace: what was found, or the ms until the member may read again. */
export type Paced<Found> = { status: 'found'; found: Found } | { status: 'rate_limited'; waitMs: number };

/**
 * The rest of a reply when the script did its work.
 *
 * @throws RoomError with the reason for which the script refused
 */
export function accepted(reply: readonly unknown[]): { status: string; rest: unknown[] } {
  const [status, ...rest] = reply;
  const refused = reasonSchema.safeParse(status);
  if (!refused.success) return { status: statusSchema.parse(status), rest };
  if (refused.data === 'storage_full') throw storageFull();
  const detail = waitSchema.safeParse(rest[0]);
  throw new RoomError(refused.data, detail.success ? detailOf(refused.data, detail.data) : {});
}

/** What the number behind a refusal says. */
function detailOf(reason: RoomReason, number: number): { retryAfterSeconds?: number; maxBytes?: number } {
  if (reason === 'rate_limited') return { retryAfterSeconds: Math.ceil(number / 1_000) };
  return reason === 'file_too_large' || reason === 'file_limit_reached' ? { maxBytes: number } : {};
}

/** The same for a reading that has a pace, which is not an error for the process that keeps it. */
export function paced<Found>(reply: readonly unknown[], read: (rest: readonly unknown[]) => Found): Paced<Found> {
  const [status, waitMs] = reply;
  if (status === 'rate_limited') return { status, waitMs: waitSchema.parse(waitMs) };
  return { status: 'found', found: read(accepted(reply).rest) };
}

/** Names and values in turn, as a record of texts. */
export function fieldsOf(flat: readonly unknown[]): Record<string, string> {
  const parts = fieldsSchema.parse(flat);
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length; index += 2) fields[String(parts[index])] = String(parts[index + 1]);
  return fields;
}

/** Throws where a file has another size than the request says; `path` is where it says so. */
export function refuseAnotherSize([status]: readonly unknown[], path: string): void {
  if (status !== 'another_size') return;
  throw new RoomError('invalid_request', {
    faults: [{ path, message: 'is not of the size of the file with this id' }],
  });
}

/** A content that this kind of room does not take. */
export interface Misfit {
  status: 'misfit';
  kind: 'sealed' | 'plain';
}

/** The misfit that a script found, if it did. */
export function misfitOf([status, sealed]: readonly unknown[]): Misfit | null {
  return status === 'invalid_request' ? { status: 'misfit', kind: sealed === '1' ? 'sealed' : 'plain' } : null;
}
