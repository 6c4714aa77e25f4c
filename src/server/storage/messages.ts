import 'server-only';
import { roomScript } from './lua/room';
import { Script } from './lua/script';

/**
 * Appends a message and publishes it, once: a message id seen before answers with what is stored, or
 * with `message_id_taken` when that is not the same. Contents come as JSON, ready for the event.
 * A seat is kept a part of the room's rate, and the owner's all of their own: who floods the room silences nobody.
 * ARGV: room id, token hash, message id, sender, text, fits a sealed room, fits an open one, messages
 * and bytes a room holds, rate of a member: max, window; rate of the room: max, window; bytes of a member:
 * max, window; bytes of the room: max, window; messages kept for a seat in the room's window, whether the storage
 * is full, ms that the sender's address has to wait.
 * Answers `sent` or `repeated` with stream id, member id and timestamp.
 */
export const appendMessageScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'RATES', 'PACES', 'SHARES'],
    `
local MESSAGE, SENDER, TEXT, FITS_SEALED, FITS_OPEN = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local MESSAGES_MAX, BYTES_MAX = tonumber(ARGV[8]), tonumber(ARGV[9])
local MEMBER_MAX, MEMBER_WINDOW, ROOM_MAX, ROOM_WINDOW = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
local MEMBER_BYTES, MEMBER_BYTES_WINDOW, ROOM_BYTES, ROOM_BYTES_WINDOW = tonumber(ARGV[14]), tonumber(ARGV[15]), tonumber(ARGV[16]), tonumber(ARGV[17])
local KEPT_MAX, FULL, ADDRESS_WAIT = tonumber(ARGV[18]), ARGV[19], tonumber(ARGV[20])
local sealed = redis.call('HGET', ROOM, 'sealed')
if (sealed == '1' and FITS_SEALED or FITS_OPEN) == '0' then return {'invalid_request', sealed} end
local member = holder(ARGV[2])
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
local messages, bytes = share_of(member, 'messages', MESSAGES_MAX), share_of(member, 'bytes', BYTES_MAX)
if not fits(messages, 1) or not fits(bytes, #data) then return {'message_limit_reached'} end
if FULL == '1' then return {'storage_full'} end
local wait, times, recent = member_wait(member, MEMBER_MAX, MEMBER_WINDOW)
wait = math.max(wait, ADDRESS_WAIT, pace_wait('$' .. member, #data, MEMBER_BYTES, MEMBER_BYTES_WINDOW))
local kept = math.max(1, math.min(KEPT_MAX, math.floor(ROOM_MAX / 2 / messages.seats)))
if not messages.owns and recent >= kept then
  wait = math.max(wait, room_wait(ROOM_MAX, ROOM_WINDOW), pace_wait('$', #data, ROOM_BYTES, ROOM_BYTES_WINDOW))
end
if wait > 0 then return {'rate_limited', digits(wait)} end
if MEMBER_MAX > 0 then record_member(member, times) end
if ROOM_MAX > 0 then record_room(ROOM_MAX) end
record_pace('$' .. member, #data, MEMBER_BYTES, MEMBER_BYTES_WINDOW)
record_pace('$', #data, ROOM_BYTES, ROOM_BYTES_WINDOW)

use(messages, 1)
use(bytes, #data)
local id = emit('chat.message', data)
redis.call('HSET', MESSAGE_IDS, MESSAGE, id .. ' ' .. digits(NOW))
until_the_end(MESSAGE_IDS)
return {'sent', id, member, digits(NOW)}
`,
  ),
);

/** Read so many entries at a time, the largest make no more than a page: what is read and not given stays small. */
const ENTRIES_AT_ONCE = 20;
/** What the answer adds to a stored message: its cursor, and what stands around it. */
const CURSOR_BYTES = 64;

/**
 * A page of messages after a cursor, read past the other events of the stream. It ends at its limit, or before
 * the message with which it would be too large.
 * ARGV: room id, token hash, after, limit, bytes of a page, pace of a member: max, window.
 * Answers `ok`, the cursor, then ids and messages (JSON) in turn.
 */
export const readMessagesScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PACES'],
    `
local AFTER, LIMIT, BYTES_MAX = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
local refused = refuse_read('messages', member, tonumber(ARGV[6]), tonumber(ARGV[7]))
if refused then return refused end
local found, cursor, bytes = {}, AFTER, 0
while true do
  local entries = redis.call('XRANGE', STREAM, '(' .. cursor, '+', 'COUNT', ${ENTRIES_AT_ONCE})
  for _, entry in ipairs(entries) do
    cursor = entry[1]
    if entry[2][4] == 'chat.message' then
      local data = entry[2][2]
      bytes = bytes + #data + ${CURSOR_BYTES}
      if bytes > BYTES_MAX and #found > 0 then return {'ok', found[#found - 1], found} end
      found[#found + 1] = cursor
      found[#found + 1] = data
      if #found == LIMIT * 2 then return {'ok', cursor, found} end
    end
  end
  if #entries < ${ENTRIES_AT_ONCE} then break end
end
return {'ok', newest(), found}
`,
  ),
);
