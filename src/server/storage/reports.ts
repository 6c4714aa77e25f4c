import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { ReportedRoom } from '@/domain/lobby';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { shownName } from '@/domain/text-rules';
import { holdingsOf, type RoomHoldings } from './holdings';
import { LOBBY_KEYS } from './keys';
import { DESTROY } from './lua/destroy';
import { EVENTS } from './lua/events';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import { runTogether } from './lua/run-together';
import { type ArgumentsOf, Script } from './lua/script';
import { HOLDER } from './lua/seats';
import { ADDRESS_WRITES } from './lua/writes';
import { accepted, type Paced, paced } from './replies';

/** Returns `ok` or `taken_off`, the room's end, and the lease that a listing has given up. An entry of REPORTS is `<time>:<reason as JSON, or nothing>`. */
const reportRoomScript = roomScript({
  parts: [EVENTS, HOLDER, PACES],
  args: {
    tokenHash: 'text',
    addressHash: 'text',
    /** Empty where none is given. */
    reasonJson: 'text',
    pace: 'rate',
    /** Addresses that take the room off the list, whose reasons are kept, and that are counted. */
    offAt: 'number',
    reasonsMax: 'number',
    countedMax: 'number',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local room = redis.call('HMGET', ROOM, 'listed', 'offList', 'listing')
if room[1] ~= '1' and room[2] ~= '1' then return {'lobby_off'} end
local refused = refuse_read('reports', member, PACE)
if refused then return refused end
local count = redis.call('HLEN', REPORTS)
if redis.call('HEXISTS', REPORTS, ADDRESS_HASH) == 0 and count < COUNTED_MAX then
  write('HSET', REPORTS, ADDRESS_HASH, digits(NOW) .. ':' .. (count < REASONS_MAX and REASON_JSON or ''))
  count = count + 1
end
if count < OFF_AT or room[1] ~= '1' then return {'ok', EXPIRES_AT, ''} end
write('HSET', ROOM, 'listed', '0', 'offList', '1', 'listing', '')
emit('room.updated', '{"listed":false}')
return {'taken_off', EXPIRES_AT, room[3] or ''}
`,
});

const reportedSchema = z.tuple([z.coerce.number(), z.string()]);

/**
 * Notes that a member of a listed room reports it: once for each address, whatever is said a second time. The report of the last address that
 * it takes is the end of the listing, for good, and frees its lease; reports are still taken after it.
 */
export async function reportRoom(
  redis: Redis,
  report: ArgumentsOf<typeof reportRoomScript>,
): Promise<Paced<{ takenOff: boolean; endsAt: number; freed: string }>> {
  const reply = await reportRoomScript.run(redis, report);
  return paced(reply, (rest) => {
    const [endsAt, freed] = reportedSchema.parse(rest);
    return { takenOff: reply[0] === 'taken_off', endsAt, freed };
  });
}

/** Returns `ok`. */
const noteReportedScript = new Script({
  keys: ['reported'],
  args: { reportedId: 'text', endsAt: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
redis.call('ZREMRANGEBYSCORE', REPORTED, '-inf', digits(NOW))
local last = tonumber(redis.call('ZRANGE', REPORTED, -1, -1, 'WITHSCORES')[2] or 0)
write_until(math.max(ENDS_AT, last), 'ZADD', REPORTED, digits(ENDS_AT), REPORTED_ID)
return {'ok'}
`,
});

/** Notes where the operator finds reports: the ids alone, each for as long as its room. */
export async function noteReported(redis: Redis, roomId: RoomId, endsAt: number): Promise<void> {
  accepted(await noteReportedScript.run(redis, LOBBY_KEYS, { reportedId: roomId, endsAt }));
}

/** Returns `ok` and the ids of reported rooms. */
const listReportedScript = new Script({
  keys: ['reported'],
  args: { idsMax: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
redis.call('ZREMRANGEBYSCORE', REPORTED, '-inf', digits(NOW))
return {'ok', redis.call('ZRANGE', REPORTED, -IDS_MAX, -1)}
`,
});

/** Returns `ok`, the topic, and the reports. */
const readReportsScript = roomScript({
  parts: [],
  args: {},
  body: `
return {'ok', redis.call('HGET', ROOM, 'topic') or '', redis.call('HGETALL', REPORTS)}
`,
});

const idsSchema = z.tuple([z.array(roomIdSchema)]);
const reportsSchema = z.tuple([z.literal('ok'), z.string(), z.array(z.string())]);
const reasonSchema = z.string();

function reportedOf(roomId: RoomId, reply: readonly unknown[]): ReportedRoom[] {
  const found = reportsSchema.safeParse(reply);
  // It has ended since.
  if (!found.success) return [];
  const [, topic, flat] = found.data;
  const entries = flat.filter((_, index) => index % 2 === 1).map((entry) => /^(\d+):(.*)$/s.exec(entry));
  const times = entries.map((entry) => Number(entry?.[1]));
  // They are read in a terminal: no reason controls it, or turns what stands beside it around.
  const reasons = entries.flatMap((entry) => (entry?.[2] ? [shownName(reasonSchema.parse(JSON.parse(entry[2])))] : []));
  return times.length === 0 ? [] : [{ roomId, topic, times: times.length, reasons, at: Math.max(...times) }];
}

/** The reported rooms that are alive, the one reported last first. */
export async function readReports(redis: Redis, idsMax: number): Promise<ReportedRoom[]> {
  const [ids] = idsSchema.parse(accepted(await listReportedScript.run(redis, LOBBY_KEYS, { idsMax })).rest);
  const replies = await runTogether(
    redis,
    ids.map((roomId) => readReportsScript.call({ roomId })),
  );
  const reported = ids.flatMap((roomId, index) => reportedOf(roomId, replies[index] ?? []));
  return reported.sort((one, other) => other.at - one.at);
}

/** Returns `ok` and what the room had of others, or `not_found` where nobody has reported it. */
const endReportedScript = roomScript({
  parts: [DESTROY],
  args: {},
  body: `
if redis.call('HLEN', REPORTS) == 0 then return {'not_found'} end
return destroy()
`,
});

/** Ends a reported room, for the operator, as its owner would. Gives what the room had of others, to be given back. */
export async function endReported(redis: Redis, roomId: RoomId): Promise<RoomHoldings> {
  return holdingsOf(accepted(await endReportedScript.run(redis, { roomId })).rest);
}
