import 'server-only';
import { roomScript } from './lua/room';
import { Script } from './lua/script';

/**
 * Makes a room with its owner seated. A repeat finds the token already there and answers the same.
 * ARGV: room id, lifetime in ms, maxMembers, sealed, keyCheck, member id, token hash, the lease of the maker's address.
 * Answers `ok` and the view, or `taken` when the id is another's.
 */
export const openRoomScript = new Script(
  roomScript(
    ['PRESENCE', 'VIEW', 'SEATS'],
    `
local MAX_MEMBERS, SEALED, KEY_CHECK, MEMBER, TOKEN, LEASE = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
if redis.call('EXISTS', ROOM) == 1 then
  if redis.call('HGET', TOKENS, TOKEN) == MEMBER then return view('ok', MEMBER) end
  return {'taken'}
end
redis.call('HSET', ROOM, 'createdAt', digits(NOW), 'expiresAt', EXPIRES_AT, 'maxMembers', MAX_MEMBERS,
  'sealed', SEALED, 'keyCheck', KEY_CHECK, 'locked', '0', 'owner', MEMBER, 'lease', LEASE)
until_the_end(ROOM)
sit(MEMBER, TOKEN)
return view('ok', MEMBER)
`,
    `
local EXPIRES_AT = redis.call('HGET', ROOM, 'expiresAt') or digits(NOW + tonumber(ARGV[2]))
`,
  ),
);

/** The room and the seat of the credential, if it has one. ARGV: room id, token hash, pace of a member: max, window. */
export const readRoomScript = new Script(
  roomScript(
    ['SEEN', 'PRESENCE', 'VIEW', 'PACES'],
    `
local member = holder(ARGV[2]) or nil
local refused = member and refuse_read('room', member, tonumber(ARGV[3]), tonumber(ARGV[4]))
if refused then return refused end
return view('ok', member)
`,
  ),
);

/**
 * Takes a seat, unless the credential that came along holds one. A repeat finds its own token. Where every seat is
 * taken, one whose holder has vanished is given anew; where none is, the owner hears that somebody waits.
 * ARGV: room id, token hash one has, new member id, new token hash, seats a room gives in its life, ms after which
 * who was not heard of is a ghost, the same for a seat never used, the fewest seats of a room in which the first counts,
 * ms between two words to the owner.
 */
export const joinRoomScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'VIEW', 'SEATS'],
    `
local HELD, MEMBER, TOKEN, SEATS_MAX = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local GHOST_AFTER, UNUSED_AFTER, GHOST_SEATS_MIN, WAITED_GAP = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local held = holder(HELD)
if held then return view('seated', held) end
if redis.call('HGET', TOKENS, TOKEN) == MEMBER then return view('joined', MEMBER) end
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
    local at, gone = requested[member] or listened[member], false
    if at then
      at = math.max(at, listened[member] or 0)
      gone = tonumber(room[2]) >= GHOST_SEATS_MIN and NOW - at >= GHOST_AFTER
    else
      at = tonumber(string.match(members[i + 1], '^%d+:(%d+):'))
      gone = NOW - at >= UNUSED_AFTER
    end
    if gone and member ~= room[4] and (not vanished_at or at < vanished_at) then ghost, vanished_at = member, at end
  end
  return ghost
end

local function tell_owner()
  local told = tonumber(redis.call('HGET', ROOM, 'waitedAt') or 0)
  if room[4] == '' or NOW - told < WAITED_GAP then return end
  redis.call('HSET', ROOM, 'waitedAt', digits(NOW))
  redis.call('PUBLISH', ROOM_ID, '{"data":{},"event":"room.waited","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '","to":"' .. room[4] .. '"}')
end

if room[1] == '1' then return {'room_locked'} end
if tonumber(room[3]) >= SEATS_MAX then return {'room_full'} end
if redis.call('HLEN', MEMBERS) >= tonumber(room[2]) then
  local ghost = longest_vanished()
  if not ghost then
    tell_owner()
    return {'room_full'}
  end
  stand_up(ghost, 'displaced')
end
sit(MEMBER, TOKEN)
emit('member.joined', '{"memberId":"' .. MEMBER .. '","joinedAt":' .. digits(NOW) .. '}')
if room[4] == '' then own(MEMBER) end
return view('joined', MEMBER)
`,
  ),
);

/**
 * Gives the seat up. The room remembers which request did it, so that its repeat finds its own work
 * done instead of a stranger's credential. ARGV: room id, token hash, request id.
 */
export const leaveRoomScript = new Script(
  roomScript(
    ['EMIT', 'SEATS'],
    `
local TOKEN, REQUEST = ARGV[2], ARGV[3]
local member = redis.call('HGET', TOKENS, TOKEN)
if not member then
  if redis.call('HGET', ROOM, 'left:' .. TOKEN) == REQUEST then return {'ok'} end
  return {'not_a_member'}
end
stand_up(member, 'left')
redis.call('HSET', ROOM, 'left:' .. TOKEN, REQUEST)
return {'ok'}
`,
  ),
);

/**
 * Ends the room: every key goes in the same moment, and who listens is told. Nothing is left by which
 * a repeat could know its own work: it meets a room that is not there, as everybody does.
 * ARGV: room id, token hash. Answers `ok` and the lease of the maker's address, to be given back.
 */
export const destroyRoomScript = new Script(
  roomScript(
    ['EMIT'],
    `
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
local last, lease = newest(), redis.call('HGET', ROOM, 'lease')
redis.call('DEL', ROOM, MEMBERS, TOKENS, MESSAGE_IDS, SENT, SENT_BY, HERE, STREAM, SEEN, USED, FREE)
redis.call('PUBLISH', ROOM_ID, '{"data":{"isDestroyed":true,"reason":"destroyed"},"event":"chat.destroy","channel":"' ..
  ROOM_ID .. '","id":"' .. last .. '"}')
return {'ok', lease or ''}
`,
  ),
);

/** Locks or unlocks. ARGV: room id, token hash, locked, changes per member: max, window. */
export const updateRoomScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'VIEW', 'RATES', 'CHANGES'],
    `
local LOCKED = ARGV[3]
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
if redis.call('HGET', ROOM, 'locked') ~= LOCKED then
  -- A Redis that is full refuses no script that has written already: the owner's hand is not tied by that either.
  until_the_end(ROOM)
  local refused = refuse_change(member, tonumber(ARGV[4]), tonumber(ARGV[5]))
  if refused then return refused end
  redis.call('HSET', ROOM, 'locked', LOCKED)
  emit('room.updated', '{"locked":' .. (LOCKED == '1' and 'true' or 'false') .. '}')
end
return view('ok', member)
`,
  ),
);
