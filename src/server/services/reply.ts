import 'server-only';
import * as z from 'zod/mini';
import { ROOM_REASONS, RoomError } from '@/domain/errors';
import { type MemberId, memberIdSchema, type Room, type RoomId, roomSchema, type Seat } from '@/domain/room';
import { fieldsOf } from '@/server/storage/lua/script';
import { storageFull } from '@/server/storage/unavailable';

const reasonSchema = z.enum(ROOM_REASONS);
const statusSchema = z.string();
const waitSchema = z.coerce.number();

/** The rest of a script's answer when it did its work; what it refused is thrown. */
export function accepted(reply: readonly unknown[]): { status: string; rest: unknown[] } {
  const [status, ...rest] = reply;
  const refused = reasonSchema.safeParse(status);
  if (!refused.success) return { status: statusSchema.parse(status), rest };
  const waitMs = waitSchema.safeParse(rest[0]);
  if (refused.data === 'storage_full') throw storageFull();
  throw new RoomError(
    refused.data,
    refused.data === 'rate_limited' && waitMs.success ? { retryAfterSeconds: Math.ceil(waitMs.data / 1_000) } : {},
  );
}

/** What the `view` of a script's answer says: the room, and the seat of the credential that asked. */
export function roomOf(roomId: RoomId, view: readonly unknown[]): { room: Room; seat: Seat | null } {
  const fields = fieldsOf(view);
  const room = roomSchema.parse({
    roomId,
    createdAt: Number(fields.createdAt),
    expiresAt: Number(fields.expiresAt),
    now: Number(fields.now),
    members: Number(fields.members),
    here: Number(fields.here),
    maxMembers: Number(fields.maxMembers),
    sealed: fields.sealed === '1',
    ...(fields.keyCheck !== '' && { keyCheck: fields.keyCheck }),
    locked: fields.locked === '1',
  });
  const seat = fields.memberId === '' ? null : seatOf(fields.memberId, fields.owner === '1');
  return { room, seat };
}

const seatOf = (memberId: string | undefined, owner: boolean): Seat => ({
  memberId: memberIdSchema.parse(memberId),
  owner,
});

/** The same where a seat is sure to be there: making a room and joining it. */
export function seatedRoomOf(roomId: RoomId, view: readonly unknown[]): { room: Room; seat: Seat } {
  const { room, seat } = roomOf(roomId, view);
  if (seat === null) throw new Error('the script answered without a seat');
  return { room, seat };
}

/** Who asks of which room: the hash of a credential, empty when none was sent. */
export interface RoomRequest {
  roomId: RoomId;
  tokenHash: string;
}

export interface MemberRequest extends RoomRequest {
  memberId: MemberId;
}
