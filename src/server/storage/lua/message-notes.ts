import 'server-only';
import type { Part } from './room';

/**
 * The note that every message id leaves: `<stream id> <timestamp> <author> <kind> <link> <file>`. The kind is `message`, `reply`,
 * `reaction` or `edit`. The link of a message is its newest edit, that of an edit the one before it, and `-` ends the
 * chain: an edit costs two fields however many there are, and a removal walks along them. A message that was taken back
 * keeps its note with `-` in place of the stream id, so that its id is spent. The file, which goes with the message, stands in few. SAID counts an author's messages in the
 * stream: with the last one, nobody needs to know any more who a member was that left.
 */
export const MESSAGE_NOTES: Part = {
  lua: `
local function parse_note(text)
  if not text then return nil end
  local at, timestamp, author, kind, link, file = string.match(text, '^(%S+) (%d+) ?(%S*) ?(%S*) ?(%S*) ?(%S*)$')
  -- A message from before a deployment has stream id and timestamp alone: its repeat finds it, and nobody refers to it.
  return {at = at, timestamp = timestamp, author = author, kind = kind, link = link, file = file ~= '' and file or nil}
end
local function note_of(id) return parse_note(redis.call('HGET', MESSAGE_IDS, id)) end
local function names_author(note) return note and note.author ~= '' end
local function is_spent(note) return note.at == '-' end
local function keep_note(id, note)
  write('HSET', MESSAGE_IDS, id, table.concat({note.at, note.timestamp, note.author, note.kind, note.link, note.file}, ' '))
end
local function note_message(id, note)
  keep_note(id, note)
  write('HINCRBY', SAID, note.author, 1)
end
local function spend_note(id, note)
  note.at = '-'
  keep_note(id, note)
  if write('HINCRBY', SAID, note.author, -1) > 0 then return end
  redis.call('HDEL', SAID, note.author)
  if redis.call('ZREM', FORMER_ORDER, note.author) == 1 then write('HSET', FORMER, note.author, '') end
end
`,
};
