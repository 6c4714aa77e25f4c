import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema, messageSchema, type MessageWithCursor } from '@/domain/message';
import { type MemberId, memberIdSchema } from '@/domain/room';
import { EVENTS } from './lua/events';
import { PACES, RATES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { SHARES } from './lua/shares';
import { accepted, type Misfit, misfitOf, type Paced, paced } from './replies';

/** Returns `sent` or `repeated` with stream id, member id and timestamp, or `invalid_request` and whether the room is sealed. */
const appendMessageScript = roomScript({
  parts: [EVENTS, HOLDER, RATES, PACES, SHARES],
  args: {
    tokenHash: 'text',
    messageId: 'text',
    /** Sender and text come as JSON, ready for the event. */
    senderJson: 'text',
    textJson: 'text',
    fitsSealed: 'flag',
    fitsPlain: 'flag',
    /** Messages and bytes that a room holds. */
    messagesMax: 'number',
    bytesMax: 'number',
    memberRate: 'rate',
    roomRate: 'rate',
    memberBytes: 'rate',
    roomBytes: 'rate',
    /** Messages kept for a seat in the room's window. */
    keptPerSeatMax: 'number',
    storageFull: 'flag',
    /** Ms that the sender's address has to wait. */
    addressWaitMs: 'number',
  },
  body: `
local sealed = redis.call('HGET', ROOM, 'sealed')
local fits_room = FITS_PLAIN
if sealed == '1' then fits_room = FITS_SEALED end
if not fits_room then return {'invalid_request', sealed} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end

local function data_at(timestamp)
  return '{"id":"' .. MESSAGE_ID .. '","roomId":"' .. ROOM_ID .. '","memberId":"' .. member ..
    '","sender":' .. SENDER_JSON .. ',"text":' .. TEXT_JSON .. ',"timestamp":' .. timestamp .. '}'
end
local known = redis.call('HGET', MESSAGE_IDS, MESSAGE_ID)
if known then
  local id, timestamp = string.match(known, '^(%S+) (%d+)$')
  local entry = redis.call('XRANGE', STREAM, id, id)[1]
  if entry and entry[2][2] == data_at(timestamp) then return {'repeated', id, member, timestamp} end
  return {'message_id_taken'}
end

local data = data_at(digits(NOW))
local messages, bytes = share_of(member, 'messages', MESSAGES_MAX), share_of(member, 'bytes', BYTES_MAX)
if not fits(messages, 1) or not fits(bytes, #data) then return {'message_limit_reached'} end
if STORAGE_FULL then return {'storage_full'} end
local wait, times, recent = member_wait(member, MEMBER_RATE)
wait = math.max(wait, ADDRESS_WAIT_MS, pace_wait('$' .. member, #data, MEMBER_BYTES))
local kept = math.max(1, math.min(KEPT_PER_SEAT_MAX, math.floor(ROOM_RATE.max / 2 / messages.seats)))
if not messages.owns and recent >= kept then
  wait = math.max(wait, room_wait(ROOM_RATE), pace_wait('$', #data, ROOM_BYTES))
end
if wait > 0 then return {'rate_limited', digits(wait)} end
if MEMBER_RATE.max > 0 then record_member(member, times) end
if ROOM_RATE.max > 0 then record_room(ROOM_RATE) end
record_pace('$' .. member, #data, MEMBER_BYTES)
record_pace('$', #data, ROOM_BYTES)

use(messages, 1)
use(bytes, #data)
local id = emit('chat.message', data)
write('HSET', MESSAGE_IDS, MESSAGE_ID, id .. ' ' .. digits(NOW))
return {'sent', id, member, digits(NOW)}
`,
});

const appendedSchema = z.tuple([cursorSchema, memberIdSchema, z.coerce.number()]);

export interface Appended {
  status: 'sent' | 'repeated';
  cursor: Cursor;
  memberId: MemberId;
  timestamp: number;
}

/**
 * Appends a message and publishes it, once: a message id seen before gets what is stored, or is refused with
 * `message_id_taken` when that is not the same.
 * A seat is kept a part of the room's rate, and the owner's all of their own: nobody can silence the others by flooding.
 */
export async function appendMessage(
  redis: Redis,
  message: ArgumentsOf<typeof appendMessageScript>,
): Promise<Appended | Misfit> {
  const reply = await appendMessageScript.run(redis, message);
  const misfit = misfitOf(reply);
  if (misfit !== null) return misfit;
  const { status, rest } = accepted(reply);
  const [cursor, memberId, timestamp] = appendedSchema.parse(rest);
  return { status: status === 'repeated' ? status : 'sent', cursor, memberId, timestamp };
}

/** Entries read at a time: the largest make no more than a page, so little is read in vain. */
const ENTRIES_AT_ONCE = 20;
/** What the response adds to a stored message: its cursor, and the JSON around it. */
const CURSOR_BYTES = 64;

/** Returns `ok`, the cursor, then ids and messages (JSON) in turn. */
const readMessagesScript = roomScript({
  parts: [EVENTS, HOLDER, PACES],
  args: { tokenHash: 'text', after: 'text', limit: 'number', bytesMax: 'number', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('messages', member, PACE)
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
});

const pageSchema = z.tuple([cursorSchema, z.array(z.string())]);

/** Messages, oldest first, and the cursor from which to go on. */
export interface MessagePage {
  messages: MessageWithCursor[];
  cursor: Cursor;
}

function pageOf(rest: readonly unknown[]): MessagePage {
  const [cursor, found] = pageSchema.parse(rest);
  const messages: MessageWithCursor[] = [];
  for (let index = 0; index + 1 < found.length; index += 2) {
    const message = messageSchema.parse(JSON.parse(found[index + 1] ?? ''));
    messages.push({ ...message, cursor: cursorSchema.parse(found[index]) });
  }
  return { messages, cursor };
}

/**
 * A page of messages after a cursor, read past the other events of the stream. It ends at its limit, or before
 * the message with which it would be too large. The pace is a member's.
 */
export async function readMessages(
  redis: Redis,
  reader: ArgumentsOf<typeof readMessagesScript>,
): Promise<Paced<MessagePage>> {
  return paced(await readMessagesScript.run(redis, reader), pageOf);
}
