import 'server-only';
import { ROOM_FILES_BEGUN_MAX } from '@/domain/limits';
import type { Part } from './room';

/**
 * What a room keeps of a file: `<member> <seat> <bytes> <pieces> <content> <received>`. The bytes are stored ones, the content is
 * what counts, from the moment at which the file was begun, and `received` is how many pieces have come. A file that was removed
 * leaves `-`, so its id is spent: no other bytes can take the place of those that a message named.
 *
 * USED holds what is kept of each seat's files (`fileBytes:<seat>`, `files:<seat>` for how many were ever begun), and how many a
 * member has begun and not finished (`begun:<member>`).
 */
export const FILES: Part = {
  lua: `
local function file_of(id)
  local text = redis.call('HGET', FILES, id)
  if not text then return nil, false end
  local member, seat, bytes, pieces, content, received = string.match(text, '^(%w+) (%d+) (%d+) (%d+) (%d+) (%d+)$')
  if not member then return nil, true end
  return {
    member = member, seat = seat, bytes = tonumber(bytes), pieces = tonumber(pieces), content = tonumber(content),
    received = tonumber(received)
  }, false
end
local function keep_file(id, file)
  write('HSET', FILES, id, table.concat({file.member, file.seat, digits(file.bytes), digits(file.pieces),
    digits(file.content), digits(file.received)}, ' '))
end
local function is_finished(file) return file.received == file.pieces end

-- Indexes of the pieces that have come, in order. Those of a finished file are not looked for.
local function received_of(id, file)
  local received = {}
  for index = 0, file.pieces - 1 do
    if is_finished(file) or redis.call('HEXISTS', FILE_PIECES, id .. ':' .. digits(index)) == 1 then received[#received + 1] = index end
  end
  return received
end

local function count_unfinished(member, by)
  if write('HINCRBY', USED, 'begun:' .. member, by) <= 0 then redis.call('HDEL', USED, 'begun:' .. member) end
end

-- The pieces go first: a Redis that is full refuses no script that has deleted something before it writes.
local function remove_file(id, file)
  for index = 0, file.pieces - 1 do redis.call('HDEL', FILE_PIECES, id .. ':' .. digits(index)) end
  write('HSET', FILES, id, '-')
  write('HINCRBY', ROOM, 'fileBytes', digits(-file.content))
  write('HINCRBY', USED, 'fileBytes:' .. file.seat, digits(-file.content))
  if not is_finished(file) then count_unfinished(file.member, -1) end
end

-- Nobody else can finish what a member has begun.
local function remove_unfinished(member)
  if redis.call('HEXISTS', USED, 'begun:' .. member) == 0 then return end
  local entries = redis.call('HGETALL', FILES)
  for i = 1, #entries, 2 do
    local file = file_of(entries[i])
    if file and file.member == member and not is_finished(file) then remove_file(entries[i], file) end
  end
end
`,
};

/**
 * What may be begun: `file_room` is what is left for a member, in bytes of content, and nothing where they have begun too many. Of bytes and
 * beginnings a quarter is the owner's, as with messages: two guests cannot turn files off for everybody.
 */
export const FILE_SHARES: Part = {
  needs: [FILES],
  lua: `
local function files_used(seat)
  local used = redis.call('HMGET', USED, 'fileBytes:' .. seat, 'files:' .. seat)
  return tonumber(used[1] or 0), tonumber(used[2] or 0)
end
local function file_room(seat, owner_seat, files_max)
  local left = files_max - tonumber(redis.call('HGET', ROOM, 'fileBytes') or 0)
  local beginnings = ${ROOM_FILES_BEGUN_MAX} - redis.call('HLEN', FILES)
  if seat ~= owner_seat then
    local bytes, begun = files_used(seat)
    local owner_bytes, owner_begun = files_used(owner_seat)
    left = math.min(left - math.max(0, math.floor(files_max / 4) - owner_bytes), math.floor(files_max / 2) - bytes)
    beginnings = math.min(beginnings - math.max(0, ${ROOM_FILES_BEGUN_MAX / 4} - owner_begun), ${ROOM_FILES_BEGUN_MAX / 2} - begun)
  end
  return beginnings > 0 and left or 0
end
`,
};
