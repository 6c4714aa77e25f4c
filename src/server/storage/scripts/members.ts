import 'server-only';
import { roomScript } from './lua';
import { Script } from './script';

/**
 * The seats, for members. ARGV: room id, token hash.
 * Answers `ok`, the owner, the list of members here, then member ids and entries in turn.
 */
export const readMembersScript = new Script(
  roomScript(
    ['PRESENCE'],
    `
if not redis.call('HGET', TOKENS, ARGV[2]) then return {'not_a_member'} end
return {'ok', redis.call('HGET', ROOM, 'owner'), here(), redis.call('HGETALL', MEMBERS)}
`,
  ),
);

/**
 * Tells one's own name. It comes as JSON, ready for the event, and is kept so.
 * ARGV: room id, token hash, name as JSON, fits a sealed room, fits an open one, changes per member:
 * max, window; changes per room. Answers `ok`, the member, the owner, here, the entry.
 */
export const updateMemberScript = new Script(
  roomScript(
    ['EMIT', 'PRESENCE', 'RATES', 'CHANGES'],
    `
local NAME, FITS_SEALED, FITS_OPEN = ARGV[3], ARGV[4], ARGV[5]
local sealed = redis.call('HGET', ROOM, 'sealed')
if (sealed == '1' and FITS_SEALED or FITS_OPEN) == '0' then return {'invalid_request', sealed} end
local member = redis.call('HGET', TOKENS, ARGV[2])
if not member then return {'not_a_member'} end
local entry = redis.call('HGET', MEMBERS, member)
local seat, name = string.match(entry, '^(%d+:%d+:[^:]*:)(.*)$')
if name ~= NAME then
  local refused = refuse_change(member, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]))
  if refused then return refused end
  entry = seat .. NAME
  redis.call('HSET', MEMBERS, member, entry)
  until_the_end(MEMBERS)
  emit('member.updated', '{"memberId":"' .. member .. '","name":' .. NAME .. '}')
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
    ['EMIT', 'SEATS'],
    `
local REMOVED = ARGV[3]
local member = redis.call('HGET', TOKENS, ARGV[2])
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
