import 'server-only';
import { EXTENSION } from './extension';
import type { Part } from './room';
import { SEATS } from './seats';

/**
 * `move_seat` gives a seat another member id, for somebody who has lost their keys but not their credential. Everything
 * that limits them goes along: the seat's share, their rates, and what is left of their changes; and how far they have read.
 * What they said stays with the former id. A process that holds their streams hears of the move and reports them under the new one.
 */
export const MOVES: Part = {
  needs: [SEATS, EXTENSION],
  lua: `
local function move_limits(from, to)
  local theirs, moved = paced_fields(from), paced_fields(to)
  local values = redis.call('HMGET', SENT_BY, unpack(theirs))
  redis.call('HDEL', SENT_BY, unpack(theirs))
  for index, value in ipairs(values) do
    if value then write('HSET', SENT_BY, moved[index], value) end
  end
  local seen, read_to = redis.call('HGET', SEEN, from), redis.call('HGET', READ_TO, from)
  local changes = redis.call('HGET', USED, 'changes:' .. from)
  redis.call('HDEL', SEEN, from)
  redis.call('HDEL', READ_TO, from)
  redis.call('HDEL', USED, 'changes:' .. from)
  if seen then write('HSET', SEEN, to, seen) end
  if read_to then write('HSET', READ_TO, to, read_to) end
  if changes then write('HSET', USED, 'changes:' .. to, changes) end
end

local function move_here(from, to)
  local entries = redis.call('ZRANGE', HERE, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    local member, process = string.match(entries[i], '^(%w+)(.*)$')
    if member == from then
      redis.call('ZREM', HERE, entries[i])
      write('ZADD', HERE, digits(tonumber(entries[i + 1])), to .. process)
    end
  end
end

-- Returns when they sat down, which a move does not change, nor their place in the order of seating.
local function move_seat(from, to, label)
  local order, joined_at, token, seat, former_label = entry_of(from)
  remove_unfinished(from)
  redis.call('HDEL', MEMBERS, from)
  write('HSET', MEMBERS, to, table.concat({order, joined_at, token, seat, label}, ':'))
  write('HSET', TOKENS, token, to)
  write('HINCRBY', ROOM, 'seatsGiven', 1)
  move_limits(from, to)
  move_here(from, to)
  move_agreement(from, to)
  remember_former(from, former_label)
  emit('member.left', '{"memberId":"' .. from .. '","reason":"moved","to":"' .. to .. '"}')
  return joined_at
end
`,
};
