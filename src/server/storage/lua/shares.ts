import 'server-only';
import { ROOM_SHARES } from '@/domain/limits';
import type { Part } from './room';

/**
 * Shares of what a room holds, of its messages and of its bytes alike. A guest's seat may use a quarter. A quarter is
 * kept for the owner until owners have used as much, and for every other seat, taken or not, a quarter divided by
 * maxMembers until it has used as much. `kept:<what>` is the part of those divided quarters that is used up, over all seats.
 */
export const SHARES: Part = {
  lua: `
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
  write('HINCRBY', ROOM, share.what, amount)
  if share.owns then
    write('HINCRBY', USED, share.what .. ':owners', amount)
  else
    write('HINCRBY', USED, share.what .. ':' .. share.seat, amount)
    local kept = math.min(share.used + amount, share.kept) - math.min(share.used, share.kept)
    if kept > 0 then write('HINCRBY', USED, 'kept:' .. share.what, digits(kept)) end
  end
end
`,
};
