import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { Rate } from '@/domain/limits';
import { ADDRESS_SECRET_KEY, addressKey } from './keys';
import { Script } from './lua/script';
import { ADDRESS_WRITES } from './lua/writes';
import { accepted } from './replies';

/** Returns `ok`, or `rate_limited` with the ms to wait. The list goes when its newest entry does. */
const countActScript = new Script({
  keys: ['times'],
  args: { rate: 'rate' },
  helpers: ADDRESS_WRITES,
  body: `
local first = redis.call('LINDEX', TIMES, -RATE.max)
local wait = first and tonumber(first) + RATE.window - NOW or 0
if wait > 0 then return {'rate_limited', digits(wait)} end
write_until(NOW + RATE.window, 'RPUSH', TIMES, digits(NOW))
redis.call('LTRIM', TIMES, -RATE.max, -1)
return {'ok'}
`,
});

/**
 * Counts one more act of a kind for an address, in a sliding window: the times of the last accepted ones are kept, and
 * the next is refused while the one `max` places back is younger than the window.
 *
 * @throws RoomError `rate_limited` with the time to wait
 */
export async function countAct(
  redis: Redis,
  { kind, addressHash, rate }: { kind: string; addressHash: string; rate: Rate },
): Promise<void> {
  accepted(await countActScript.run(redis, { times: addressKey(kind, addressHash) }, { rate }));
}

/** Returns `ok`, or `rate_limited` with the ms to wait. */
const leaseRoomScript = new Script({
  keys: ['times', 'leases'],
  args: { rate: 'rate', livingMax: 'number', leaseId: 'text', lifetimeMs: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
redis.call('ZREMRANGEBYSCORE', LEASES, '-inf', digits(NOW))
local wait, first = 0, redis.call('LINDEX', TIMES, -RATE.max)
if first then wait = tonumber(first) + RATE.window - NOW end
if redis.call('ZCARD', LEASES) >= LIVING_MAX then
  wait = math.max(wait, tonumber(redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')[2]) - NOW)
end
if wait > 0 then return {'rate_limited', digits(wait)} end
write_until(NOW + RATE.window, 'RPUSH', TIMES, digits(NOW))
redis.call('LTRIM', TIMES, -RATE.max, -1)
local ends_at = NOW + LIFETIME_MS
local last = tonumber(redis.call('ZRANGE', LEASES, -1, -1, 'WITHSCORES')[2] or 0)
write_until(math.max(ends_at, last), 'ZADD', LEASES, digits(ends_at), LEASE_ID)
return {'ok'}
`,
});

/** Rooms of an address that are alive, and those of them that are listed. */
export type LeaseKind = 'living' | 'listed';
const TIMES = { living: 'rooms', listed: 'listings' } as const satisfies Record<LeaseKind, string>;

interface RoomLease {
  kind: LeaseKind;
  addressHash: string;
  leaseId: string;
}

/**
 * Counts one more room of an address, or one more that it lists, within its limits for a window and for rooms at the same time. Each of
 * them has a lease, which ends when the room does.
 *
 * @throws RoomError `rate_limited` with the time to wait
 */
export async function leaseRoom(
  redis: Redis,
  { kind, addressHash, ...lease }: RoomLease & { rate: Rate; livingMax: number; lifetimeMs: number },
): Promise<void> {
  const keys = { times: addressKey(TIMES[kind], addressHash), leases: addressKey(kind, addressHash) };
  accepted(await leaseRoomScript.run(redis, keys, lease));
}

/** Returns `ok`. */
const giveBackRoomScript = new Script({
  keys: ['leases'],
  args: { leaseId: 'text' },
  helpers: ADDRESS_WRITES,
  body: `
redis.call('ZREM', LEASES, LEASE_ID)
return {'ok'}
`,
});

/** Gives back the lease of a room that ended before its time. */
export async function giveBackRoom(redis: Redis, { kind, addressHash, leaseId }: RoomLease): Promise<void> {
  accepted(await giveBackRoomScript.run(redis, { leases: addressKey(kind, addressHash) }, { leaseId }));
}

/** Returns `ok`. */
const prolongRoomScript = new Script({
  keys: ['leases'],
  args: { leaseId: 'text', endsAt: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
if redis.call('ZSCORE', LEASES, LEASE_ID) then
  local last = tonumber(redis.call('ZRANGE', LEASES, -1, -1, 'WITHSCORES')[2])
  write_until(math.max(ENDS_AT, last), 'ZADD', LEASES, digits(ENDS_AT), LEASE_ID)
end
return {'ok'}
`,
});

/** Prolongs the lease of a room whose end has moved. */
export async function prolongRoom(
  redis: Redis,
  { kind, addressHash, ...lease }: RoomLease & { endsAt: number },
): Promise<void> {
  accepted(await prolongRoomScript.run(redis, { leases: addressKey(kind, addressHash) }, lease));
}

/** Returns `ok` and the ms until the address may store more, 0 when it may. */
const addBytesScript = new Script({
  keys: ['times'],
  args: { steps: 'number', rate: 'rate' },
  helpers: ADDRESS_WRITES,
  body: `
for _ = 1, STEPS do write_until(NOW + RATE.window, 'RPUSH', TIMES, digits(NOW)) end
redis.call('LTRIM', TIMES, -RATE.max, -1)
local first = redis.call('LINDEX', TIMES, -RATE.max)
return {'ok', digits(first and math.max(0, tonumber(first) + RATE.window - NOW) or 0)}
`,
});

const waitSchema = z.tuple([z.coerce.number()]);

/** Adds steps of bytes to what an address stored of a kind, each with its time. Gives the ms until it may store more, 0 when it may. */
export async function addBytes(
  redis: Redis,
  { addressHash, kind, ...added }: { addressHash: string; kind: 'bytes' | 'fileBytes'; steps: number; rate: Rate },
): Promise<number> {
  const reply = await addBytesScript.run(redis, { times: addressKey(kind, addressHash) }, added);
  const [waitMs] = waitSchema.parse(accepted(reply).rest);
  return waitMs;
}

/** Returns `ok`, the secret, and the ms that it has left. */
const shareSecretScript = new Script({
  keys: ['secret'],
  args: { proposal: 'text', lifetimeMs: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
redis.call('SET', SECRET, PROPOSAL, 'NX', 'PX', digits(LIFETIME_MS))
return {'ok', redis.call('GET', SECRET), redis.call('PTTL', SECRET)}
`,
});

const secretSchema = z.tuple([z.string(), z.coerce.number()]);

/** The secret under which addresses are hashed: the one that is there, else the one proposed, for its lifetime. */
export async function shareSecret(
  redis: Redis,
  proposed: { proposal: string; lifetimeMs: number },
): Promise<{ secret: string; leftMs: number }> {
  const reply = await shareSecretScript.run(redis, { secret: ADDRESS_SECRET_KEY }, proposed);
  const [secret, leftMs] = secretSchema.parse(accepted(reply).rest);
  return { secret, leftMs };
}
