import 'server-only';
import { ROOM_BYTES_MAX, ROOM_MESSAGES_MAX } from '@/domain/limits';
import { EVENTS } from './events';
import { FILES } from './files';
import { OWNER_AWAY } from './owner-away';
import type { Part } from './room';

/**
 * `holder` finds the member of a credential and notes when they were last heard of, so that a vanished member can be
 * told from a quiet one. A Redis that is full refuses the note, and the request goes on.
 */
export const HOLDER: Part = {
  lua: `
local function note_seen(member) try_write('HSET', SEEN, member, digits(NOW)) end
local function holder(token)
  local member = redis.call('HGET', TOKENS, token)
  if member then
    note_seen(member)
    vouch()
  end
  return member
end
`,
};

/**
 * A seat is taken and given up here only, so that seats, tokens and the owner always agree. An entry of MEMBERS is
 * `<order>:<joinedAt>:<token hash>:<seat>:<name or card as JSON, or nothing>`: the order counts everybody who ever sat down,
 * the seat is one of 1 to maxMembers. A newcomer gets the free seat that has used least of its share: leaving and
 * coming back gives nobody a fresh one, and a newcomer does not pay for those before as long as another seat is free.
 * FORMER keeps the id of everybody who left: it is never given again, and whoever reads a message of theirs asks for their
 * name or card.
 */
export const SEATS: Part = {
  needs: [EVENTS, FILES, OWNER_AWAY],
  lua: `
local function free_seat()
  local least = redis.call('ZRANGE', FREE, 0, 0, 'WITHSCORES')
  local room = redis.call('HMGET', ROOM, 'maxMembers', 'seatsNumbered')
  local numbered = tonumber(room[2] or 0)
  if least[1] and (tonumber(least[2]) == 0 or numbered >= tonumber(room[1])) then
    redis.call('ZREM', FREE, least[1])
    return least[1]
  end
  return write('HINCRBY', ROOM, 'seatsNumbered', 1)
end

local function sit(member, token, label)
  local order = write('HINCRBY', ROOM, 'seatsGiven', 1)
  write('HSET', MEMBERS, member, table.concat({order, digits(NOW), token, free_seat(), label}, ':'))
  write('HSET', TOKENS, token, member)
end

local function entry_of(member)
  return string.match(redis.call('HGET', MEMBERS, member), '^(%d+):(%d+):([^:]*):(%d+):(.*)$')
end

local function was_seated(member)
  return redis.call('HEXISTS', MEMBERS, member) == 1 or redis.call('HEXISTS', FORMER, member) == 1
end

-- What SENT_BY holds of a member: times of messages and changes, and how far their paces are used.
local function paced_fields(member)
  local fields = {}
  for index, kind in ipairs({'', '*', '$', 'messages:', 'removals:', 'members:', 'room:', 'epochs:', 'moves:', 'signals:', 'files:', 'puts:', 'gets:', 'whispers:', 'extension:', 'knocks:', 'slow:', 'slowNames:', 'reports:'}) do
    fields[index] = kind .. member
  end
  return fields
end

local function remember_former(member, label)
  local has_said = redis.call('HEXISTS', SAID, member) == 1
  write('HSET', FORMER, member, has_said and label or '')
  -- Counted, since two may leave within one millisecond.
  if has_said then write('ZADD', FORMER_ORDER, write('HINCRBY', ROOM, 'formerOrdered', 1), member) end
end

local function longest_seated()
  local owner, first = '', nil
  local entries = redis.call('HGETALL', MEMBERS)
  for i = 1, #entries, 2 do
    local order = tonumber(string.match(entries[i + 1], '^%d+'))
    if not first or order < first then owner, first = entries[i], order end
  end
  return owner
end

local function own(member)
  write('HSET', ROOM, 'owner', member, 'ownerUntil', digits(NOW))
  if member == '' then return end
  local _, joined_at = entry_of(member)
  note_new_owner(member, joined_at)
  emit('room.updated', '{"ownerId":"' .. member .. '"}')
end

local function stand_up(member, reason)
  local _, _, token, seat, label = entry_of(member)
  remove_unfinished(member)
  redis.call('HDEL', MEMBERS, member)
  redis.call('HDEL', TOKENS, token)
  redis.call('HDEL', SENT_BY, unpack(paced_fields(member)))
  redis.call('HDEL', SEEN, member)
  redis.call('HDEL', READ_TO, member)
  redis.call('HDEL', USED, 'changes:' .. member)
  redis.call('HDEL', ADDRESSES, member)
  local used = redis.call('HMGET', USED, 'messages:' .. seat, 'bytes:' .. seat, 'fileBytes:' .. seat)
  local files_max = math.max(1, tonumber(redis.call('HGET', ROOM, 'filesMax') or 0))
  local part = math.max(tonumber(used[3] or 0) / files_max, tonumber(used[1] or 0) / ${ROOM_MESSAGES_MAX}, tonumber(used[2] or 0) / ${ROOM_BYTES_MAX})
  write('ZADD', FREE, digits(math.ceil(part * 1000000)), seat)
  remember_former(member, label)
  for _, entry in ipairs(redis.call('ZRANGE', HERE, 0, -1)) do
    if string.match(entry, '^%w+') == member then redis.call('ZREM', HERE, entry) end
  end
  emit('member.left', '{"memberId":"' .. member .. '","reason":"' .. reason .. '"}')
  if redis.call('HGET', ROOM, 'owner') == member then own(longest_seated()) end
end
`,
};
