import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import { ROOM_BYTES_MAX } from '@/domain/limits';
import type { Sealing, Steering } from '@/domain/requests';
import type { FileLimits, MemberId, Room, RoomId, Seat } from '@/domain/room';
import { ADDRESSES } from './lua/addresses';
import { DESTROY } from './lua/destroy';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { SHARES } from './lua/shares';
import { roomOf, seatedRoomOf, VIEW, type ViewedRoom } from './lua/view';
import { holdingsOf, type RoomHoldings } from './holdings';
import { accepted, type Paced, paced } from './replies';

/** Returns `ok` and the view, or `taken` when the id is another room's. */
const storeRoomScript = roomScript({
  opensRoom: true,
  parts: [ADDRESSES, VIEW, SEATS, SHARES],
  args: {
    lifetimeMs: 'number',
    maxMembers: 'number',
    sealed: 'flag',
    keyCheck: 'text',
    proofHash: 'text',
    memberId: 'text',
    /** JSON; empty in plain rooms. */
    cardJson: 'text',
    tokenHash: 'text',
    lease: 'text',
    /** What the owner says of who comes and how they talk. */
    entry: 'text',
    listed: 'flag',
    topic: 'text',
    language: 'text',
    slowModeSeconds: 'number',
    /** The lease of the address for its listed room, and the room's token among the living ones. */
    listing: 'text',
    living: 'text',
    /** Keyed hash of where the maker of a listed room is; empty for any other. */
    addressHash: 'text',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    /** Locks itself when its last seat is taken. */
    locksWhenFull: 'flag',
    /** Bytes of one file and of all; 0 where the room takes none. */
    fileMax: 'number',
    filesMax: 'number',
  },
  body: `
if redis.call('EXISTS', ROOM) == 1 then
  if redis.call('HGET', TOKENS, TOKEN_HASH) == MEMBER_ID then return view('ok', MEMBER_ID) end
  return {'taken'}
end
write('HSET', ROOM, 'createdAt', digits(NOW), 'expiresAt', EXPIRES_AT, 'maxMembers', MAX_MEMBERS,
  'sealed', SEALED and '1' or '0', 'keyCheck', KEY_CHECK, 'proofHash', PROOF_HASH, 'epoch', '0', 'replaced', '',
  'locked', '0', 'owner', MEMBER_ID, 'ownerUntil', digits(NOW), 'lease', LEASE, 'fileMax', digits(FILE_MAX), 'filesMax', digits(FILES_MAX),
  'entry', ENTRY, 'listed', LISTED and '1' or '0', 'topic', TOPIC, 'language', LANGUAGE,
  'slowModeSeconds', digits(SLOW_MODE_SECONDS), 'listing', LISTING, 'living', LIVING,
  'locksWhenFull', LOCKS_WHEN_FULL and '1' or '0')
sit(MEMBER_ID, TOKEN_HASH, CARD_JSON)
note_address(MEMBER_ID, ADDRESS_HASH)
if SEALED then use(share_of(MEMBER_ID, 'bytes', BYTES_MAX), #CARD_JSON) end
return view('ok', MEMBER_ID)
`,
});

/** The settings that a room is opened with. Redis knows texts only: a missing one is stored as the empty text. */
export interface RoomSettings {
  lifetimeMs: number;
  maxMembers: number;
  locksWhenFull?: boolean | undefined;
  /** There when the room is sealed. The member id in it is the maker's. */
  sealing?: Sealing | undefined;
  /** What it takes of files, for all of its life, whatever the settings of a later process; null for none. */
  files: FileLimits | null;
  /** The lease of the maker's address, where addresses are counted. */
  lease?: string | undefined;
  /** The same for the one room that it lists. */
  listing?: string | undefined;
  /** The room's token among those that are alive, where they are counted. */
  living?: string | undefined;
  steering?: Steering | undefined;
  /** Keyed hash of where the maker of a listed room is. */
  addressHash?: string | undefined;
}

/** Makes a room with its owner seated. A repeat finds the token already there and returns the same. */
export async function storeRoom(
  redis: Redis,
  {
    sealing,
    lease = '',
    listing = '',
    living = '',
    steering = {},
    addressHash = '',
    files,
    locksWhenFull = false,
    ...room
  }: RoomSettings & { roomId: RoomId; memberId: MemberId; tokenHash: string },
): Promise<{ room: Room; seat: Seat }> {
  const reply = await storeRoomScript.run(redis, {
    ...room,
    sealed: sealing !== undefined,
    keyCheck: sealing?.keyCheck ?? '',
    proofHash: sealing?.proofHash ?? '',
    cardJson: sealing === undefined ? '' : JSON.stringify(sealing.card),
    lease,
    listing,
    living,
    entry: steering.entry ?? 'open',
    listed: steering.listed === true,
    topic: steering.topic ?? '',
    language: steering.language ?? '',
    slowModeSeconds: steering.slowModeSeconds ?? 0,
    locksWhenFull,
    addressHash,
    bytesMax: ROOM_BYTES_MAX,
    fileMax: files?.maxBytes ?? 0,
    filesMax: files?.roomBytes ?? 0,
  });
  const { status, rest } = accepted(reply);
  // 130 random bits do not meet twice, and if they do, the room that has them is left alone.
  if (status === 'taken') throw new RoomError('internal_error');
  return seatedRoomOf(room.roomId, rest);
}

/** Returns `ok` and the view. */
const viewRoomScript = roomScript({
  parts: [HOLDER, VIEW, PACES],
  args: { tokenHash: 'text', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH) or nil
local refused = member and refuse_read('room', member, PACE)
if refused then return refused end
return view('ok', member)
`,
});

/** The room, and the seat of the credential if it has one. The pace is a member's. */
export async function viewRoom(redis: Redis, reader: ArgumentsOf<typeof viewRoomScript>): Promise<Paced<ViewedRoom>> {
  return paced(await viewRoomScript.run(redis, reader), (rest) => roomOf(reader.roomId, rest));
}

/** Returns `ok` and what the room had of others. */
const deleteRoomScript = roomScript({
  parts: [DESTROY],
  args: { tokenHash: 'text' },
  body: `
local member = redis.call('HGET', TOKENS, TOKEN_HASH)
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
return destroy()
`,
});

/**
 * Ends the room, for its owner: every key goes in the same moment, and its listeners hear of it. Nothing is left by
 * which a repeat could know its own work: it meets a room that is not there, as everybody does. Gives what the room had
 * of others, to be given back.
 */
export async function deleteRoom(redis: Redis, owner: ArgumentsOf<typeof deleteRoomScript>): Promise<RoomHoldings> {
  return holdingsOf(accepted(await deleteRoomScript.run(redis, owner)).rest);
}
