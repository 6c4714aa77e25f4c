import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

/**
 * Makes a room with its owner seated. A repeat finds the token already there and answers the same.
 * ARGV: room id, lifetime in ms, maxMembers, sealed, keyCheck, member id, token hash.
 * Answers `ok` and the view, or `taken` when the id is another's.
 */
export const openRoomScript = new Script(
  roomScript(
    ['PRESENCE', 'VIEW', 'SEATS'],
    `
local MAX_MEMBERS, SEALED, KEY_CHECK, MEMBER, TOKEN = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if redis.call('EXISTS', ROOM) == 1 then
  if redis.call('HGET', TOKENS, TOKEN) == MEMBER then return view('ok', MEMBER) end
  return {'taken'}
end
redis.call('HSET', ROOM, 'createdAt', digits(NOW), 'expiresAt', EXPIRES_AT, 'maxMembers', MAX_MEMBERS,
  'sealed', SEALED, 'keyCheck', KEY_CHECK, 'locked', '0', 'owner', MEMBER)
until_the_end(ROOM)
sit(MEMBER, TOKEN)
return view('ok', MEMBER)
`,
    `
local EXPIRES_AT = redis.call('HGET', ROOM, 'expiresAt') or digits(NOW + tonumber(ARGV[2]))
`,
  ),
);

/** The room and the seat of the credential, if it has one. ARGV: room id, token hash. */
export const readRoomScript = new Script(
  roomScript(
    ['PRESENCE', 'VIEW'],
    `
return view('ok', redis.call('HGET', TOKENS, ARGV[2]) or nil)
`,
  ),
);

/**
 * Takes a seat, unless the credential that came along holds one. A repeat finds its own token.
 * ARGV: room id, token hash one has, new member id, new token hash, seats a room gives in its life.
 */
export const joinRoomScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE', 'VIEW', 'SEATS'],
    `
local HELD, MEMBER, TOKEN, SEATS_MAX = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local held = redis.call('HGET', TOKENS, HELD)
if held then return view('seated', held) end
if redis.call('HGET', TOKENS, TOKEN) == MEMBER then return view('joined', MEMBER) end
local room = redis.call('HMGET', ROOM, 'locked', 'maxMembers', 'seatsGiven', 'owner')
if room[1] == '1' then return {'room_locked'} end
if redis.call('HLEN', MEMBERS) >= tonumber(room[2]) or tonumber(room[3]) >= SEATS_MAX then return {'room_full'} end
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
 * ARGV: room id, token hash.
 */
export const destroyRoomScript = new Script(
  roomScript(
    ['EMIT'],
    `
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
local last = newest()
redis.call('DEL', ROOM, MEMBERS, TOKENS, MESSAGE_IDS, SENT, SENT_BY, HERE, STREAM, SEEN)
redis.call('PUBLISH', ROOM_ID, '{"data":{"isDestroyed":true,"reason":"destroyed"},"event":"chat.destroy","channel":"' ..
  ROOM_ID .. '","id":"' .. last .. '"}')
return {'ok'}
`,
  ),
);

/** Locks or unlocks. ARGV: room id, token hash, locked, changes per member: max, window; changes per room. */
export const updateRoomScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE', 'VIEW', 'RATES', 'CHANGES'],
    `
local LOCKED = ARGV[3]
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
if redis.call('HGET', ROOM, 'locked') ~= LOCKED then
  local refused = refuse_change(member, tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
  if refused then return refused end
  redis.call('HSET', ROOM, 'locked', LOCKED)
  emit('room.updated', '{"locked":' .. (LOCKED == '1' and 'true' or 'false') .. '}')
end
return view('ok', member)
`,
  ),
);
