import 'server-only';
import { KNOCK_AGAIN_AFTER_MS, KNOCK_STALE_MS, KNOCKS_KEPT_MAX, KNOCKS_MAX, KNOCKS_REFUSED_MAX } from '@/domain/limits';
import { EVENTS } from './events';
import type { Part } from './room';

/**
 * People at the door. KNOCKS has for the hash of each one’s credential `<knock id>:<order>:<at>:<asked>:<state>:<refusals>:<member id or
 * nothing>:<keyed hash of an address>:<name or card as JSON>`. They came `at`, and asked last at `asked`; of somebody refused that is the moment of the refusal. The state
 * is `waiting`, `admitted`, `refused`, or `seated` once their credential has become that of a seat.
 *
 * What the owner was shown stays as it is: whoever is let in sits down under the id and the card with which they first asked.
 */
export const KNOCKS_AT_DOOR: Part = {
  lua: `
local function parse_knock(text)
  local id, order, at, asked, state, refusals, member, from, label =
    string.match(text, '^(%w+):(%d+):(%d+):(%d+):(%a+):(%d+):(%w*):([%w_-]*):(.*)$')
  return {
    id = id, order = tonumber(order), at = tonumber(at), asked = tonumber(asked), state = state, refusals = tonumber(refusals),
    member = member, from = from, label = label
  }
end
local function knock_of(token)
  local text = token ~= '' and redis.call('HGET', KNOCKS, token)
  return text and parse_knock(text) or nil
end
local function keep_knock(token, knock)
  write('HSET', KNOCKS, token, table.concat({knock.id, digits(knock.order), digits(knock.at), digits(knock.asked), knock.state,
    digits(knock.refusals), knock.member, knock.from, knock.label}, ':'))
end
local function is_listed(knock) return knock.state == 'waiting' and knock.asked > NOW - ${KNOCK_STALE_MS} end
local function all_knocks()
  local all, entries = {}, redis.call('HGETALL', KNOCKS)
  for i = 1, #entries, 2 do
    all[#all + 1] = parse_knock(entries[i + 1])
    all[#all].token = entries[i]
  end
  return all
end
`,
};

/** Asking at the door. */
export const KNOCKING: Part = {
  needs: [EVENTS, KNOCKS_AT_DOOR],
  lua: `
local function announce(knock, sealed)
  local owner = redis.call('HGET', ROOM, 'owner')
  if owner == '' then return end
  local member = knock.member ~= '' and '","memberId":"' .. knock.member or ''
  publish_to(owner, 'member.knocked', '{"knockId":"' .. knock.id .. member .. '","' .. (sealed and 'card' or 'name') .. '":' .. knock.label .. '}')
end

-- Where everybody waits who may, the last one of the address with the most makes place for one from an address with fewer: no few of them
-- close a door. Two more at least, or they would take turns.
local function displace(waiting, from)
  local crowds, last = {}, nil
  for _, knock in ipairs(waiting) do crowds[knock.from] = (crowds[knock.from] or 0) + 1 end
  for _, knock in ipairs(waiting) do
    local crowd, largest = crowds[knock.from], last and crowds[last.from] or 0
    if crowd > largest or (crowd == largest and knock.order > last.order) then last = knock end
  end
  if crowds[last.from] < (crowds[from] or 0) + 2 then return false end
  redis.call('HDEL', KNOCKS, last.token)
  return true
end

-- Whether one more may wait. Of those that only the room still remembers, the one that was heard of longest ago makes place.
local function make_place(from)
  local waiting, oldest, all = {}, nil, all_knocks()
  for _, knock in ipairs(all) do
    if is_listed(knock) then
      waiting[#waiting + 1] = knock
    elseif not oldest or knock.asked < oldest.asked then
      oldest = knock
    end
  end
  if #waiting >= ${KNOCKS_MAX} then return displace(waiting, from) end
  if #all >= ${KNOCKS_KEPT_MAX} and oldest then redis.call('HDEL', KNOCKS, oldest.token) end
  return true
end

local function knocking(knock, is_new)
  return {'knocking', knock.id, is_new and '1' or '0', digits(tonumber(EXPIRES_AT) - NOW)}
end

local function ask_again(token, knock, gap, sealed)
  local wait = knock.asked + gap - NOW
  if wait > 0 then return {'rate_limited', digits(wait)} end
  local was_listed = is_listed(knock)
  if not was_listed and not make_place(knock.from) then return {'room_full'} end
  knock.asked = NOW
  keep_knock(token, knock)
  if not was_listed then announce(knock, sealed) end
  return knocking(knock, false)
end

-- Whoever was refused asks again with the credential that remembers it.
local function ask_anew(token, former, asked, sealed)
  if not make_place(asked.from) then return {'room_full'} end
  local knock = {
    id = asked.id, order = write('HINCRBY', ROOM, 'knocked', 1), at = NOW, asked = NOW, state = 'waiting',
    refusals = former and former.refusals or 0, member = asked.member, from = asked.from, label = asked.label
  }
  keep_knock(token, knock)
  announce(knock, sealed)
  return knocking(knock, not former)
end

local function is_refused(knock)
  return knock.state == 'refused' and (knock.refusals >= ${KNOCKS_REFUSED_MAX} or NOW - knock.asked < ${KNOCK_AGAIN_AFTER_MS})
end
`,
};
