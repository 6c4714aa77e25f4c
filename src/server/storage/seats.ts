import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type KnockId, knockIdSchema } from '@/domain/knock';
import type { Room, Seat } from '@/domain/room';
import { ADDRESSES } from './lua/addresses';
import { EVENTS } from './lua/events';
import { KNOCKING } from './lua/knocks';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { MOVES } from './lua/seat-moves';
import { HOLDER, SEATS } from './lua/seats';
import { SHARES } from './lua/shares';
import { seatedRoomOf, VIEW } from './lua/view';
import { accepted } from './replies';

/**
 * Returns `seated`, `joined` or `admitted`, and the view; `knocking`, the id of the knock, whether it is a new one, and the ms that the
 * room has left; `knock` where that would be a new one; or `invalid_request` and who asked.
 */
const takeSeatScript = roomScript({
  parts: [ADDRESSES, EVENTS, HOLDER, VIEW, SEATS, MOVES, SHARES, PACES, KNOCKING],
  args: {
    /** Keyed hash of where the newcomer comes from; empty where no room is listed, but for a new knock. */
    addressHash: 'text',
    /** The credential that came along; empty when none did. */
    tokenHash: 'text',
    /** For a newcomer to a plain room. */
    newMemberId: 'text',
    newTokenHash: 'text',
    /** What newcomers to a sealed room give; each is empty where it was not given. */
    proofHash: 'text',
    memberId: 'text',
    /** JSON. */
    cardJson: 'text',
    cardEpoch: 'number',
    /** JSON: what the owner of a plain room reads of somebody at the door; empty where it was not given. */
    nameJson: 'text',
    newKnockId: 'text',
    /** Whether a new knock was counted for the address. */
    mayKnock: 'flag',
    /** The shortest time between two questions of somebody at the door. */
    askingGapMs: 'number',
    /** Moves of a seat to another member id. */
    movePace: 'rate',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    /** Seats that a room gives in its life. */
    seatsMax: 'number',
    /** A member not heard of for so long has vanished. */
    ghostAfterMs: 'number',
    /** The same for a seat whose credential was never used. */
    unusedAfterMs: 'number',
    /** The fewest seats of a room whose vanished members lose theirs. */
    ghostSeatsMin: 'number',
    /** Time between two notices to the owner that the room was found full. */
    waitedGapMs: 'number',
  },
  body: `
local held = holder(TOKEN_HASH)
local room = redis.call('HMGET', ROOM, 'locked', 'maxMembers', 'seatsGiven', 'owner', 'sealed', 'proofHash', 'epoch', 'entry',
  'locksWhenFull')
local sealed = room[5] == '1'
if not sealed and (PROOF_HASH ~= '' or MEMBER_ID ~= '' or CARD_JSON ~= '') then return {'invalid_request', 'plain'} end
if sealed and NAME_JSON ~= '' then return {'invalid_request', 'sealed'} end
if held and (MEMBER_ID == '' or MEMBER_ID == held) then return view('seated', held) end
if held and CARD_JSON == '' then return {'invalid_request', 'mover'} end
if sealed and not held and (PROOF_HASH == '' or MEMBER_ID == '' or CARD_JSON == '') then
  return {'invalid_request', 'newcomer'}
end
local knock = not held and knock_of(TOKEN_HASH) or nil
-- The seat that they were given is theirs no more.
if knock and knock.state == 'seated' then knock = nil end
if knock then vouch() end
local admitted = knock and knock.state == 'admitted'
local member, label, token = sealed and MEMBER_ID or NEW_MEMBER_ID, CARD_JSON, knock and TOKEN_HASH or NEW_TOKEN_HASH
if sealed and admitted then member, label = knock.member, knock.label end
if redis.call('HGET', TOKENS, NEW_TOKEN_HASH) == member then return view('joined', member) end
if sealed and not held and PROOF_HASH ~= room[6] then return {'wrong_key'} end
if not held and refused_address(ADDRESS_HASH) then return {'refused'} end
if room[1] == '1' and not held then return {'room_locked'} end
if sealed and was_seated(member) then return {'member_id_taken'} end
if sealed and CARD_EPOCH ~= tonumber(room[7]) then return {'epoch_changed'} end
if room[8] == 'knock' and not held and not admitted then
  if knock and knock.state == 'waiting' then return ask_again(TOKEN_HASH, knock, ASKING_GAP_MS, sealed) end
  if knock and is_refused(knock) then return {'refused'} end
  if not sealed and NAME_JSON == '' then return {'invalid_request', 'knocker'} end
  local repeated = knock_of(NEW_TOKEN_HASH)
  if repeated then return knocking(repeated, true) end
  if not MAY_KNOCK then return {'knock'} end
  return ask_anew(token, knock, {id = NEW_KNOCK_ID, from = ADDRESS_HASH, member = sealed and MEMBER_ID or '', label = sealed and CARD_JSON or NAME_JSON}, sealed)
end

local function welcome(joined_at)
  local data = '{"memberId":"' .. member .. '","joinedAt":' .. joined_at .. (sealed and ',"card":' .. label or '') .. '}'
  emit('member.joined', data)
  if room[4] == '' or room[4] == held then own(member) end
  if sealed then use(share_of(member, 'bytes', BYTES_MAX), #data) end
end

-- A seat moves also where the room takes nobody: whoever has it is inside already.
if held then
  if tonumber(room[3]) >= SEATS_MAX and room[4] ~= held then return {'room_full'} end
  local refused = refuse_read('moves', held, MOVE_PACE)
  if refused then return refused end
  welcome(move_seat(held, member, CARD_JSON))
  return view('seated', member)
end

-- Until when each was known to listen: a lease that ran out unnoticed still says it.
local function listened_until()
  local moments, entries = {}, redis.call('ZRANGE', HERE, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    local member, moment = string.match(entries[i], '^%w+'), tonumber(entries[i + 1])
    moments[member] = math.max(moments[member] or 0, moment)
  end
  return moments
end

local function longest_vanished()
  local ghost, vanished_at, listened, requested = nil, nil, listened_until(), {}
  local seen = redis.call('HGETALL', SEEN)
  for i = 1, #seen, 2 do requested[seen[i]] = tonumber(seen[i + 1]) end
  local members = redis.call('HGETALL', MEMBERS)
  for i = 1, #members, 2 do
    local member = members[i]
    local at, vanished = requested[member] or listened[member], false
    if at then
      at = math.max(at, listened[member] or 0)
      vanished = tonumber(room[2]) >= GHOST_SEATS_MIN and NOW - at >= GHOST_AFTER_MS
    else
      at = tonumber(string.match(members[i + 1], '^%d+:(%d+):'))
      vanished = NOW - at >= UNUSED_AFTER_MS
    end
    if vanished and member ~= room[4] and (not vanished_at or at < vanished_at) then ghost, vanished_at = member, at end
  end
  return ghost
end

local function notify_owner()
  local notified_at = tonumber(redis.call('HGET', ROOM, 'waitedAt') or 0)
  if room[4] == '' or NOW - notified_at < WAITED_GAP_MS then return end
  write('HSET', ROOM, 'waitedAt', digits(NOW))
  publish_to(room[4], 'room.waited', '{}')
end

if tonumber(room[3]) >= SEATS_MAX then return {'room_full'} end
if redis.call('HLEN', MEMBERS) >= tonumber(room[2]) then
  local ghost = longest_vanished()
  if not ghost then
    notify_owner()
    return {'room_full'}
  end
  stand_up(ghost, 'displaced')
end
sit(member, token, label)
note_address(member, ADDRESS_HASH)
if knock then
  knock.state, knock.label = 'seated', ''
  keep_knock(TOKEN_HASH, knock)
end
welcome(digits(NOW))
-- In the same moment, so that nobody slips in after somebody who leaves at once, whether or not the owner's page is awake.
if room[9] == '1' and redis.call('HLEN', MEMBERS) >= tonumber(room[2]) then
  write('HSET', ROOM, 'locked', '1')
  emit('room.updated', '{"locked":true}')
end
return view(knock and 'admitted' or 'joined', member)
`,
});

/** Somebody who gave not what the room asks of them: in a plain or sealed room, as a newcomer, to move their seat, or at the door. */
export interface Unfit {
  status: 'unfit';
  who: z.infer<typeof unfitSchema>[1];
}

const unfitSchema = z.tuple([
  z.literal('invalid_request'),
  z.enum(['plain', 'sealed', 'newcomer', 'mover', 'knocker']),
]);

/** Somebody at the door without an answer so far. */
export interface Knocking {
  status: 'knocking';
  knockId: KnockId;
  /** Whether the credential is a new one. */
  isNew: boolean;
  /** Until the room ends. */
  leftMs: number;
}

const knockingSchema = z.tuple([knockIdSchema, z.enum(['0', '1']), z.coerce.number()]);

/**
 * Takes a seat, unless the credential that came along holds one (the status says which), which moves where it is to have
 * another member id. A repeat finds its own token, and a repeated move the id that it gave.
 * Where every seat is taken, the one whose holder vanished longest ago is given again; where nobody has vanished, the
 * owner hears that somebody waits. Where the owner lets people in, a newcomer waits at the door, under a credential that becomes the
 * seat’s (`admitted`), so that nobody whose answer is lost stands there for ever. `knock` says that this would be a new knock, which is to be counted first.
 */
export async function takeSeat(
  redis: Redis,
  newcomer: ArgumentsOf<typeof takeSeatScript>,
): Promise<
  { status: 'seated' | 'joined' | 'admitted'; room: Room; seat: Seat } | Knocking | { status: 'knock' } | Unfit
> {
  const reply = await takeSeatScript.run(redis, newcomer);
  const unfit = unfitSchema.safeParse(reply);
  if (unfit.success) return { status: 'unfit', who: unfit.data[1] };
  const { status, rest } = accepted(reply);
  if (status === 'knock') return { status };
  if (status === 'knocking') {
    const [knockId, isNew, leftMs] = knockingSchema.parse(rest);
    return { status, knockId, isNew: isNew === '1', leftMs };
  }
  return {
    ...seatedRoomOf(newcomer.roomId, rest),
    status: status === 'joined' || status === 'admitted' ? status : 'seated',
  };
}

/** Returns `ok`. */
const giveUpSeatScript = roomScript({
  parts: [EVENTS, SEATS],
  args: { tokenHash: 'text', requestId: 'text' },
  body: `
local member = redis.call('HGET', TOKENS, TOKEN_HASH)
if not member then
  if redis.call('HGET', ROOM, 'left:' .. TOKEN_HASH) == REQUEST_ID then return {'ok'} end
  return {'not_a_member'}
end
stand_up(member, 'left')
write('HSET', ROOM, 'left:' .. TOKEN_HASH, REQUEST_ID)
return {'ok'}
`,
});

/**
 * Gives the seat up. The room remembers which request did it, so that its repeat finds its own work
 * done instead of a stranger's credential.
 */
export async function giveUpSeat(redis: Redis, member: ArgumentsOf<typeof giveUpSeatScript>): Promise<void> {
  accepted(await giveUpSeatScript.run(redis, member));
}
