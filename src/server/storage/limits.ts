import 'server-only';
import { Script } from './lua/script';

/**
 * A sliding window over what one address did: the times of the last accepted ones, oldest first.
 * The next is refused while the one `max` places back is younger than the window. The list goes when
 * its newest entry does. KEYS: the list. ARGV: max, window in ms.
 * Answers `ok`, or `rate_limited` with the ms to wait.
 */
export const addressLimitScript = new Script(`
local MAX, WINDOW = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000.0 + math.floor(tonumber(time[2]) / 1000)
local first = redis.call('LINDEX', KEYS[1], -MAX)
local wait = first and tonumber(first) + WINDOW - now or 0
if wait > 0 then return {'rate_limited', string.format('%.0f', wait)} end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], -MAX, -1)
redis.call('PEXPIRE', KEYS[1], WINDOW)
return {'ok'}
`);

/**
 * One more room of an address: at most so many in a window, and so many alive at once. Each that lives has a lease,
 * which ends when the room does. KEYS: the list of times, the leases. ARGV: max, window in ms, rooms alive, the
 * new lease, the room's life in ms. Answers `ok`, or `rate_limited` with the ms to wait.
 */
export const leaseRoomScript = new Script(`
local MAX, WINDOW, LIVING_MAX, LEASE, LIFETIME = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000.0 + math.floor(tonumber(time[2]) / 1000)
local function digits(number) return string.format('%.0f', number) end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', digits(now))
local wait, first = 0, redis.call('LINDEX', KEYS[1], -MAX)
if first then wait = tonumber(first) + WINDOW - now end
if redis.call('ZCARD', KEYS[2]) >= LIVING_MAX then
  wait = math.max(wait, tonumber(redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]) - now)
end
if wait > 0 then return {'rate_limited', digits(wait)} end
redis.call('RPUSH', KEYS[1], digits(now))
redis.call('LTRIM', KEYS[1], -MAX, -1)
redis.call('PEXPIRE', KEYS[1], WINDOW)
redis.call('ZADD', KEYS[2], digits(now + LIFETIME), LEASE)
redis.call('PEXPIREAT', KEYS[2], redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2])
return {'ok'}
`);

/** Gives the lease of a room back that ended before its time. KEYS: the leases. ARGV: the lease. Answers `ok`. */
export const giveBackRoomScript = new Script(`
redis.call('ZREM', KEYS[1], ARGV[1])
return {'ok'}
`);

/**
 * Adds steps of bytes to what an address stored, each with its time. KEYS: the list of times. ARGV: steps to add,
 * steps allowed in the window, window in ms. Answers `ok` and the ms until the address may store more, 0 when it may.
 */
export const addressBytesScript = new Script(`
local STEPS, MAX, WINDOW = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000.0 + math.floor(tonumber(time[2]) / 1000)
for _ = 1, STEPS do redis.call('RPUSH', KEYS[1], string.format('%.0f', now)) end
redis.call('LTRIM', KEYS[1], -MAX, -1)
redis.call('PEXPIRE', KEYS[1], WINDOW)
local first = redis.call('LINDEX', KEYS[1], -MAX)
return {'ok', string.format('%.0f', first and math.max(0, tonumber(first) + WINDOW - now) or 0)}
`);

/**
 * The secret under which addresses are hashed: the one that is there, else the one proposed, for a day.
 * KEYS: the secret. ARGV: a random proposal, its life in ms. Answers `ok`, the secret, its ms left.
 */
export const addressSecretScript = new Script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return {'ok', redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}
`);
