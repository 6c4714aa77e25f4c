import 'server-only';
import { Script } from './script';

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
 * The secret under which addresses are hashed: the one that is there, else the one proposed, for a day.
 * KEYS: the secret. ARGV: a random proposal, its life in ms. Answers `ok`, the secret, its ms left.
 */
export const addressSecretScript = new Script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return {'ok', redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}
`);
