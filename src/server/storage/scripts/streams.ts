import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

/**
 * Whether a credential may listen. ARGV: room id, token hash.
 * Answers `ok`, the member, the room's end and Redis's now in ms, and the stream's newest id.
 */
export const authorizeStreamScript = new Script(
  roomScript(
    ['EMIT'],
    `
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
return {'ok', member, EXPIRES_AT, digits(NOW), newest()}
`,
  ),
);

/** Events after an id, oldest first. ARGV: room id, after, count. Answers `ok`, then the entries as XRANGE gives them. */
export const readEventsScript = new Script(
  roomScript(
    [],
    `
return {'ok', redis.call('XRANGE', STREAM, '(' .. ARGV[2], '+', 'COUNT', tonumber(ARGV[3]))}
`,
  ),
);

/**
 * One process says which members listen to it. Leases that ran out are dropped, and when the list of
 * those here differs from the last one published, it is published, once a second at most.
 * ARGV: room id, process id, lease in ms, shortest time between two events in ms, member ids.
 * Answers `ok`, the stream's newest id, and the ms to wait before a change that came too soon (0 when none did).
 */
export const heartbeatScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE'],
    `
local PROCESS, LEASE, GAP = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local listening = {}
for i = 5, #ARGV do
  -- A seat given up a moment ago may still have its stream open here.
  if redis.call('HEXISTS', MEMBERS, ARGV[i]) == 1 then listening[ARGV[i] .. '|' .. PROCESS] = true end
end
redis.call('ZREMRANGEBYSCORE', HERE, '-inf', digits(NOW))
for _, entry in ipairs(redis.call('ZRANGE', HERE, 0, -1)) do
  if string.match(entry, '|(.*)$') == PROCESS and not listening[entry] then redis.call('ZREM', HERE, entry) end
end
for entry in pairs(listening) do redis.call('ZADD', HERE, digits(NOW + LEASE), entry) end
until_the_end(HERE)

local ids, wait = here(), 0
local list = #ids > 0 and '["' .. table.concat(ids, '","') .. '"]' or '[]'
local told = redis.call('HMGET', ROOM, 'hereTold', 'hereToldAt')
if redis.sha1hex(list) ~= (told[1] or redis.sha1hex('[]')) then
  wait = math.max(0, tonumber(told[2] or 0) + GAP - NOW)
  if wait == 0 then
    redis.call('HSET', ROOM, 'hereTold', redis.sha1hex(list), 'hereToldAt', digits(NOW))
    redis.call('PUBLISH', ROOM_ID, '{"data":{"here":' .. list .. '},"event":"presence.changed","channel":"' ..
      ROOM_ID .. '","id":"' .. newest() .. '"}')
  end
end
return {'ok', newest(), digits(wait)}
`,
  ),
);
