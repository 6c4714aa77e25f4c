import 'server-only';
import { type FileLimits, memberIdSchema, type Room, type RoomId, roomSchema, type Seat } from '@/domain/room';
import { signalsOf } from '@/domain/signals';
import { fieldsOf } from '../replies';
import { PRESENCE } from './presence';
import type { Part } from './room';

/** The fields of the hash `ROOM` that people see, and whether it was taken off the list. One that a room lacks, which an earlier version made, is the empty text. */
const SHOWN = [
  'createdAt',
  'maxMembers',
  'sealed',
  'keyCheck',
  'epoch',
  'replaced',
  'locked',
  'entry',
  'listed',
  'offList',
  'topic',
  'language',
  'slowModeSeconds',
  'fileMax',
  'filesMax',
  'extensionBy',
  'extensionAgreed',
  'extensionUntil',
];

/** The room as people see it, with the seat of the credential that asked, as names and values. */
export const VIEW: Part = {
  needs: [PRESENCE],
  lua: `
local function view(status, member)
  local owns = member and redis.call('HGET', ROOM, 'owner') == member
  local seen = {status, 'expiresAt', EXPIRES_AT, 'now', digits(NOW), 'members', redis.call('HLEN', MEMBERS),
    'here', here_count(), 'memberId', member or '', 'owner', owns and '1' or '0'}
  local names = {'${SHOWN.join("', '")}'}
  for index, value in ipairs(redis.call('HMGET', ROOM, unpack(names))) do
    seen[#seen + 1] = names[index]
    seen[#seen + 1] = value or ''
  end
  return seen
end
`,
};

export interface ViewedRoom {
  room: Room;
  seat: Seat | null;
  /** Reports have taken it off the list, for good. */
  wasTakenOff: boolean;
}

/** Reads what `view` returned: the room, and the seat of the credential that asked. */
export function roomOf(roomId: RoomId, view: readonly unknown[]): ViewedRoom {
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
    ...(fields.keyCheck !== '' && {
      keyCheck: fields.keyCheck,
      epoch: Number(fields.epoch ?? 0),
      replaced: (fields.replaced ?? '').split(',').filter((check) => check !== ''),
    }),
    locked: fields.locked === '1',
    entry: fields.entry === 'knock' ? 'knock' : 'open',
    listed: fields.listed === '1',
    ...((fields.topic ?? '') !== '' && { topic: fields.topic }),
    ...((fields.language ?? '') !== '' && { language: fields.language }),
    slowModeSeconds: Number(fields.slowModeSeconds ?? 0),
    // One that has lapsed stays where it is until somebody proposes again.
    ...(Number(fields.extensionUntil) > Number(fields.now) && {
      extension: {
        by: fields.extensionBy,
        agreed: (fields.extensionAgreed ?? '').split(','),
        until: Number(fields.extensionUntil),
      },
    }),
    signals: signalsOf(Number(fields.maxMembers)),
    files: filesOf(fields),
  });
  const seat = fields.memberId === '' ? null : seatOf(fields.memberId, fields.owner === '1');
  return { room, seat, wasTakenOff: fields.offList === '1' };
}

/** Files are off in public rooms, for as long as they are listed. */
const filesOf = ({ listed, fileMax, filesMax }: Record<string, string>): FileLimits | null =>
  listed !== '1' && Number(fileMax) > 0 ? { maxBytes: Number(fileMax), roomBytes: Number(filesMax) } : null;

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
