import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { FormerMember, Member } from '@/domain/member';
import { ADDRESSES } from './lua/addresses';
import { EVENTS } from './lua/events';
import { PRESENCE } from './lua/presence';
import { CHANGES, PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { SHARES } from './lua/shares';
import { accepted, type Misfit, misfitOf, type Paced, paced } from './replies';
import { formerMembersOf, membersOf } from './roster';

/**
 * Returns `ok`, whether the room is sealed, the owner, the list of members here, member ids and entries in turn, ids and
 * cursors in turn of how far members have read, and ids and labels in turn of members who left and have a message in the room.
 */
const listMembersScript = roomScript({
  parts: [HOLDER, PRESENCE, PACES],
  args: {
    tokenHash: 'text',
    pace: 'rate',
    /** How many of those who left last are returned where none are asked for by their ids. */
    formerMax: 'number',
    /** A list counts as one more reading for each time that it is as large as this. */
    readingBytes: 'number',
    formerIds: 'texts',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('members', member, PACE)
if refused then return refused end
local asked, former = FORMER_IDS, {}
if #asked == 0 then asked = redis.call('ZRANGE', FORMER_ORDER, -FORMER_MAX, -1) end
local labels = #asked > 0 and redis.call('HMGET', FORMER, unpack(asked)) or {}
for index, id in ipairs(asked) do
  if redis.call('ZSCORE', FORMER_ORDER, id) then
    former[#former + 1] = id
    former[#former + 1] = labels[index]
  end
end
local room, members, bytes = redis.call('HMGET', ROOM, 'sealed', 'owner'), redis.call('HGETALL', MEMBERS), 0
for _, parts in ipairs({members, former}) do
  for _, part in ipairs(parts) do bytes = bytes + #part end
end
if bytes >= READING_BYTES then record_pace('members:' .. member, math.floor(bytes / READING_BYTES), PACE) end
return {'ok', room[1], room[2], (here()), members, redis.call('HGETALL', READ_TO), former}
`,
});

/** The seats, in the order in which they were taken, and members who left, in the order in which they did. */
export interface Members {
  members: Member[];
  former: FormerMember[];
}

/** The members and the former members, for members. The pace is a member's. */
export async function listMembers(
  redis: Redis,
  reader: ArgumentsOf<typeof listMembersScript>,
): Promise<Paced<Members>> {
  return paced(await listMembersScript.run(redis, reader), (rest) => ({
    members: membersOf(rest.slice(0, 5)),
    former: formerMembersOf(z.array(z.unknown()).parse(rest[5]), rest[0] === '1'),
  }));
}

/**
 * Returns `ok` or `unchanged`, whether the room is sealed, the owner, the member if they are here, the member and their
 * entry, and how far they have read; or `invalid_request` and whether the room is sealed.
 */
const renameMemberScript = roomScript({
  parts: [EVENTS, HOLDER, PRESENCE, PACES, SHARES, CHANGES],
  args: {
    tokenHash: 'text',
    /** A name or a card as JSON, ready for the event, and stored like that. */
    labelJson: 'text',
    /** The epoch for which a card is sealed. */
    cardEpoch: 'number',
    fitsSealed: 'flag',
    fitsPlain: 'flag',
    /** Changes of a member. */
    rate: 'rate',
    /** Names or cards of a member, the first one not counted. */
    labelsMax: 'number',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    storageFull: 'flag',
    /** Ms that the sender's address has to wait. */
    addressWaitMs: 'number',
    /** Readings of a member. */
    pace: 'rate',
  },
  body: `
local sealed = redis.call('HGET', ROOM, 'sealed')
local fits_room = FITS_PLAIN
if sealed == '1' then fits_room = FITS_SEALED end
if not fits_room then return {'invalid_request', sealed} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local room = redis.call('HMGET', ROOM, 'owner', 'epoch', 'slowModeSeconds')
if sealed == '1' and CARD_EPOCH ~= tonumber(room[2]) then return {'epoch_changed'} end
local entry = redis.call('HGET', MEMBERS, member)
local seat, label = string.match(entry, '^(%d+:%d+:[^:]*:%d+:)(.*)$')

local function is_here()
  for _, listening in ipairs(entries_here()) do
    if string.sub(listening, 1, #member) == member then return {member} end
  end
  return {}
end
local function read_to()
  local at = redis.call('HGET', READ_TO, member)
  return at and {member, at} or {}
end
if label == LABEL_JSON then
  local refused = refuse_read('members', member, PACE)
  return refused or {'unchanged', sealed, room[1], is_here(), {member, entry}, read_to()}
end

local data = '{"memberId":"' .. member .. '","' .. (sealed == '1' and 'card' or 'name') .. '":' .. LABEL_JSON .. '}'
local share = share_of(member, 'bytes', BYTES_MAX)
if label ~= '' then
  local labels = tonumber(redis.call('HGET', USED, 'changes:' .. member) or 0)
  if labels >= LABELS_MAX or not fits(share, #data) then return {'message_limit_reached'} end
  if STORAGE_FULL then return {'storage_full'} end
  if ADDRESS_WAIT_MS > 0 then return {'rate_limited', digits(ADDRESS_WAIT_MS)} end
  -- Everybody reads a new name in the talk, so it would be a way around slow mode. In a sealed room a new epoch asks for a new card.
  local slow_ms = sealed ~= '1' and member ~= room[1] and tonumber(room[3] or 0) * 1000 or 0
  local wait = slow_ms > 0 and tonumber(redis.call('HGET', SENT_BY, 'slowNames:' .. member) or 0) + slow_ms - NOW or 0
  if wait > 0 then return {'rate_limited', digits(wait)} end
end
local refused = refuse_change(member, RATE)
if refused then return refused end
if label ~= '' then
  write('HINCRBY', USED, 'changes:' .. member, 1)
  write('HSET', SENT_BY, 'slowNames:' .. member, digits(NOW))
end
use(share, #data)
entry = seat .. LABEL_JSON
write('HSET', MEMBERS, member, entry)
emit('member.updated', data)
return {'ok', sealed, room[1], is_here(), {member, entry}, read_to()}
`,
});

export interface Renamed {
  status: 'renamed' | 'unchanged';
  member: Member;
}

/**
 * Gives a member a name, or in a sealed room a new card. The first name is free, so that no newcomer stays without one;
 * later ones have a budget, and in a plain room a guest in slow mode has one in its time. All of them count in the room's bytes. One that is the same is no change, and is paced like
 * a reading.
 */
export async function renameMember(
  redis: Redis,
  label: ArgumentsOf<typeof renameMemberScript>,
): Promise<Renamed | Misfit> {
  const reply = await renameMemberScript.run(redis, label);
  const misfit = misfitOf(reply);
  if (misfit !== null) return misfit;
  const { status, rest } = accepted(reply);
  const [member] = membersOf(rest);
  if (member === undefined) throw new Error('the script answered without a member');
  return { status: status === 'ok' ? 'renamed' : 'unchanged', member };
}

/** Returns `ok`, also when the same member was removed before. */
const unseatMemberScript = roomScript({
  parts: [ADDRESSES, EVENTS, HOLDER, SEATS],
  args: { tokenHash: 'text', memberId: 'text' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
if redis.call('HEXISTS', MEMBERS, MEMBER_ID) == 0 then
  return {redis.call('HEXISTS', ROOM, 'removed:' .. MEMBER_ID) == 1 and 'ok' or 'not_found'}
end
local address = address_of(MEMBER_ID)
stand_up(MEMBER_ID, 'removed')
refuse_address(address)
write('HSET', ROOM, 'removed:' .. MEMBER_ID, '1')
return {'ok'}
`,
});

/**
 * Removes a member, for the owner: seat, credential and place among those here go at once, and in a listed room nobody comes back from
 * their address. The room remembers the removed member, so that a repeat finds its own work done.
 */
export async function unseatMember(redis: Redis, removal: ArgumentsOf<typeof unseatMemberScript>): Promise<void> {
  accepted(await unseatMemberScript.run(redis, removal));
}
