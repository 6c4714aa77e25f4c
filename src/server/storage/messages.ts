import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import { type MemberId, memberIdSchema } from '@/domain/room';
import { EVENTS } from './lua/events';
import { FILES } from './lua/files';
import { MESSAGE_NOTES } from './lua/message-notes';
import { PACES, RATES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { SHARES } from './lua/shares';
import { accepted, type Misfit, misfitOf, type Paced, paced, refuseAnotherSize } from './replies';

/** Returns `sent` or `repeated` with stream id, member id and timestamp, or `invalid_request` and whether the room is sealed. */
const appendMessageScript = roomScript({
  parts: [EVENTS, HOLDER, RATES, PACES, SHARES, MESSAGE_NOTES, FILES],
  args: {
    tokenHash: 'text',
    messageId: 'text',
    /** Sender and text come as JSON, ready for the event. In a sealed room nobody is named. */
    senderJson: 'text',
    textJson: 'text',
    /** What the message does to which other one; both empty where it stands by itself. */
    aboutKind: 'text',
    aboutId: 'text',
    /** A file of the author's, as JSON for the event, and its size; empty and 0 where there is none. */
    fileId: 'text',
    fileJson: 'text',
    fileBytes: 'number',
    filePieceCount: 'number',
    /** The epoch for which the text is sealed; empty where it is not. */
    epoch: 'text',
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

local sender = SENDER_JSON ~= '' and ',"sender":' .. SENDER_JSON or ''
local about = ABOUT_KIND ~= '' and ',"about":{"kind":"' .. ABOUT_KIND .. '","id":"' .. ABOUT_ID .. '"}' or ''
local file_part = FILE_JSON ~= '' and ',"file":' .. FILE_JSON or ''
local function data_at(timestamp)
  return '{"id":"' .. MESSAGE_ID .. '","roomId":"' .. ROOM_ID .. '","memberId":"' .. member ..
    '"' .. sender .. ',"text":' .. TEXT_JSON .. about .. file_part .. ',"timestamp":' .. timestamp .. '}'
end
local known = note_of(MESSAGE_ID)
if known then
  local entry = not is_spent(known) and redis.call('XRANGE', STREAM, known.at, known.at)[1]
  if entry and entry[2][2] == data_at(known.timestamp) then return {'repeated', known.at, member, known.timestamp} end
  return {'message_id_taken'}
end
if sealed == '1' and EPOCH ~= (redis.call('HGET', ROOM, 'epoch') or '0') then return {'epoch_changed'} end
local target = ABOUT_KIND ~= '' and note_of(ABOUT_ID) or nil
if ABOUT_KIND ~= '' and (not names_author(target) or is_spent(target) or target.kind == 'reaction' or target.kind == 'edit') then
  return {'not_found'}
end
local file = FILE_ID ~= '' and file_of(FILE_ID) or nil
if FILE_ID ~= '' and not file then return {'file_not_found'} end
if ABOUT_KIND == 'edit' and target.author ~= member then return {'not_the_author'} end
if file then
  if file.member ~= member then return {'not_the_author'} end
  if file.bytes ~= FILE_BYTES or file.pieces ~= FILE_PIECE_COUNT then return {'another_size'} end
  if not is_finished(file) then return {'file_unfinished'} end
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
local slow_ms = tonumber(redis.call('HGET', ROOM, 'slowModeSeconds') or 0) * 1000
if slow_ms > 0 and not messages.owns then
  wait = math.max(wait, tonumber(redis.call('HGET', SENT_BY, 'slow:' .. member) or 0) + slow_ms - NOW)
end
if wait > 0 then return {'rate_limited', digits(wait)} end
if slow_ms > 0 and not messages.owns then write('HSET', SENT_BY, 'slow:' .. member, digits(NOW)) end
if MEMBER_RATE.max > 0 then record_member(member, times) end
if ROOM_RATE.max > 0 then record_room(ROOM_RATE) end
record_pace('$' .. member, #data, MEMBER_BYTES)
record_pace('$', #data, ROOM_BYTES)

use(messages, 1)
use(bytes, #data)
local id = emit('chat.message', data)
local note = {at = id, timestamp = digits(NOW), author = member, kind = ABOUT_KIND ~= '' and ABOUT_KIND or 'message', link = '-',
  file = FILE_ID ~= '' and FILE_ID or nil}
if ABOUT_KIND == 'edit' then
  note.link, target.link = target.link, MESSAGE_ID
  keep_note(ABOUT_ID, target)
end
note_message(MESSAGE_ID, note)
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
 * One that is sealed for another epoch than the room's is refused before anything of it is counted, so the same id may be
 * sent again. What it is about must be there, and be no reaction or edit itself; only its author edits a message.
 * In slow mode a guest sends one in its time. A file is the author's own and has come in full. A seat is kept a part of the room's rate, and the owner's all of their own: nobody can silence the others by flooding.
 */
export async function appendMessage(
  redis: Redis,
  message: ArgumentsOf<typeof appendMessageScript>,
): Promise<Appended | Misfit> {
  const reply = await appendMessageScript.run(redis, message);
  const misfit = misfitOf(reply);
  if (misfit !== null) return misfit;
  refuseAnotherSize(reply, 'file');
  const { status, rest } = accepted(reply);
  const [cursor, memberId, timestamp] = appendedSchema.parse(rest);
  return { status: status === 'repeated' ? status : 'sent', cursor, memberId, timestamp };
}

/** Returns `ok`, or `invalid_request` where the messages have several authors. */
const removeMessagesScript = roomScript({
  parts: [EVENTS, HOLDER, PACES, MESSAGE_NOTES, FILES],
  args: { tokenHash: 'text', pace: 'rate', ids: 'texts' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('removals', member, PACE)
if refused then return refused end
local notes, author, unknown = {}, nil, false
for index, text in ipairs(redis.call('HMGET', MESSAGE_IDS, unpack(IDS))) do
  local note = parse_note(text)
  if not names_author(note) then
    unknown = true
  elseif author and note.author ~= author then
    return {'invalid_request'}
  else
    notes[IDS[index]], author = note, note.author
  end
end
if unknown then return {'not_found'} end
if author ~= member and redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_author'} end

-- The entry goes first: a Redis that is full refuses no script that has deleted something before it writes.
local function spend(id, note)
  redis.call('XDEL', STREAM, note.at)
  local file = note.file and file_of(note.file)
  if file then remove_file(note.file, file) end
  note.file = nil
  spend_note(id, note)
end
local function spend_edits(id)
  while id ~= '-' do
    local edit = note_of(id)
    if not is_spent(edit) then spend(id, edit) end
    id = edit.link
  end
end
for _, id in ipairs(IDS) do
  local note = notes[id]
  if not is_spent(note) then
    spend(id, note)
    if note.kind ~= 'edit' then spend_edits(note.link) end
    emit('message.removed', '{"id":"' .. id .. '","memberId":"' .. author .. '","by":"' .. member .. '"}')
  end
end
return {'ok'}
`,
});

/**
 * Takes messages of one author back, for the author or the owner: their entries, and in a plain room those of their
 * edits and their files, leave the room, and everybody hears of each named one. Either all are known or nothing is done; what was
 * taken back before stays so. Their ids stay spent, and what they used of shares and rates is not given back.
 *
 * @returns false where the messages have several authors, and nothing was done
 */
export async function removeMessages(
  redis: Redis,
  removal: ArgumentsOf<typeof removeMessagesScript>,
): Promise<Paced<boolean>> {
  const reply = await removeMessagesScript.run(redis, removal);
  return reply[0] === 'invalid_request' ? { status: 'found', found: false } : paced(reply, () => true);
}
