import 'server-only';
import type { Part } from './room';

/**
 * `publish_to` publishes what one member alone hears; it is not stored, so it carries the newest id. `emit` adds an event to the stream and publishes it: both or neither. The publication names the event stored
 * before it, so that a listener who missed that one finds out.
 */
export const EVENTS: Part = {
  lua: `
local function newest()
  local last = redis.call('XREVRANGE', STREAM, '+', '-', 'COUNT', 1)[1]
  return last and last[1] or '0-0'
end
local function publish_to(member, event, data)
  redis.call('PUBLISH', ROOM_ID, '{"data":' .. data .. ',"event":"' .. event .. '","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '","to":"' .. member .. '"}')
end
local function emit(event, data)
  local previous = newest()
  local id = write('XADD', STREAM, '*', 'data', data, 'event', event, 'channel', ROOM_ID)
  redis.call('PUBLISH', ROOM_ID, '{"data":' .. data .. ',"event":"' .. event .. '","channel":"' .. ROOM_ID ..
    '","id":"' .. id .. '","previous":"' .. previous .. '"}')
  return id
end
`,
};
