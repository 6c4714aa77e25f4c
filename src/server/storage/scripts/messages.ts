import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

/**
 * Appends a message and publishes it, once: a message id seen before answers with what is stored, or
 * with `message_id_taken` when that is not the same. Contents come as JSON, ready for the event.
 * ARGV: room id, token hash, message id, sender, text, fits a sealed room, fits an open one, messages
 * and bytes a room holds, rate of a member: max, window; rate of the room: max, window.
 * Answers `sent` or `repeated` with stream id, member id and timestamp.
 */
export const appendMessageScript = new Script(
  roomScript(
    ['EMIT', 'RATES'],
    `
local MESSAGE, SENDER, TEXT, FITS_SEALED, FITS_OPEN = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local MESSAGES_MAX, BYTES_MAX = tonumber(ARGV[8]), tonumber(ARGV[9])
local MEMBER_MAX, MEMBER_WINDOW, ROOM_MAX, ROOM_WINDOW = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local room = redis.call('HMGET', ROOM, 'sealed', 'messages', 'bytes')
if (room[1] == '1' and FITS_SEALED or FITS_OPEN) == '0' then return {'invalid_request', room[1]} end
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end

local function data_at(timestamp)
  return '{"id":"' .. MESSAGE .. '","roomId":"' .. ROOM_ID .. '","memberId":"' .. member ..
    '","sender":' .. SENDER .. ',"text":' .. TEXT .. ',"timestamp":' .. timestamp .. '}'
end
local known = redis.call('HGET', MESSAGE_IDS, MESSAGE)
if known then
  local id, timestamp = string.match(known, '^(%S+) (%d+)$')
  local entry = redis.call('XRANGE', STREAM, id, id)[1]
  if entry and entry[2][2] == data_at(timestamp) then return {'repeated', id, member, timestamp} end
  return {'message_id_taken'}
end

local data = data_at(digits(NOW))
if tonumber(room[2] or 0) >= MESSAGES_MAX or tonumber(room[3] or 0) + #data > BYTES_MAX then
  return {'message_limit_reached'}
end
local wait, times = member_wait(member, MEMBER_MAX, MEMBER_WINDOW)
wait = math.max(wait, room_wait(ROOM_MAX, ROOM_WINDOW))
if wait > 0 then return {'rate_limited', digits(wait)} end
if MEMBER_MAX > 0 then record_member(member, times) end
if ROOM_MAX > 0 then record_room(ROOM_MAX) end

redis.call('HINCRBY', ROOM, 'messages', 1)
redis.call('HINCRBY', ROOM, 'bytes', #data)
local id = emit('chat.message', data)
redis.call('HSET', MESSAGE_IDS, MESSAGE, id .. ' ' .. digits(NOW))
until_the_end(MESSAGE_IDS)
return {'sent', id, member, digits(NOW)}
`,
  ),
);

/**
 * A page of messages after a cursor, read past the other events of the stream.
 * ARGV: room id, token hash, after, limit.
 * Answers `ok`, the cursor, then ids and messages (JSON) in turn.
 */
export const readMessagesScript = new Script(
  roomScript(
    ['EMIT'],
    `
local AFTER, LIMIT = ARGV[3], tonumber(ARGV[4])
if not redis.call('HGET', TOKENS, ARGV[2]) then return {'not_a_member'} end
local found, cursor = {}, AFTER
while #found < LIMIT * 2 do
  local entries = redis.call('XRANGE', STREAM, '(' .. cursor, '+', 'COUNT', LIMIT)
  for _, entry in ipairs(entries) do
    cursor = entry[1]
    if entry[2][4] == 'chat.message' then
      found[#found + 1] = cursor
      found[#found + 1] = entry[2][2]
      if #found == LIMIT * 2 then return {'ok', cursor, found} end
    end
  end
  if #entries < LIMIT then break end
end
return {'ok', newest(), found}
`,
  ),
);
