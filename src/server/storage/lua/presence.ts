import 'server-only';
import { EVENTS } from './events';
import type { Part } from './room';

/** While so many are here at most, a change is published as the whole list: 950 bytes. */
const WHOLE_LIST_MAX = 50;

/**
 * `HERE` holds `<member id>|<process>`, scored with the end of the process's lease. A member who listens
 * to two processes stands there twice and is here once. `hereTold` is the list that was published last,
 * and `hereTurn` says how many were.
 */
export const PRESENCE: Part = {
  lua: `
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
  -- A crowd is not counted at every look: the list published last is a second old at most, and each id in it takes 17 characters.
  if count > ${WHOLE_LIST_MAX} then return math.floor((#(redis.call('HGET', ROOM, 'hereTold') or '') + 1) / 17) end
  return #here()
end
local function published_here()
  local published = redis.call('HMGET', ROOM, 'hereTurn', 'hereTold')
  return published[1] or '0', published[2] or ''
end
`,
};

/**
 * `publish_here` publishes who is here where that differs from the last publication, at most once in `gap` ms: the
 * whole list while at most fifty are here, above that only who came and who went, as a list of a
 * thousand that goes to a thousand people with every arrival is megabytes. A listener who missed one of these
 * publications finds out by its turn. Returns the ms to wait when it was too soon, and whether the last
 * publication is still true and old enough for everybody to have received it.
 */
export const PUBLISH_HERE: Part = {
  needs: [EVENTS, PRESENCE],
  lua: `
local function json_list(ids) return '["' .. table.concat(ids, '","') .. '"]' end
local function publish_turn(event, data)
  redis.call('PUBLISH', ROOM_ID, '{"data":{' .. data .. '},"event":"' .. event .. '","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '","turn":"' .. write('HINCRBY', ROOM, 'hereTurn', 1) .. '"}')
end
local function publish_here(gap)
  local wait = math.max(0, tonumber(redis.call('HGET', ROOM, 'hereToldAt') or 0) + gap - NOW)
  if wait > 0 then return wait, false end
  local ids, is_here = here()
  local came, went, was_here = {}, {}, {}
  local _, published = published_here()
  for id in string.gmatch(published, '%w+') do
    was_here[id] = true
    if not is_here[id] then went[#went + 1] = id end
  end
  for _, id in ipairs(ids) do
    if not was_here[id] then came[#came + 1] = id end
  end
  if #came == 0 and #went == 0 then return 0, true end
  write('HSET', ROOM, 'hereTold', table.concat(ids, ','), 'hereToldAt', digits(NOW))
  if #ids <= ${WHOLE_LIST_MAX} then
    table.sort(ids)
    publish_turn('presence.changed', '"here":' .. (#ids > 0 and json_list(ids) or '[]'))
  else
    local moved = {}
    if #came > 0 then moved[#moved + 1] = '"came":' .. json_list(came) end
    if #went > 0 then moved[#moved + 1] = '"went":' .. json_list(went) end
    publish_turn('presence.moved', table.concat(moved, ','))
  end
  return 0, false
end
`,
};
