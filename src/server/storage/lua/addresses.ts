import 'server-only';
import type { Part } from './room';

/**
 * Where the members of a listed room come from, as keyed hashes of their addresses that mean nothing in another room: whoever was
 * removed does not come back from there for the room's life. Rooms that were not listed when somebody sat down know nothing of them.
 */
export const ADDRESSES: Part = {
  lua: `
local function refused_address(hash)
  return hash ~= '' and redis.call('HEXISTS', ADDRESSES, 'refused:' .. hash) == 1
end
local function note_address(member, hash)
  if hash ~= '' and redis.call('HGET', ROOM, 'listed') == '1' then write('HSET', ADDRESSES, member, hash) end
end
local function address_of(member) return redis.call('HGET', ADDRESSES, member) end
-- After the seat has gone: a Redis that is full refuses no script that has deleted something before it writes.
local function refuse_address(hash)
  if hash and redis.call('HGET', ROOM, 'listed') == '1' then write('HSET', ADDRESSES, 'refused:' .. hash, '1') end
end
`,
};
