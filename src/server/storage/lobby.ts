import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { LISTED_OWNER_AWAY_MS, LOBBY_INDEX_READ_MAX } from '@/domain/limits';
import { type ListedRoom, listedRoomSchema } from '@/domain/lobby';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { LOBBY_KEYS } from './keys';
import { OWNER_AWAY } from './lua/owner-away';
import { PRESENCE } from './lua/presence';
import { roomScript } from './lua/room';
import { runTogether } from './lua/run-together';
import { Script } from './lua/script';
import { ADDRESS_WRITES } from './lua/writes';
import { accepted, fieldsOf } from './replies';

/**
 * Takes the ids of rooms that have ended out of the index: out of MADE as well, which knows no ends and would keep those that ENDS has
 * forgotten for as long as rooms are listed.
 */
const FORGET_ENDED = `
local function forget_ended()
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', ENDS, '-inf', digits(NOW))) do redis.call('ZREM', MADE, id) end
  redis.call('ZREMRANGEBYSCORE', ENDS, '-inf', digits(NOW))
end
`;

/** Notes `member` until `ends_at`, and gives the key the end of what lasts longest in it. */
const UNTIL = `
local function note_until(ends_at, key, member)
  local last = math.max(ends_at, tonumber(redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')[2] or 0))
  write_until(last, 'ZADD', key, digits(ends_at), member)
  return last
end
`;

/** Returns `ok`. */
const enterScript = new Script({
  keys: ['living', 'made', 'ends'],
  args: {
    /** The room's token among the living ones; empty where it stays as it is. */
    token: 'text',
    /** The id of a listed room; empty for any other. */
    listedId: 'text',
    /** 0 for now. */
    madeAt: 'number',
    /** 0 for a room that is being made. */
    endsAt: 'number',
    lifetimeMs: 'number',
  },
  helpers: ADDRESS_WRITES + FORGET_ENDED + UNTIL,
  body: `
local ends_at = ENDS_AT > 0 and ENDS_AT or NOW + LIFETIME_MS
redis.call('ZREMRANGEBYSCORE', LIVING, '-inf', digits(NOW))
forget_ended()
if TOKEN ~= '' then note_until(ends_at, LIVING, TOKEN) end
if LISTED_ID ~= '' then
  local last = note_until(ends_at, ENDS, LISTED_ID)
  write_until(last, 'ZADD', MADE, digits(MADE_AT > 0 and MADE_AT or NOW), LISTED_ID)
end
return {'ok'}
`,
});

/**
 * Counts a room among the living ones, and enters a listed one into the index, until it ends. Its id says nothing of it: readers look at the
 * room itself, so an id may stand here before its room is listed. Repeated with another end, it lasts until then.
 */
export async function enterLobby(
  redis: Redis,
  room: { token?: string; listedId?: string; madeAt?: number } & ({ endsAt: number } | { lifetimeMs: number }),
): Promise<void> {
  const given = { token: '', listedId: '', madeAt: 0, endsAt: 0, lifetimeMs: 0, ...room };
  accepted(await enterScript.run(redis, LOBBY_KEYS, given));
}

/** Returns `ok`. */
const leaveScript = new Script({
  keys: ['living', 'made', 'ends', 'reported'],
  args: { token: 'text', listedId: 'text', endedId: 'text' },
  helpers: ADDRESS_WRITES,
  body: `
if TOKEN ~= '' then redis.call('ZREM', LIVING, TOKEN) end
if LISTED_ID ~= '' then
  redis.call('ZREM', MADE, LISTED_ID)
  redis.call('ZREM', ENDS, LISTED_ID)
end
if ENDED_ID ~= '' then redis.call('ZREM', REPORTED, ENDED_ID) end
return {'ok'}
`,
});

/** Takes a room out again before its time: `listedId` out of the index, `token` from among the living, `endedId` from among those reported. */
export async function leaveLobby(
  redis: Redis,
  room: { token?: string; listedId?: string; endedId?: string },
): Promise<void> {
  accepted(await leaveScript.run(redis, LOBBY_KEYS, { token: '', listedId: '', endedId: '', ...room }));
}

/** Returns `ok`. The newest lease ends last, so that the key lasts as long as any. */
const reportPeopleScript = new Script({
  keys: ['people'],
  args: { processId: 'text', count: 'number', leaseMs: 'number' },
  helpers: ADDRESS_WRITES,
  body: `
local all = redis.call('HGETALL', PEOPLE)
for i = 1, #all, 2 do
  if tonumber(string.match(all[i + 1], '%d+$')) <= NOW then redis.call('HDEL', PEOPLE, all[i]) end
end
local ends_at = NOW + LEASE_MS
write_until(ends_at, 'HSET', PEOPLE, PROCESS_ID, digits(COUNT) .. ':' .. digits(ends_at))
return {'ok'}
`,
});

/** Says how many people have a stream at a process, for as long as the lease. */
export async function reportPeople(
  redis: Redis,
  { processId, people, leaseMs }: { processId: string; people: number; leaseMs: number },
): Promise<void> {
  accepted(await reportPeopleScript.run(redis, LOBBY_KEYS, { processId, count: people, leaseMs }));
}

/** Returns `ok`, the time, the number of living rooms, the processes with what they reported, and the ids of the index, the newest last. */
const readIndexScript = new Script({
  keys: ['living', 'made', 'ends', 'people'],
  args: { idsMax: 'number' },
  helpers: ADDRESS_WRITES + FORGET_ENDED,
  body: `
forget_ended()
return {'ok', digits(NOW), redis.call('ZCOUNT', LIVING, '(' .. digits(NOW), '+inf'), redis.call('HGETALL', PEOPLE),
  redis.call('ZRANGE', MADE, -IDS_MAX, -1)}
`,
});

/** Returns `listed` and what is shown of a listed room with a free seat that is looked after, else `hidden`. */
const readListedScript = roomScript({
  parts: [OWNER_AWAY, PRESENCE],
  args: { ownerAwayMs: 'number' },
  body: `
local room = redis.call('HMGET', ROOM, 'listed', 'locked', 'maxMembers', 'owner', 'topic', 'language', 'createdAt')
local members = redis.call('HLEN', MEMBERS)
if room[1] ~= '1' or room[2] == '1' or members >= tonumber(room[3]) then return {'hidden'} end
if room[4] == '' or owner_away_ms() >= OWNER_AWAY_MS then return {'hidden'} end
return {'listed', 'topic', room[5], 'language', room[6] or '', 'members', members, 'here', here_count(),
  'maxMembers', room[3], 'createdAt', room[7], 'expiresAt', EXPIRES_AT}
`,
});

const indexSchema = z.tuple([
  z.literal('ok'),
  z.coerce.number(),
  z.coerce.number(),
  z.array(z.string()),
  z.array(roomIdSchema),
]);

/** The whole site as Redis has it. */
export interface StoredLobby {
  now: number;
  /** Living rooms. */
  rooms: number;
  /** People with a stream, by process. */
  people: ReadonlyMap<string, number>;
  /** The ids of the index, to be read along next time. */
  ids: readonly RoomId[];
  /** In no order. */
  listed: ListedRoom[];
}

function peopleOf(flat: readonly string[], now: number): Map<string, number> {
  const people = new Map<string, number>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [count, endsAt] = (flat[index + 1] ?? '').split(':').map(Number);
    if (Number(endsAt) > now) people.set(flat[index] ?? '', Number(count));
  }
  return people;
}

function listedOf(roomId: RoomId, [status, ...rest]: readonly unknown[]): ListedRoom[] {
  // A room that has ended answers that it is not there.
  if (status !== 'listed') return [];
  const { topic = '', language = '', ...numbers } = fieldsOf(rest);
  const counted = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  return [listedRoomSchema.parse({ roomId, topic, ...(language !== '' && { language }), ...counted })];
}

const readListed = (roomId: RoomId) => readListedScript.call({ roomId, ownerAwayMs: LISTED_OWNER_AWAY_MS });

/**
 * Reads the site in one pipeline: the index, and the rooms that stood in it the last time. Those that are new in it are read after it, in
 * one pipeline more.
 */
export async function readLobby(redis: Redis, knownIds: readonly RoomId[]): Promise<StoredLobby> {
  const index = readIndexScript.call(LOBBY_KEYS, { idsMax: LOBBY_INDEX_READ_MAX });
  const [first = [], ...known] = await runTogether(redis, [index, ...knownIds.map(readListed)]);
  const [, now, rooms, people, ids] = indexSchema.parse(first);
  const newIds = ids.filter((id) => !knownIds.includes(id));
  const added = await runTogether(redis, newIds.map(readListed));
  const listed = [
    ...known.flatMap((reply, at) => (knownIds[at] === undefined ? [] : listedOf(knownIds[at], reply))),
    ...added.flatMap((reply, at) => (newIds[at] === undefined ? [] : listedOf(newIds[at], reply))),
  ];
  const indexed = new Set(ids);
  return { now, rooms, people: peopleOf(people, now), ids, listed: listed.filter(({ roomId }) => indexed.has(roomId)) };
}
