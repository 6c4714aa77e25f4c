import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { Member } from '@/domain/member';
import { memberIdSchema } from '@/domain/room';
import { EVENTS } from './lua/events';
import { PRESENCE } from './lua/presence';
import { CHANGES, PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { SHARES } from './lua/shares';
import { accepted, fieldsOf, type Misfit, misfitOf, type Paced, paced } from './replies';

const rosterSchema = z.tuple([z.string(), z.array(z.string()), z.array(z.string())]);
/** `<order>:<joinedAt>:<token hash>:<seat>:<name as JSON, or nothing>`. */
const ENTRY = /^(\d+):(\d+):[^:]*:\d+:(.*)$/s;
const entrySchema = z.tuple([z.coerce.number(), z.coerce.number(), z.string()]);

function memberOf(
  id: string,
  entry: string,
  owner: string,
  here: ReadonlySet<string>,
): { order: number; member: Member } {
  const [order, joinedAt, name] = entrySchema.parse(ENTRY.exec(entry)?.slice(1));
  return {
    order,
    member: {
      memberId: memberIdSchema.parse(id),
      owner: id === owner,
      joinedAt,
      here: here.has(id),
      ...(name !== '' && { name: z.string().parse(JSON.parse(name)) }),
    },
  };
}

/** The members that a script returned, in the order in which they were seated. */
export function membersOf(rest: readonly unknown[]): Member[] {
  const [owner, hereIds, entries] = rosterSchema.parse(rest);
  const here = new Set(hereIds);
  return Object.entries(fieldsOf(entries))
    .map(([id, entry]) => memberOf(id, entry, owner, here))
    .sort((left, right) => left.order - right.order)
    .map(({ member }) => member);
}

/** Returns `ok`, the owner, the list of members here, then member ids and entries in turn. */
const listMembersScript = roomScript({
  parts: [HOLDER, PRESENCE, PACES],
  args: { tokenHash: 'text', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('members', member, PACE)
if refused then return refused end
return {'ok', redis.call('HGET', ROOM, 'owner'), here(), redis.call('HGETALL', MEMBERS)}
`,
});

/** The seats, for members. The pace is a member's. */
export async function listMembers(
  redis: Redis,
  reader: ArgumentsOf<typeof listMembersScript>,
): Promise<Paced<Member[]>> {
  return paced(await listMembersScript.run(redis, reader), membersOf);
}

/**
 * Returns `ok` or `unchanged`, the owner, the member if they are here, the member and their entry; or `invalid_request`
 * and whether the room is sealed.
 */
const renameMemberScript = roomScript({
  parts: [EVENTS, HOLDER, PRESENCE, PACES, SHARES, CHANGES],
  args: {
    tokenHash: 'text',
    /** JSON, ready for the event, and stored like that. */
    nameJson: 'text',
    fitsSealed: 'flag',
    fitsPlain: 'flag',
    /** Changes of a member. */
    rate: 'rate',
    /** Names of a member, the first one not counted. */
    namesMax: 'number',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    storageFull: 'flag',
    /** Ms that the sender's address has to wait. */
    addressWaitMs: 'number',
    /** Readings of a member. */
    pace: 'rate',
  },
  body: `
local sealed = redis.call('HGET', ROOM, 'sealed')
local fits_room = FITS_PLAIN
if sealed == '1' then fits_room = FITS_SEALED end
if not fits_room then return {'invalid_request', sealed} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local entry = redis.call('HGET', MEMBERS, member)
local seat, name = string.match(entry, '^(%d+:%d+:[^:]*:%d+:)(.*)$')

local function is_here()
  for _, listening in ipairs(entries_here()) do
    if string.sub(listening, 1, #member) == member then return {member} end
  end
  return {}
end
if name == NAME_JSON then
  local refused = refuse_read('members', member, PACE)
  return refused or {'unchanged', redis.call('HGET', ROOM, 'owner'), is_here(), {member, entry}}
end

local data = '{"memberId":"' .. member .. '","name":' .. NAME_JSON .. '}'
local share = share_of(member, 'bytes', BYTES_MAX)
if name ~= '' then
  local names = tonumber(redis.call('HGET', USED, 'changes:' .. member) or 0)
  if names >= NAMES_MAX or not fits(share, #data) then return {'message_limit_reached'} end
  if STORAGE_FULL then return {'storage_full'} end
  if ADDRESS_WAIT_MS > 0 then return {'rate_limited', digits(ADDRESS_WAIT_MS)} end
end
local refused = refuse_change(member, RATE)
if refused then return refused end
if name ~= '' then write('HINCRBY', USED, 'changes:' .. member, 1) end
use(share, #data)
entry = seat .. NAME_JSON
write('HSET', MEMBERS, member, entry)
emit('member.updated', data)
return {'ok', redis.call('HGET', ROOM, 'owner'), is_here(), {member, entry}}
`,
});

export interface Renamed {
  status: 'renamed' | 'unchanged';
  member: Member;
}

/**
 * Gives a member a name. The first one is free, so that no newcomer stays without one; later ones have a budget. All of
 * them count in the room's bytes. A name that is the same is no change, and is paced like a reading.
 */
export async function renameMember(
  redis: Redis,
  name: ArgumentsOf<typeof renameMemberScript>,
): Promise<Renamed | Misfit> {
  const reply = await renameMemberScript.run(redis, name);
  const misfit = misfitOf(reply);
  if (misfit !== null) return misfit;
  const { status, rest } = accepted(reply);
  const [member] = membersOf(rest);
  if (member === undefined) throw new Error('the script answered without a member');
  return { status: status === 'ok' ? 'renamed' : 'unchanged', member };
}

/** Returns `ok`, also when the same member was removed before. */
const unseatMemberScript = roomScript({
  parts: [EVENTS, HOLDER, SEATS],
  args: { tokenHash: 'text', memberId: 'text' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
if redis.call('HEXISTS', MEMBERS, MEMBER_ID) == 0 then
  return {redis.call('HEXISTS', ROOM, 'removed:' .. MEMBER_ID) == 1 and 'ok' or 'not_found'}
end
stand_up(MEMBER_ID, 'removed')
write('HSET', ROOM, 'removed:' .. MEMBER_ID, '1')
return {'ok'}
`,
});

/**
 * Removes a member, for the owner: seat, credential and place among those here go at once. The room remembers the
 * removed member, so that a repeat finds its own work done.
 */
export async function unseatMember(redis: Redis, removal: ArgumentsOf<typeof unseatMemberScript>): Promise<void> {
  accepted(await unseatMemberScript.run(redis, removal));
}
