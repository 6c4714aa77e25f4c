import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Room, Seat } from '@/domain/room';
import { EVENTS } from './lua/events';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { seatedRoomOf, VIEW } from './lua/view';
import { accepted } from './replies';

/** Returns `seated` or `joined`, and the view. */
const takeSeatScript = roomScript({
  parts: [EVENTS, HOLDER, VIEW, SEATS],
  args: {
    /** The credential that came along; empty when none did. */
    tokenHash: 'text',
    newMemberId: 'text',
    newTokenHash: 'text',
    proofHash: 'text',
    cardJson: 'text',
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
if held then return view('seated', held) end
if redis.call('HGET', TOKENS, NEW_TOKEN_HASH) == NEW_MEMBER_ID then return view('joined', NEW_MEMBER_ID) end
local room = redis.call('HMGET', ROOM, 'locked', 'maxMembers', 'seatsGiven', 'owner')

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
  redis.call('PUBLISH', ROOM_ID, '{"data":{},"event":"room.waited","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '","to":"' .. room[4] .. '"}')
end

if PROOF_HASH ~= (redis.call('HGET', ROOM, 'proofHash') or '') then return {'wrong_key'} end
if room[1] == '1' then return {'room_locked'} end
if tonumber(room[3]) >= SEATS_MAX then return {'room_full'} end
if redis.call('HLEN', MEMBERS) >= tonumber(room[2]) then
  local ghost = longest_vanished()
  if not ghost then
    notify_owner()
    return {'room_full'}
  end
  stand_up(ghost, 'displaced')
end
sit(NEW_MEMBER_ID, NEW_TOKEN_HASH, CARD_JSON)
emit('member.joined', '{"memberId":"' .. NEW_MEMBER_ID .. '","joinedAt":' .. digits(NOW) .. '}')
if room[4] == '' then own(NEW_MEMBER_ID) end
return view('joined', NEW_MEMBER_ID)
`,
});

/**
 * Takes a seat, unless the credential that came along holds one (`isNew` says which). A repeat finds its own token.
 * Where every seat is taken, the one whose holder vanished longest ago is given again; where nobody has vanished, the
 * owner hears that somebody waits.
 */
export async function takeSeat(
  redis: Redis,
  newcomer: ArgumentsOf<typeof takeSeatScript>,
): Promise<{ room: Room; seat: Seat; isNew: boolean }> {
  const { status, rest } = accepted(await takeSeatScript.run(redis, newcomer));
  return { ...seatedRoomOf(newcomer.roomId, rest), isNew: status === 'joined' };
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
