import 'server-only';
import { memberIdSchema, type Room, type RoomId, roomSchema, type Seat } from '@/domain/room';
import { fieldsOf } from '../replies';
import { PRESENCE } from './presence';
import type { Part } from './room';

/** The room as people see it, with the seat of the credential that asked, as names and values. */
export const VIEW: Part = {
  needs: [PRESENCE],
  lua: `
local function view(status, member)
  local room = redis.call('HMGET', ROOM, 'createdAt', 'maxMembers', 'sealed', 'keyCheck', 'locked', 'owner')
  return {status, 'createdAt', room[1], 'expiresAt', EXPIRES_AT, 'now', digits(NOW),
    'members', redis.call('HLEN', MEMBERS), 'here', here_count(), 'maxMembers', room[2], 'sealed', room[3],
    'keyCheck', room[4], 'locked', room[5], 'memberId', member or '', 'owner', member == room[6] and '1' or '0'}
end
`,
};

/** Reads what `view` returned: the room, and the seat of the credential that asked. */
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

/** The same where a seat is sure to be there: for opening a room and joining it. */
export function seatedRoomOf(roomId: RoomId, view: readonly unknown[]): { room: Room; seat: Seat } {
  const { room, seat } = roomOf(roomId, view);
  if (seat === null) throw new Error('the script answered without a seat');
  return { room, seat };
}
