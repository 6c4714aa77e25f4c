import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import {
  compareCursors,
  type Cursor,
  CURSOR_START,
  cursorSchema,
  type MessageId,
  messageIdSchema,
  messageSchema,
  type MessageWithCursor,
} from '@/domain/message';
import { EVENTS } from './lua/events';
import { PACES } from './lua/rates';
import { roomScript, type Part } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { type Paced, paced } from './replies';

/** Entries read at a time: the largest make no more than a page, so little is read in vain. */
const ENTRIES_AT_ONCE = 20;
/** What the response adds to a stored message: its cursor, and the JSON around it. */
const CURSOR_BYTES = 64;
/** What it adds to the id of a message that was taken back: quotes and a comma. */
const LIST_BYTES = 3;
/** Room for one more id and the JSON around the lists. */
const ENVELOPE_BYTES = 256;

/**
 * `take` puts an entry on the page and returns true once it is a message that no longer fits. `is_full` is true once the
 * ids of messages that were taken back fill the page; `given` is the page, as far as its last message where more follow.
 */
const PAGE: Part = {
  lua: `
local found, removed, bytes, removed_by_last = {}, {}, 0, 0
local function take(entry)
  local data, event = entry[2][2], entry[2][4]
  if event == 'message.removed' then
    local id = string.match(data, '"id":"([%w_-]+)"')
    if id then
      removed[#removed + 1] = id
      bytes = bytes + #id + ${LIST_BYTES}
    end
  elseif event == 'chat.message' then
    bytes = bytes + #data + ${CURSOR_BYTES}
    if #found == LIMIT * 2 or bytes > BYTES_MAX and #found > 0 then return true end
    found[#found + 1] = entry[1]
    found[#found + 1] = data
    removed_by_last = #removed
  end
  return false
end
local function is_full() return bytes > BYTES_MAX - ${ENVELOPE_BYTES} end
local function given(cursor, older, more)
  if more then
    for index = #removed, removed_by_last + 1, -1 do removed[index] = nil end
  end
  return {'ok', cursor, older, found, removed}
end
`,
};

/** Returns `ok`, the cursor, nothing, ids and messages (JSON) in turn, and the ids of those taken back. */
const readMessagesScript = roomScript({
  parts: [EVENTS, HOLDER, PACES, PAGE],
  args: { tokenHash: 'text', after: 'text', limit: 'number', bytesMax: 'number', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('messages', member, PACE)
if refused then return refused end
local cursor = AFTER
while true do
  local entries = redis.call('XRANGE', STREAM, '(' .. cursor, '+', 'COUNT', ${ENTRIES_AT_ONCE})
  for _, entry in ipairs(entries) do
    cursor = entry[1]
    if take(entry) then return given(found[#found - 1], '', true) end
    if #found == LIMIT * 2 then return given(cursor, '', true) end
    -- A page without messages is the last one, so ids alone never end a page.
    if is_full() and #found > 0 then return given(found[#found - 1], '', true) end
  end
  if #entries < ${ENTRIES_AT_ONCE} then return given(newest(), '', false) end
end
`,
});

/** Returns `ok`, the newest id, the cursor of the oldest message given where others stand before it, and the page, newest first. */
const readMessagesBackScript = roomScript({
  parts: [EVENTS, HOLDER, PACES, PAGE],
  args: {
    tokenHash: 'text',
    /** Where to begin, as XREVRANGE takes it. */
    last: 'text',
    limit: 'number',
    bytesMax: 'number',
    pace: 'rate',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('messages', member, PACE)
if refused then return refused end
local last = LAST
while true do
  local entries = redis.call('XREVRANGE', STREAM, last, '-', 'COUNT', ${ENTRIES_AT_ONCE})
  for _, entry in ipairs(entries) do
    if take(entry) then return given(newest(), found[#found - 1], true) end
    if is_full() then return given(newest(), entry[1], false) end
    last = '(' .. entry[1]
  end
  if #entries < ${ENTRIES_AT_ONCE} then return given(newest(), '', false) end
end
`,
});

const pageSchema = z.tuple([
  cursorSchema,
  z.union([z.literal(''), cursorSchema]),
  z.array(z.string()),
  z.array(messageIdSchema),
]);

/** Messages, oldest first, and the cursor from which to go on. */
export interface MessagePage {
  messages: MessageWithCursor[];
  /** Ids of messages taken back within the range that was read. */
  removed: MessageId[];
  cursor: Cursor;
}

/** The same read from the newest end; `older` is where the page before it ends, null at the beginning. */
export interface MessagePageBack extends MessagePage {
  older: Cursor | null;
}

function pageOf(rest: readonly unknown[]): MessagePageBack {
  const [cursor, older, found, removed] = pageSchema.parse(rest);
  const messages: MessageWithCursor[] = [];
  for (let index = 0; index + 1 < found.length; index += 2) {
    const message = messageSchema.parse(JSON.parse(found[index + 1] ?? ''));
    messages.push({ ...message, cursor: cursorSchema.parse(found[index]) });
  }
  return { messages, removed, cursor, older: older === '' ? null : older };
}

/**
 * A page of messages after a cursor, read past the other events of the stream. It ends at its limit, or before
 * the message with which it would be too large. The pace is a member's.
 */
export async function readMessages(
  redis: Redis,
  reader: ArgumentsOf<typeof readMessagesScript>,
): Promise<Paced<MessagePage>> {
  return paced(await readMessagesScript.run(redis, reader), (rest) => {
    const { older: _, ...page } = pageOf(rest);
    return page;
  });
}

/** XREVRANGE refuses to begin before the first id. */
function lastBefore(before: Cursor | 'end'): string {
  if (before === 'end') return '+';
  return compareCursors(before, CURSOR_START) === 0 ? '-' : `(${before}`;
}

/** A page of the messages before a cursor, or of the newest ones. */
export async function readMessagesBack(
  redis: Redis,
  { before, ...reader }: Omit<ArgumentsOf<typeof readMessagesBackScript>, 'last'> & { before: Cursor | 'end' },
): Promise<Paced<MessagePageBack>> {
  const reply = await readMessagesBackScript.run(redis, { ...reader, last: lastBefore(before) });
  return paced(reply, (rest) => {
    const { messages, removed, ...page } = pageOf(rest);
    return { messages: messages.reverse(), removed: removed.reverse(), ...page };
  });
}
