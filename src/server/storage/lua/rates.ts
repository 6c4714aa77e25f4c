import 'server-only';
import type { Part } from './room';

/**
 * Sliding windows, exact: the times of the last accepted ones are kept, and the next is refused while
 * the one that stands `max` places back is younger than the window. A `max` of 0 lifts the limit.
 */
export const RATES: Part = {
  lua: `
local function member_wait(member, rate)
  local times = {}
  for at in string.gmatch(redis.call('HGET', SENT_BY, member) or '', '%d+') do
    if tonumber(at) > NOW - rate.window then times[#times + 1] = at end
  end
  local wait = 0
  if rate.max > 0 and #times >= rate.max then wait = tonumber(times[#times - rate.max + 1]) + rate.window - NOW end
  times[#times + 1] = digits(NOW)
  return wait, table.concat(times, ',', math.max(1, #times - math.max(rate.max, 1) + 1)), #times - 1
end
local function record_member(member, times) write('HSET', SENT_BY, member, times) end
local function room_wait(rate)
  local first = rate.max > 0 and redis.call('LINDEX', SENT, -rate.max)
  return first and math.max(0, tonumber(first) + rate.window - NOW) or 0
end
local function record_room(rate)
  write('RPUSH', SENT, digits(NOW))
  redis.call('LTRIM', SENT, -math.max(rate.max, 1), -1)
end
`,
};

/**
 * Paces, as one number each: the moment up to which everything done so far has used its time up (the generic cell rate
 * algorithm). `amount` of `max` in `window` ms, all at once or spread. A `max` of 0 lifts the limit.
 */
export const PACES: Part = {
  lua: `
local function pace_wait(field, amount, pace)
  if pace.max == 0 then return 0 end
  local at = math.max(NOW, tonumber(redis.call('HGET', SENT_BY, field) or 0))
  return math.max(0, math.ceil(at + amount * pace.window / pace.max - pace.window - NOW))
end
local function record_pace(field, amount, pace)
  if pace.max == 0 then return end
  local at = math.max(NOW, tonumber(redis.call('HGET', SENT_BY, field) or 0))
  -- Messages that passed without waiting (the owner's, and those kept for a seat) are no debt of the others.
  try_write('HSET', SENT_BY, field, digits(math.min(at + amount * pace.window / pace.max, NOW + pace.window)))
end
local function refuse_read(kind, member, pace)
  local field = kind .. ':' .. member
  local wait = pace_wait(field, 1, pace)
  if wait > 0 then return {'rate_limited', digits(wait)} end
  record_pace(field, 1, pace)
  return nil
end
`,
};

/**
 * Changes other than messages (locking, names) are stored in the stream as well, and so have bounds: each member's
 * own, which nobody else can spend. The owner's hand has a pace and no budget.
 */
export const CHANGES: Part = {
  needs: [RATES],
  lua: `
local function refuse_change(member, rate)
  local wait, times = member_wait('*' .. member, rate)
  if wait > 0 then return {'rate_limited', digits(wait)} end
  record_member('*' .. member, times)
  return nil
end
`,
};
