import 'server-only';
import { ROOM_BYTES_MAX, ROOM_MESSAGES_MAX, ROOM_SHARES } from '@/domain/limits';

/** Up to so many here, a change is told as the whole list: 950 bytes at most. */
const WHOLE_LIST_MAX = 50;

/**
 * What every script of a room begins with: its keys by name, Redis's clock, and the answer of a room
 * that never was, has expired or was destroyed. Scripts run on Redis's Lua 5.1 and on the embedded
 * engine's 5.3 with 32-bit integers, so milliseconds are kept as floats and written with `%.0f`.
 */
const NAMES = `
local ROOM, MEMBERS, TOKENS, MESSAGE_IDS, SENT, SENT_BY, HERE, STREAM, SEEN, USED, FREE =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local ROOM_ID = ARGV[1]
local time = redis.call('TIME')
local NOW = tonumber(time[1]) * 1000.0 + math.floor(tonumber(time[2]) / 1000)
local function digits(number) return string.format('%.0f', number) end
`;

const ALIVE = `
local EXPIRES_AT = redis.call('HGET', ROOM, 'expiresAt')
if not EXPIRES_AT or NOW >= tonumber(EXPIRES_AT) then return {'room_not_found'} end
`;

/** Whatever a script writes, it gives the room's own end before it returns. */
const UNTIL_THE_END = `
local function until_the_end(key) redis.call('PEXPIREAT', key, EXPIRES_AT) end
`;

/**
 * Adds an event to the stream, which ends with the room, and publishes it: both or neither. The
 * publication names the event stored before it, so that whoever missed that one finds out.
 */
const EMIT = `
local function newest()
  local last = redis.call('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)[1]
  return last and last[1] or '0-0'
end
local function emit(event, data)
  local previous = newest()
  local id = redis.call('XADD', STREAM, '*', 'data', data, 'event', event, 'channel', ROOM_ID)
  until_the_end(STREAM)
  redis.call('PUBLISH', ROOM_ID, '{"data":' .. data .. ',"event":"' .. event .. '","channel":"' .. ROOM_ID ..
    '","id":"' .. id .. '","previous":"' .. previous .. '"}')
  return id
end
`;

/**
 * When each member was last heard of: a seat whose holder has vanished is told from one whose holder is quiet. A Redis
 * that is full refuses the note, and what was asked for goes on.
 */
const SEEN = `
local function seen(member)
  local noted = redis.pcall('HSET', SEEN, member, digits(NOW))
  if type(noted) == 'number' then until_the_end(SEEN) end
end
local function holder(token)
  local member = redis.call('HGET', TOKENS, token)
  if member then seen(member) end
  return member
end
`;

/**
 * `HERE` holds `<member id>|<process>`, scored with the end of the process's lease. A member who listens
 * to two processes stands there twice and is here once. `hereTold` is the list that was published last,
 * and `hereTurn` says how many were.
 */
const PRESENCE = `
local function entries_here()
  return redis.call('ZRANGEBYSCORE', HERE, '(' .. digits(NOW), '+inf')
end
local function here()
  local ids, is_here = {}, {}
  for _, entry in ipairs(entries_here()) do
    local id = string.match(entry, '^%w+')
    if not is_here[id] then
      is_here[id] = true
      ids[#ids + 1] = id
    end
  end
  return ids, is_here
end
local function here_count()
  local count = redis.call('ZCOUNT', HERE, '(' .. digits(NOW), '+inf')
  if count < 2 then return count end
  -- A crowd is not counted at every look: the list told last is a second old at most, and each id in it takes 17 characters.
  if count > ${WHOLE_LIST_MAX} then return math.floor((#(redis.call('HGET', ROOM, 'hereTold') or '') + 1) / 17) end
  local distinct, is_here = 0, {}
  for _, entry in ipairs(entries_here()) do
    local id = string.match(entry, '^%w+')
    if not is_here[id] then
      is_here[id] = true
      distinct = distinct + 1
    end
  end
  return distinct
end
local function told_here()
  local told = redis.call('HMGET', ROOM, 'hereTurn', 'hereTold')
  return told[1] or '0', told[2] or ''
end
`;

/**
 * Publishes who is here where it differs from what was published last, at most once in `gap` ms: the
 * whole list while at most fifty are here, above that only who came and who went, as a list of a
 * thousand that goes to a thousand people with every arrival is megabytes. Whoever misses one of these
 * words finds out by its turn. Answers the ms to wait when it was too soon, and whether what was
 * published last is true and was published long enough ago for everybody to have heard it.
 */
const TELL_HERE = `
local function json_list(ids) return '["' .. table.concat(ids, '","') .. '"]' end
local function publish_here(event, data)
  redis.call('PUBLISH', ROOM_ID, '{"data":{' .. data .. '},"event":"' .. event .. '","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '","turn":"' .. redis.call('HINCRBY', ROOM, 'hereTurn', 1) .. '"}')
end
local function tell_here(gap)
  local wait = math.max(0, tonumber(redis.call('HGET', ROOM, 'hereToldAt') or 0) + gap - NOW)
  if wait > 0 then return wait, false end
  local ids, is_here = here()
  local came, went, was_here = {}, {}, {}
  local _, told = told_here()
  for id in string.gmatch(told, '%w+') do
    was_here[id] = true
    if not is_here[id] then went[#went + 1] = id end
  end
  for _, id in ipairs(ids) do
    if not was_here[id] then came[#came + 1] = id end
  end
  if #came == 0 and #went == 0 then return 0, true end
  redis.call('HSET', ROOM, 'hereTold', table.concat(ids, ','), 'hereToldAt', digits(NOW))
  if #ids <= ${WHOLE_LIST_MAX} then
    table.sort(ids)
    publish_here('presence.changed', '"here":' .. (#ids > 0 and json_list(ids) or '[]'))
  else
    local moved = {}
    if #came > 0 then moved[#moved + 1] = '"came":' .. json_list(came) end
    if #went > 0 then moved[#moved + 1] = '"went":' .. json_list(went) end
    publish_here('presence.moved', table.concat(moved, ','))
  end
  return 0, false
end
`;

/** The room as people see it, with the seat of the credential that asked, as names and values. */
const VIEW = `
local function view(status, member)
  local room = redis.call('HMGET', ROOM, 'createdAt', 'maxMembers', 'sealed', 'keyCheck', 'locked', 'owner')
  return {status, 'createdAt', room[1], 'expiresAt', EXPIRES_AT, 'now', digits(NOW),
    'members', redis.call('HLEN', MEMBERS), 'here', here_count(), 'maxMembers', room[2], 'sealed', room[3],
    'keyCheck', room[4], 'locked', room[5], 'memberId', member or '', 'owner', member == room[6] and '1' or '0'}
end
`;

/**
 * A seat is taken and given up here only, so that seats, tokens and the owner always agree. An entry of MEMBERS is
 * `<order>:<joinedAt>:<token hash>:<seat>:<name as JSON, or nothing>`: the order counts everybody who ever sat down,
 * the seat is one of 1 to maxMembers. Who sits down gets the free seat that has used least of its share: leaving and
 * coming back gives nobody a fresh one, and a newcomer does not pay for those before as long as another seat is free.
 */
const SEATS = `
local function free_seat()
  local least = redis.call('ZRANGE', FREE, 0, 0, 'WITHSCORES')
  local room = redis.call('HMGET', ROOM, 'maxMembers', 'seatsNumbered')
  local numbered = tonumber(room[2] or 0)
  if least[1] and (tonumber(least[2]) == 0 or numbered >= tonumber(room[1])) then
    redis.call('ZREM', FREE, least[1])
    return least[1]
  end
  return redis.call('HINCRBY', ROOM, 'seatsNumbered', 1)
end

local function sit(member, token)
  local order = redis.call('HINCRBY', ROOM, 'seatsGiven', 1)
  redis.call('HSET', MEMBERS, member, order .. ':' .. digits(NOW) .. ':' .. token .. ':' .. free_seat() .. ':')
  redis.call('HSET', TOKENS, token, member)
  until_the_end(MEMBERS)
  until_the_end(TOKENS)
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
  redis.call('HSET', ROOM, 'owner', member)
  if member ~= '' then emit('room.updated', '{"ownerId":"' .. member .. '"}') end
end

local function stand_up(member, reason)
  local token, seat = string.match(redis.call('HGET', MEMBERS, member), '^%d+:%d+:([^:]*):(%d+):')
  redis.call('HDEL', MEMBERS, member)
  redis.call('HDEL', TOKENS, token)
  redis.call('HDEL', SENT_BY, member, '*' .. member, '$' .. member, 'messages:' .. member, 'members:' .. member, 'room:' .. member)
  redis.call('HDEL', SEEN, member)
  redis.call('HDEL', USED, 'changes:' .. member)
  local used = redis.call('HMGET', USED, 'messages:' .. seat, 'bytes:' .. seat)
  local part = math.max(tonumber(used[1] or 0) / ${ROOM_MESSAGES_MAX}, tonumber(used[2] or 0) / ${ROOM_BYTES_MAX})
  redis.call('ZADD', FREE, digits(math.ceil(part * 1000000)), seat)
  until_the_end(FREE)
  for _, entry in ipairs(redis.call('ZRANGE', HERE, 0, -1)) do
    if string.match(entry, '^%w+') == member then redis.call('ZREM', HERE, entry) end
  end
  emit('member.left', '{"memberId":"' .. member .. '","reason":"' .. reason .. '"}')
  if redis.call('HGET', ROOM, 'owner') == member then own(longest_seated()) end
end
`;

/**
 * Sliding windows, exact: the times of the last accepted ones are kept, and the next is refused while
 * the one that stands `max` places back is younger than the window. A `max` of 0 lifts the limit.
 */
const RATES = `
local function member_wait(member, max, window)
  local times = {}
  for at in string.gmatch(redis.call('HGET', SENT_BY, member) or '', '%d+') do
    if tonumber(at) > NOW - window then times[#times + 1] = at end
  end
  local wait = 0
  if max > 0 and #times >= max then wait = tonumber(times[#times - max + 1]) + window - NOW end
  times[#times + 1] = digits(NOW)
  return wait, table.concat(times, ',', math.max(1, #times - math.max(max, 1) + 1)), #times - 1
end
local function record_member(member, times)
  redis.call('HSET', SENT_BY, member, times)
  until_the_end(SENT_BY)
end
local function room_wait(max, window)
  local first = max > 0 and redis.call('LINDEX', SENT, -max)
  return first and math.max(0, tonumber(first) + window - NOW) or 0
end
local function record_room(max)
  redis.call('RPUSH', SENT, digits(NOW))
  redis.call('LTRIM', SENT, -math.max(max, 1), -1)
  until_the_end(SENT)
end
`;

/**
 * Paces, as one number each: the moment up to which what was done so far has used its time up (the generic cell rate
 * algorithm). `amount` of `max` in `window` ms, all at once or spread. A `max` of 0 lifts the limit.
 */
const PACES = `
local function pace_wait(field, amount, max, window)
  if max == 0 then return 0 end
  local at = math.max(NOW, tonumber(redis.call('HGET', SENT_BY, field) or 0))
  return math.max(0, math.ceil(at + amount * window / max - window - NOW))
end
local function record_pace(field, amount, max, window)
  if max == 0 then return end
  local at = math.max(NOW, tonumber(redis.call('HGET', SENT_BY, field) or 0))
  -- What passed without waiting (the owner's, what is kept for a seat) is no debt of the others.
  local noted = redis.pcall('HSET', SENT_BY, field, digits(math.min(at + amount * window / max, NOW + window)))
  if type(noted) == 'number' then until_the_end(SENT_BY) end
end
local function refuse_read(kind, member, max, window)
  local field = kind .. ':' .. member
  local wait = pace_wait(field, 1, max, window)
  if wait > 0 then return {'rate_limited', digits(wait)} end
  record_pace(field, 1, max, window)
  return nil
end
`;

/**
 * Shares of what a room holds, of its messages and of its bytes alike. A guest's seat may use a quarter. A quarter is
 * kept for the owner until owners have used as much, and for every other seat, taken or not, a quarter divided by
 * maxMembers until it has used as much. `kept:<what>` is the part of those divided quarters that is used up, over all seats.
 */
const SHARES = `
local function seat_of(member)
  return string.match(redis.call('HGET', MEMBERS, member), '^%d+:%d+:[^:]*:(%d+):')
end
local function share_of(member, what, max)
  local room = redis.call('HMGET', ROOM, 'owner', 'maxMembers', what)
  local seat, owner_seat = seat_of(member), seat_of(room[1])
  local used = redis.call('HMGET', USED, what .. ':' .. seat, what .. ':' .. owner_seat, what .. ':owners', 'kept:' .. what)
  local quarter = math.floor(max / ${ROOM_SHARES})
  return {
    what = what, max = max, quarter = quarter, kept = math.floor(quarter / tonumber(room[2])), seats = tonumber(room[2]),
    total = tonumber(room[3] or 0), seat = seat, owns = room[1] == member,
    used = tonumber(used[1] or 0), used_by_owner = tonumber(used[2] or 0), owners = tonumber(used[3] or 0), kept_used = tonumber(used[4] or 0)
  }
end
local function fits(share, amount)
  local others, theirs = share.seats - 1, share.kept_used - math.min(share.used_by_owner, share.kept)
  local for_owner = 0
  if not share.owns then
    if share.used + amount > share.quarter then return false end
    others, theirs = others - 1, theirs - math.min(share.used, share.kept)
    for_owner = math.max(0, share.quarter - share.owners)
  end
  return share.total + amount + for_owner + others * share.kept - theirs <= share.max
end
local function use(share, amount)
  redis.call('HINCRBY', ROOM, share.what, amount)
  if share.owns then
    redis.call('HINCRBY', USED, share.what .. ':owners', amount)
  else
    redis.call('HINCRBY', USED, share.what .. ':' .. share.seat, amount)
    local kept = math.min(share.used + amount, share.kept) - math.min(share.used, share.kept)
    if kept > 0 then redis.call('HINCRBY', USED, 'kept:' .. share.what, digits(kept)) end
  end
  until_the_end(USED)
end
`;

/**
 * What is changed besides sending (locking, names) is stored in the stream as well, and so has bounds: each member's
 * own, which nobody else can spend. The owner's hand has a pace and no budget.
 */
const CHANGES = `
local function refuse_change(member, max, window)
  local wait, times = member_wait('*' .. member, max, window)
  if wait > 0 then return {'rate_limited', digits(wait)} end
  record_member('*' .. member, times)
  return nil
end
`;

const PARTS = { EMIT, SEEN, PRESENCE, TELL_HERE, VIEW, SEATS, RATES, PACES, SHARES, CHANGES };

/**
 * A script of a room, from the parts it uses, in the order in which they build on one another. The
 * script that makes the room says itself when it ends; every other begins by finding it alive.
 */
export function roomScript(parts: readonly (keyof typeof PARTS)[], body: string, lifetime: string = ALIVE): string {
  return [NAMES, lifetime, UNTIL_THE_END, ...parts.map((part) => PARTS[part]), body].join('');
}
