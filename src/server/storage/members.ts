import 'server-only';
import { roomScript } from './lua/room';
import { Script } from './lua/script';

/**
 * The seats, for members. ARGV: room id, token hash, pace of a member: max, window.
 * Answers `ok`, the owner, the list of members here, then member ids and entries in turn.
 */
export const readMembersScript = new Script(
  roomScript(
    ['SEEN', 'PRESENCE', 'PACES'],
    `
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
local refused = refuse_read('members', member, tonumber(ARGV[3]), tonumber(ARGV[4]))
if refused then return refused end
return {'ok', redis.call('HGET', ROOM, 'owner'), here(), redis.call('HGETALL', MEMBERS)}
`,
  ),
);

/**
 * Tells one's own name. It comes as JSON, ready for the event, and is kept so. The first name is free, so that no
 * newcomer stays without one; later ones have a budget. All of them count in the room's bytes. A name that is the same
 * is paced like a reading, as it is none.
 * ARGV: room id, token hash, name as JSON, fits a sealed room, fits an open one, changes per member:
 * max, window; names of a member, bytes a room holds, whether the storage is full, ms that the sender's address has to
 * wait, pace of readings: max, window. Answers `ok` or `unchanged`, the member, the owner, whether the member is here, the entry.
 */
export const updateMemberScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'RATES', 'PACES', 'SHARES', 'CHANGES'],
    `
local NAME, FITS_SEALED, FITS_OPEN = ARGV[3], ARGV[4], ARGV[5]
local NAMES_MAX, BYTES_MAX, FULL, ADDRESS_WAIT = tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10], tonumber(ARGV[11])
local sealed = redis.call('HGET', ROOM, 'sealed')
if (sealed == '1' and FITS_SEALED or FITS_OPEN) == '0' then return {'invalid_request', sealed} end
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
local entry = redis.call('HGET', MEMBERS, member)
local seat, name = string.match(entry, '^(%d+:%d+:[^:]*:%d+:)(.*)$')

local function is_here()
  for _, listening in ipairs(entries_here()) do
    if string.sub(listening, 1, #member) == member then return {member} end
  end
  return {}
end
if name == NAME then
  local refused = refuse_read('members', member, tonumber(ARGV[12]), tonumber(ARGV[13]))
  return refused or {'unchanged', redis.call('HGET', ROOM, 'owner'), is_here(), {member, entry}}
end

local data = '{"memberId":"' .. member .. '","name":' .. NAME .. '}'
local share = share_of(member, 'bytes', BYTES_MAX)
if name ~= '' then
  local names = tonumber(redis.call('HGET', USED, 'changes:' .. member) or 0)
  if names >= NAMES_MAX or not fits(share, #data) then return {'message_limit_reached'} end
  if FULL == '1' then return {'storage_full'} end
  if ADDRESS_WAIT > 0 then return {'rate_limited', digits(ADDRESS_WAIT)} end
end
local refused = refuse_change(member, tonumber(ARGV[6]), tonumber(ARGV[7]))
if refused then return refused end
if name ~= '' then redis.call('HINCRBY', USED, 'changes:' .. member, 1) end
use(share, #data)
entry = seat .. NAME
redis.call('HSET', MEMBERS, member, entry)
until_the_end(MEMBERS)
emit('member.updated', data)
return {'ok', redis.call('HGET', ROOM, 'owner'), is_here(), {member, entry}}
`,
  ),
);

/**
 * Puts a member out: seat, credential and place among those here go at once. The room remembers whom
 * it put out, so that a repeat finds its own work done. ARGV: room id, token hash, member id.
 */
export const removeMemberScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'SEATS'],
    `
local REMOVED = ARGV[3]
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
if redis.call('HEXISTS', MEMBERS, REMOVED) == 0 then
  return {redis.call('HEXISTS', ROOM, 'removed:' .. REMOVED) == 1 and 'ok' or 'not_found'}
end
stand_up(REMOVED, 'removed')
redis.call('HSET', ROOM, 'removed:' .. REMOVED, '1')
return {'ok'}
`,
  ),
);
