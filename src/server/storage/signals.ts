import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { SEEN_MEMBERS_MAX, TYPING_MEMBERS_MAX } from '@/domain/limits';
import { type Cursor, cursorSchema } from '@/domain/message';
import { type MemberId, memberIdSchema, type RoomId } from '@/domain/room';
import { EVENTS } from './lua/events';
import { PACES } from './lua/rates';
import { type Part, roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { accepted, type Paced, paced } from './replies';

/** Published and not stored, so it carries the newest id: a listener who comes back with it misses nothing. */
const PUBLISH_SIGNALS: Part = {
  needs: [EVENTS],
  lua: `
local function publish_signals(data)
  redis.call('PUBLISH', ROOM_ID, '{"data":' .. data .. ',"event":"member.signals","channel":"' .. ROOM_ID ..
    '","id":"' .. newest() .. '"}')
end
`,
};

/** Returns `ok`, the member, and how far they have read where that is further than before, else an empty string. */
const noteSignalScript = roomScript({
  parts: [HOLDER, PACES, PUBLISH_SIGNALS],
  args: {
    tokenHash: 'text',
    /** Signals of a member. */
    pace: 'rate',
    /** `on` or `off`, or empty where it is not said. */
    typing: 'text',
    /** How far they have read, or empty. */
    cursor: 'text',
    /** Whether it is published at once. */
    publishes: 'flag',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('signals', member, PACE)
if refused then return refused end
local seats = tonumber(redis.call('HGET', ROOM, 'maxMembers'))
if TYPING ~= '' and seats > ${TYPING_MEMBERS_MAX} or CURSOR ~= '' and seats > ${SEEN_MEMBERS_MAX} then
  return {'signals_off'}
end

local function parse_id(id)
  local ms, sequence = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(sequence)
end
local function is_after(id, other)
  local ms, sequence = parse_id(id)
  local other_ms, other_sequence = parse_id(other)
  return ms > other_ms or ms == other_ms and sequence > other_sequence
end
local read_to = ''
if CURSOR ~= '' then
  local ms, sequence = parse_id(CURSOR)
  local cursor, last = digits(ms) .. '-' .. digits(sequence), newest()
  if is_after(cursor, last) then cursor = last end
  if is_after(cursor, redis.call('HGET', READ_TO, member) or '0-0') then
    read_to = cursor
    -- A Redis that is full refuses the note, and those who are here see it all the same.
    try_write('HSET', READ_TO, member, cursor)
  end
end

local parts = {}
if TYPING == 'on' then parts[1] = '"typing":["' .. member .. '"]' end
if read_to ~= '' then parts[#parts + 1] = '"seen":{"' .. member .. '":"' .. read_to .. '"}' end
if PUBLISHES and #parts > 0 then publish_signals('{' .. table.concat(parts, ',') .. '}') end
return {'ok', member, read_to}
`,
});

export interface NotedSignal {
  memberId: MemberId;
  /** How far the member has read; null where that is no further than before, or was not said. */
  seen: Cursor | null;
}

const notedSchema = z.tuple([memberIdSchema, z.union([cursorSchema, z.literal('')])]);

/** Checks a member's signal, and keeps how far they have read. The pace is the member's. */
export async function noteSignal(
  redis: Redis,
  signal: ArgumentsOf<typeof noteSignalScript>,
): Promise<Paced<NotedSignal>> {
  return paced(await noteSignalScript.run(redis, signal), (rest) => {
    const [memberId, seen] = notedSchema.parse(rest);
    return { memberId, seen: seen === '' ? null : seen };
  });
}

/** Returns `ok`. */
const publishSignalsScript = roomScript({
  parts: [PUBLISH_SIGNALS],
  args: { dataJson: 'text' },
  body: `
publish_signals(DATA_JSON)
return {'ok'}
`,
});

/** What members of a room have signalled since it was last published. */
export interface SignalsData {
  typing?: readonly MemberId[];
  seen?: Readonly<Record<MemberId, Cursor>>;
}

/** Publishes signals that were noted before. */
export async function publishSignals(redis: Redis, roomId: RoomId, data: SignalsData): Promise<void> {
  accepted(await publishSignalsScript.run(redis, { roomId, dataJson: JSON.stringify(data) }));
}
