import 'server-only';
import type { Part } from './room';

/**
 * For how long the owner has had no stream. `ownerUntil` is the moment up to which they are known to have one: the end of
 * their longest lease, so that a process that died speaks for them no longer than its lease, and after their last stream the
 * moment at which they were reported as away. An owner who never had one is away from the moment at which they sat down.
 */
export const OWNER_AWAY: Part = {
  lua: `
local function listens_until(member)
  local latest, entries = nil, redis.call('ZRANGE', HERE, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    if string.match(entries[i], '^%w+') == member then latest = math.max(latest or 0, tonumber(entries[i + 1])) end
  end
  return latest
end
local function owner_away_ms()
  local room = redis.call('HMGET', ROOM, 'ownerUntil', 'owner', 'createdAt')
  -- A room that an earlier version made has no such moment until its owner is next reported.
  local until_then = room[1] or listens_until(room[2]) or room[3]
  return math.max(0, NOW - tonumber(until_then))
end
local function note_stream(member, lease_end)
  local room = redis.call('HMGET', ROOM, 'owner', 'ownerUntil')
  if room[1] ~= member or lease_end <= tonumber(room[2] or 0) then return end
  try_write('HSET', ROOM, 'ownerUntil', digits(lease_end))
end
local function note_owner_report()
  local owner = redis.call('HGET', ROOM, 'owner')
  write('HSET', ROOM, 'ownerUntil', digits(listens_until(owner) or NOW))
end
-- Of somebody who has just become the owner. A member without a lease has had no stream since their last request at least.
local function note_new_owner(member, joined_at)
  local until_then = listens_until(member) or redis.call('HGET', SEEN, member) or joined_at
  write('HSET', ROOM, 'ownerUntil', digits(tonumber(until_then)))
end
`,
};
