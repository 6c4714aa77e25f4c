import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

/**
 * Whether a credential may listen; if so, its member is here by one process from now on, as a heartbeat
 * would say. ARGV: room id, token hash, process id, lease in ms, shortest time between two events in
 * ms, whether the list of those here is wanted.
 * Answers `ok`, the member, the room's end and Redis's now in ms, the stream's newest id, the ms to wait
 * before a change that came too soon (0 when none did), and the list as JSON or the empty string.
 */
export const authorizeStreamScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE', 'TELL_HERE'],
    `
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
local entry, wanted = member .. '|' .. ARGV[3], ARGV[6] == '1'
local until_then = tonumber(redis.call('ZSCORE', HERE, entry) or 0)
redis.call('ZADD', HERE, digits(NOW + tonumber(ARGV[4])), entry)
until_the_end(HERE)
local wait, list = 0, ''
if until_then <= NOW or wanted then wait, list = tell_here(tonumber(ARGV[5]), wanted) end
return {'ok', member, EXPIRES_AT, digits(NOW), newest(), digits(wait), list}
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
 * One process says which members listen to it, and which do so no more: whoever came since it began to
 * speak is neither, and stays. Leases that ran out are dropped, and when the list of those here differs
 * from the last one published, it is published, once in a while at most.
 * ARGV: room id, process id, lease in ms, shortest time between two events in ms, member ids, with a `-`
 * before those who have gone.
 * Answers `ok`, the stream's newest id, the ms to wait before a change that came too soon (0 when none
 * did), and the list as JSON where it was published before, else the empty string.
 */
export const heartbeatScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE', 'TELL_HERE'],
    `
local PROCESS, LEASE, GAP = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', HERE, '-inf', digits(NOW))
for i = 5, #ARGV do
  local gone, member = string.match(ARGV[i], '^(%-?)(%w+)$')
  local entry = member .. '|' .. PROCESS
  -- A seat given up a moment ago may still have its stream open here.
  if gone == '' and redis.call('HEXISTS', MEMBERS, member) == 1 then
    redis.call('ZADD', HERE, digits(NOW + LEASE), entry)
  else
    redis.call('ZREM', HERE, entry)
  end
end
until_the_end(HERE)
local wait, list, settled = tell_here(GAP, true)
return {'ok', newest(), digits(wait), settled and list or ''}
`,
  ),
);
