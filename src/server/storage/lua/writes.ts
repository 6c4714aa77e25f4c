import 'server-only';

/**
 * The writes of a room's scripts. A write gives its key the end of the room, so no key can outlive it. A script that
 * found the room alive cannot have created ROOM, which has had its end since the room was opened.
 *
 * A Redis that is full refuses `write` where nothing was written before, and the script with it; `try_write` makes a
 * note without which the script goes on, and returns nil when it was refused. `write_each` writes many entries to one key.
 */
export const roomWrites = (opensRoom: boolean): string => `
local function until_the_end(key)
  ${opensRoom ? '' : 'if key == ROOM then return end'}
  redis.call('PEXPIREAT', key, EXPIRES_AT)
end
local function write(command, key, ...)
  local reply = redis.call(command, key, ...)
  until_the_end(key)
  return reply
end
local function try_write(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  if type(reply) == 'table' and reply.err then return nil end
  until_the_end(key)
  return reply
end
local function write_each(command, key, entries)
  for _, entry in ipairs(entries) do redis.call(command, key, unpack(entry)) end
  if #entries > 0 then until_the_end(key) end
end
`;

/**
 * `move_end` gives every key of the room a later end, and the rest of the script with it. Nobody is to find a part of a room: where a key
 * reached its end while the script ran, all of them go, and the room is gone.
 */
export const moveEnd = (keys: readonly string[]): string => `
local function move_end(ends_at)
  local keys, moved = {${keys.join(', ')}}, 0
  local living = redis.call('EXISTS', unpack(keys))
  for _, key in ipairs(keys) do moved = moved + redis.call('PEXPIREAT', key, digits(ends_at)) end
  if moved < living then
    redis.call('DEL', unpack(keys))
    return false
  end
  EXPIRES_AT, IS_EXTENDED = digits(ends_at), '1'
  redis.call('HSET', ROOM, 'expiresAt', EXPIRES_AT, 'extended', '1')
  vouch()
  return true
end
`;

/** The write of scripts that keep something of an address or of the whole site, whose keys end at a moment of their own, in milliseconds. */
export const ADDRESS_WRITES = `
local function write_until(ends_at, command, key, ...)
  local reply = redis.call(command, key, ...)
  redis.call('PEXPIREAT', key, digits(ends_at))
  return reply
end
`;

/**
 * Commands that read, delete or publish. Any other may create a key, or set an end: a key whose end is set to a moment that has just passed is
 * deleted in the middle of the script, and the next write makes it again.
 */
const CREATES_NO_KEY = new Set([
  'DEL',
  'EXISTS',
  'GET',
  'HDEL',
  'HEXISTS',
  'HGET',
  'HGETALL',
  'HLEN',
  'HMGET',
  'LINDEX',
  'LTRIM',
  'PTTL',
  'PUBLISH',
  'XDEL',
  'XRANGE',
  'XREVRANGE',
  'ZCARD',
  'ZCOUNT',
  'ZRANGE',
  'ZRANGEBYSCORE',
  'ZREM',
  'ZREMRANGEBYSCORE',
  'ZSCORE',
]);

/**
 * Looks through a script for commands that could create a key without an expiry, or a key that is not declared and that
 * nothing would delete. Any use of `redis` other than a call with its command in quotes is refused, as it could hide one.
 *
 * @throws Error which names the place
 */
export function refuseDirectWrites(lua: string, keys: readonly string[]): void {
  for (const [place, command = '', rest = ''] of lua.matchAll(/\bredis\b(?:\.p?call\('(\w+)'(.*))?/g)) {
    const setsItsEnd = command === 'SET' && rest.includes("'PX'");
    if (!CREATES_NO_KEY.has(command) && !setsItsEnd) {
      throw new Error(`A script writes through write, try_write or write_each, never by itself: ${place}`);
    }
  }
  for (const [place, key = ''] of lua.matchAll(/\b(?:try_)?write(?:_each)?\((?:'\w+', (\w+))?/g)) {
    if (!keys.includes(key)) throw new Error(`A script writes to the keys that it declares: ${place}`);
  }
}
