import 'server-only';
import { roomScript } from './lua/room';
import { Script } from './lua/script';

/**
 * Whether a credential may listen; if so, its member is here by one process from now on, as a heartbeat
 * would say. A stream too many is refused here, after the credential was checked and before anybody is
 * told of it. ARGV: room id, token hash, process id, lease in ms, shortest time between two events in
 * ms, whether what was told of those here is wanted, the ms to wait when it is a stream too many (else 0).
 * Answers `ok`, the member, the room's end and Redis's now in ms, the stream's newest id, the ms to wait
 * before a change that came too soon (0 when none did), and the turn and the list that were told last.
 */
export const authorizeStreamScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'TELL_HERE'],
    `
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
if tonumber(ARGV[7]) > 0 then return {'rate_limited', ARGV[7]} end
local entry, wanted = member .. '|' .. ARGV[3], ARGV[6] == '1'
local until_then = tonumber(redis.call('ZSCORE', HERE, entry) or 0)
local wait, turn, told = 0, '', ''
-- A Redis that is full refuses the note: who is there may listen all the same.
if type(redis.pcall('ZADD', HERE, digits(NOW + tonumber(ARGV[4])), entry)) == 'number' then
  until_the_end(HERE)
  seen(member)
  if until_then <= NOW or wanted then wait = tell_here(tonumber(ARGV[5])) end
end
if wanted then turn, told = told_here() end
return {'ok', member, EXPIRES_AT, digits(NOW), newest(), digits(wait), turn, told}
`,
  ),
);

/** Read so many entries at a time: what is read beyond the end of a page stays small. */
const ENTRIES_AT_ONCE = 20;

/**
 * Events after an id, oldest first: a page ends at its count, or with the entry at which its bytes are reached.
 * ARGV: room id, after, count, bytes, the turn that is known of who is here (empty where that is not asked).
 * Answers `ok`, the entries as XRANGE gives them, whether more may follow, and the turn and the list that were
 * told last where that is another turn, else two empty strings.
 */
export const readEventsScript = new Script(
  roomScript(
    ['PRESENCE'],
    `
local COUNT, BYTES_MAX, KNOWN = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local turn, told = '', ''
if KNOWN ~= '' then turn, told = told_here() end
if turn == KNOWN then turn, told = '', '' end
local found, bytes, cursor, more = {}, 0, ARGV[2], '1'
while #found < COUNT and bytes < BYTES_MAX do
  local entries = redis.call('XRANGE', STREAM, '(' .. cursor, '+', 'COUNT', ${ENTRIES_AT_ONCE})
  for _, entry in ipairs(entries) do
    if #found == COUNT or bytes >= BYTES_MAX then break end
    cursor = entry[1]
    found[#found + 1] = entry
    for _, part in ipairs(entry[2]) do bytes = bytes + #part end
  end
  if #entries < ${ENTRIES_AT_ONCE} then
    if #entries == 0 or cursor == entries[#entries][1] then more = '0' end
    break
  end
end
return {'ok', found, more, turn, told}
`,
  ),
);

/**
 * One process says which members listen to it, and which do so no more: whoever came since it began to
 * speak is neither, and stays. Leases that ran out are dropped, and when the list of those here differs
 * from the last one published, that is told, once in a while at most.
 * ARGV: room id, process id, lease in ms, shortest time between two events in ms, the turn that the
 * process knows of who is here, member ids, with a `-` before those who have gone.
 * Answers `ok`, the stream's newest id, the ms to wait before a change that came too soon (0 when none
 * did), and the turn and the list that were told last where the process should have heard them and has
 * not, else two empty strings.
 */
export const heartbeatScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'TELL_HERE'],
    `
local PROCESS, LEASE, GAP, KNOWN = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local ended = redis.call('ZRANGEBYSCORE', HERE, '-inf', digits(NOW), 'WITHSCORES')
for i = 1, #ended, 2 do
  local member, at = string.match(ended[i], '^%w+'), tonumber(ended[i + 1])
  -- A process that died spoke for its members until then.
  if redis.call('HEXISTS', MEMBERS, member) == 1 and at > tonumber(redis.call('HGET', SEEN, member) or 0) then
    redis.call('HSET', SEEN, member, digits(at))
    until_the_end(SEEN)
  end
end
redis.call('ZREMRANGEBYSCORE', HERE, '-inf', digits(NOW))
for i = 6, #ARGV do
  local gone, member = string.match(ARGV[i], '^(%-?)(%w+)$')
  local entry, seated = member .. '|' .. PROCESS, redis.call('HEXISTS', MEMBERS, member) == 1
  -- A seat given up a moment ago may still have its stream open here.
  if gone == '' and seated then
    redis.call('ZADD', HERE, digits(NOW + LEASE), entry)
  else
    redis.call('ZREM', HERE, entry)
    if seated then seen(member) end
  end
end
until_the_end(HERE)
local wait, settled = tell_here(GAP)
local turn, told = told_here()
if not settled or turn == KNOWN then turn, told = '', '' end
return {'ok', newest(), digits(wait), turn, told}
`,
  ),
);
