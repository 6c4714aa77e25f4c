import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import { type MemberId, memberIdSchema } from '@/domain/room';
import { EVENTS } from './lua/events';
import { OWNER_AWAY } from './lua/owner-away';
import { PRESENCE, PUBLISH_HERE } from './lua/presence';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { accepted } from './replies';

/** The list of the last publication, and its turn: how many publications there were. */
export interface PublishedHere {
  readonly here: readonly string[];
  readonly turn: number;
}

/** Turn and list at the end of a reply, two empty strings where they are left out. */
export const publishedHereSchema = z.pipe(
  z.tuple([z.string(), z.string()]),
  z.transform(([turn, here]): PublishedHere | null =>
    turn === '' ? null : { turn: Number(turn), here: here === '' ? [] : here.split(',').sort() },
  ),
);

/**
 * Returns `ok`, the member, the room's end and Redis's now in ms, the stream's newest id, the ms to wait
 * before a change that came too soon (0 when none did), and the turn and the list that were published last.
 */
const authorizeStreamScript = roomScript({
  parts: [EVENTS, HOLDER, OWNER_AWAY, PRESENCE, PUBLISH_HERE],
  args: {
    tokenHash: 'text',
    processId: 'text',
    leaseMs: 'number',
    /** The shortest time between two publications of who is here. */
    gapMs: 'number',
    /** Whether the last publication is wanted. */
    wantsHere: 'flag',
    /** The ms to wait when it is a stream too many, else 0. */
    refusedMs: 'number',
  },
  body: `
local member = redis.call('HGET', TOKENS, TOKEN_HASH)
if not member then return {'not_a_member'} end
vouch()
if REFUSED_MS > 0 then return {'rate_limited', digits(REFUSED_MS)} end
local entry = member .. '|' .. PROCESS_ID
local until_then = tonumber(redis.call('ZSCORE', HERE, entry) or 0)
local wait, turn, published = 0, '', ''
-- A Redis that is full refuses the note: the member may listen all the same.
if try_write('ZADD', HERE, digits(NOW + LEASE_MS), entry) then
  note_seen(member)
  note_stream(member, NOW + LEASE_MS)
  if until_then <= NOW or WANTS_HERE then wait = publish_here(GAP_MS) end
end
if WANTS_HERE then turn, published = published_here() end
return {'ok', member, EXPIRES_AT, digits(NOW), newest(), digits(wait), turn, published}
`,
});

const authorizedSchema = z.tuple([
  memberIdSchema,
  z.coerce.number(),
  z.coerce.number(),
  cursorSchema,
  z.coerce.number(),
]);

export interface AuthorizedStream {
  memberId: MemberId;
  /** Until the room expires, by Redis's clock. */
  leftMs: number;
  /** The stream's newest id. */
  newest: Cursor;
  /** The ms to wait when the change came too soon after the last one that was published; 0 when it is published. */
  waitMs: number;
  here: PublishedHere | null;
}

/**
 * Checks whether a credential may listen; if so, its member is here by one process from now on, as a heartbeat
 * would say. A stream too many is refused here, after the credential was checked and before anybody hears of it.
 */
export async function authorizeStream(
  redis: Redis,
  stream: ArgumentsOf<typeof authorizeStreamScript>,
): Promise<AuthorizedStream> {
  const { rest } = accepted(await authorizeStreamScript.run(redis, stream));
  const [memberId, expiresAt, now, newest, waitMs] = authorizedSchema.parse(rest.slice(0, 5));
  return { memberId, leftMs: expiresAt - now, newest, waitMs, here: publishedHereSchema.parse(rest.slice(5)) };
}

/**
 * Returns `ok`, the stream's newest id, the ms to wait before a change that came too soon (0 when none
 * did), and the turn and the list that were published last where the process should have received them and has
 * not, else two empty strings.
 */
const reportPresenceScript = roomScript({
  parts: [EVENTS, HOLDER, OWNER_AWAY, PRESENCE, PUBLISH_HERE],
  args: {
    processId: 'text',
    leaseMs: 'number',
    /** The shortest time between two publications of who is here. */
    gapMs: 'number',
    /** The turn that the process knows of who is here. */
    knownTurn: 'text',
    /** Ids, with a `-` before those who are away. */
    reported: 'texts',
  },
  body: `
local ended = redis.call('ZRANGEBYSCORE', HERE, '-inf', digits(NOW), 'WITHSCORES')
for i = 1, #ended, 2 do
  local member, at = string.match(ended[i], '^%w+'), tonumber(ended[i + 1])
  -- A process that died spoke for its members until then.
  if redis.call('HEXISTS', MEMBERS, member) == 1 and at > tonumber(redis.call('HGET', SEEN, member) or 0) then
    write('HSET', SEEN, member, digits(at))
  end
end
redis.call('ZREMRANGEBYSCORE', HERE, '-inf', digits(NOW))
local renewed, owner, owner_reported = {}, redis.call('HGET', ROOM, 'owner'), false
for _, report in ipairs(REPORTED) do
  local away, member = string.match(report, '^(%-?)(%w+)$')
  local entry, seated = member .. '|' .. PROCESS_ID, redis.call('HEXISTS', MEMBERS, member) == 1
  owner_reported = owner_reported or member == owner
  -- A seat given up a moment ago may still have its stream open here.
  if away == '' and seated then
    renewed[#renewed + 1] = {digits(NOW + LEASE_MS), entry}
  else
    redis.call('ZREM', HERE, entry)
    if seated then note_seen(member) end
  end
end
write_each('ZADD', HERE, renewed)
if owner_reported then note_owner_report() end
local wait, settled = publish_here(GAP_MS)
local turn, published = published_here()
if not settled or turn == KNOWN_TURN then turn, published = '', '' end
return {'ok', newest(), digits(wait), turn, published}
`,
});

const reportedSchema = z.tuple([cursorSchema, z.coerce.number()]);

export interface PresenceReport extends Omit<ArgumentsOf<typeof reportPresenceScript>, 'reported' | 'knownTurn'> {
  knownTurn: number;
  here: Iterable<MemberId>;
  away: Iterable<MemberId>;
}

export interface ReportedPresence {
  /** The stream's newest id. */
  newest: Cursor;
  /** The ms to wait when a change came too soon after the last one that was published; 0 when none did. */
  waitMs: number;
  /** The last publication, where the process should have received it and has not. */
  here: PublishedHere | null;
}

/**
 * Reports which members listen to a process, and which no longer do: a member who came since the report was begun
 * is in neither list, and stays. Leases that ran out are dropped, and when the list of those here differs
 * from the last one published, it is published, once in a while at most.
 */
export async function reportPresence(
  redis: Redis,
  { here, away, knownTurn, ...process }: PresenceReport,
): Promise<ReportedPresence> {
  const reported = [...here, ...Array.from(away, (memberId) => `-${memberId}`)];
  const reply = await reportPresenceScript.run(redis, { ...process, knownTurn: String(knownTurn), reported });
  const { rest } = accepted(reply);
  const [newest, waitMs] = reportedSchema.parse(rest.slice(0, 2));
  return { newest, waitMs, here: publishedHereSchema.parse(rest.slice(2)) };
}
