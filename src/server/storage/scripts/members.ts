import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

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
 * newcomer stays without one; a guest's later ones have a budget, and count in the seat's share of bytes.
 * ARGV: room id, token hash, name as JSON, fits a sealed room, fits an open one, changes per member:
 * max, window; names of a guest, bytes a room holds. Answers `ok`, the member, the owner, here, the entry.
 */
export const updateMemberScript = new Script(
  roomScript(
    ['EMIT', 'SEEN', 'PRESENCE', 'RATES', 'SHARES', 'CHANGES'],
    `
local NAME, FITS_SEALED, FITS_OPEN = ARGV[3], ARGV[4], ARGV[5]
local NAMES_MAX, BYTES_MAX = tonumber(ARGV[8]), tonumber(ARGV[9])
local sealed = redis.call('HGET', ROOM, 'sealed')
if (sealed == '1' and FITS_SEALED or FITS_OPEN) == '0' then return {'invalid_request', sealed} end
local member = holder(ARGV[2])
if not member then return {'not_a_member'} end
local entry = redis.call('HGET', MEMBERS, member)
local seat, name = string.match(entry, '^(%d+:%d+:[^:]*:%d+:)(.*)$')
if name ~= NAME then
  local data = '{"memberId":"' .. member .. '","name":' .. NAME .. '}'
  local share = share_of(member, 'bytes', BYTES_MAX)
  local counted = name ~= '' and not share.owns
  if counted then
    local names = tonumber(redis.call('HGET', USED, 'changes:' .. member) or 0)
    if names >= NAMES_MAX or not fits(share, #data) then return {'message_limit_reached'} end
  end
  local refused = refuse_change(member, tonumber(ARGV[6]), tonumber(ARGV[7]))
  if refused then return refused end
  if counted then
    redis.call('HINCRBY', USED, 'changes:' .. member, 1)
    use(share, #data)
  end
  entry = seat .. NAME
  redis.call('HSET', MEMBERS, member, entry)
  until_the_end(MEMBERS)
  emit('member.updated', data)
end
return {'ok', redis.call('HGET', ROOM, 'owner'), here(), {member, entry}}
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
