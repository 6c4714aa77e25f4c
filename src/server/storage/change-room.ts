import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Rate } from '@/domain/limits';
import type { UpdateRoom } from '@/domain/requests';
import type { Room, RoomId } from '@/domain/room';
import { ADDRESSES } from './lua/addresses';
import { EVENTS } from './lua/events';
import { CHANGES } from './lua/rates';
import { roomScript } from './lua/room';
import { HOLDER } from './lua/seats';
import { roomOf, VIEW } from './lua/view';
import { accepted, fieldsOf } from './replies';

/**
 * Returns `ok` and the view, with `freed`, the lease of a listing that the room does not have any more or did not take; or `invalid_request` and
 * what keeps the room from being listed; or `unleased` where that takes a lease, and none was given. Each change is the empty text where it is not asked for.
 */
const changeRoomScript = roomScript({
  parts: [ADDRESSES, HOLDER, VIEW, CHANGES, EVENTS],
  args: {
    tokenHash: 'text',
    locked: 'text',
    entry: 'text',
    listed: 'text',
    topic: 'text',
    /** The same as JSON, ready for the event. */
    topicJson: 'text',
    language: 'text',
    clearsLanguage: 'flag',
    slowModeSeconds: 'text',
    /** The lease of the owner's address for its listed room; empty where it needs none. */
    listing: 'text',
    /** Keyed hash of where the owner is who lists the room; empty with any other change. */
    addressHash: 'text',
    /** Whether no room is listed without a lease. */
    needsLease: 'flag',
    rate: 'rate',
  },
  body: `
local room = redis.call('HMGET', ROOM, 'sealed', 'topic', 'owner', 'offList', 'listing')
if LISTED == '1' and room[1] == '1' then return {'invalid_request', 'listed'} end
if LISTED == '1' and TOPIC == '' and (room[2] or '') == '' then return {'invalid_request', 'topic'} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if room[3] ~= member then return {'not_the_owner'} end
if LISTED == '1' and room[4] == '1' then return {'lobby_off'} end

local function flag(value) return value == '1' and 'true' or 'false' end
local function quoted(value) return '"' .. value .. '"' end
local function bare(value) return value end
-- A lease that is the room's already was taken by the request of which this is the repeat.
local freed, fields, data, was = LISTING ~= room[5] and LISTING or '', {}, {}, {}
local function set(name, value, json)
  fields[#fields + 1], fields[#fields + 2] = name, value
  data[#data + 1] = '"' .. name .. '":' .. json
end
local function change(name, asked, unset, json)
  was[name] = redis.call('HGET', ROOM, name) or unset
  if asked ~= '' and asked ~= was[name] then set(name, asked, json(asked)) end
end
change('locked', LOCKED, '0', flag)
change('entry', ENTRY, 'open', quoted)
change('listed', LISTED, '0', flag)
change('topic', TOPIC, '', function() return TOPIC_JSON end)
change('language', LANGUAGE, '', quoted)
if CLEARS_LANGUAGE and was.language ~= '' then set('language', '', 'null') end
change('slowModeSeconds', SLOW_MODE_SECONDS, '0', bare)
if LISTED == '1' and was.listed == '0' and NEEDS_LEASE and LISTING == '' then return {'unleased'} end
if #fields > 0 then
  -- A Redis that is full refuses no script that has deleted something before it writes, or has tried to: the owner's hand is not
  -- tied by that either. Setting ROOM's end would delete it in its last millisecond, and the writes below would make it again without one.
  redis.call('HDEL', ROOM, '-')
  local refused = refuse_change(member, RATE)
  if refused then return refused end
  if LISTED ~= '' and LISTED ~= was.listed then
    freed = room[5] or ''
    fields[#fields + 1], fields[#fields + 2] = 'listing', LISTING
  end
  write('HSET', ROOM, unpack(fields))
  note_address(member, ADDRESS_HASH)
  emit('room.updated', '{' .. table.concat(data, ',') .. '}')
end
local seen = view('ok', member)
seen[#seen + 1], seen[#seen + 2] = 'freed', freed
return seen
`,
});

const flagOf = (asked: boolean | undefined) => (asked === undefined ? '' : asked ? '1' : '0');

interface RoomChange {
  roomId: RoomId;
  tokenHash: string;
  change: UpdateRoom;
  listing: string;
  addressHash: string;
  needsLease: boolean;
  rate: Rate | null;
}

export type ChangedRoom =
  | { status: 'changed'; room: Room; freed: string }
  /** A sealed room is not listed, nor one without a topic. */
  | { status: 'unfit'; path: 'listed' | 'topic' }
  | { status: 'unleased' };

/** Changes what the owner may say of the room, for its owner; everybody hears of what is different afterwards. The rate is of one member's changes. */
export async function changeRoom(redis: Redis, { change, ...asked }: RoomChange): Promise<ChangedRoom> {
  const reply = await changeRoomScript.run(redis, {
    ...asked,
    locked: flagOf(change.locked),
    entry: change.entry ?? '',
    listed: flagOf(change.listed),
    topic: change.topic ?? '',
    topicJson: JSON.stringify(change.topic ?? ''),
    language: change.language ?? '',
    clearsLanguage: change.language === null,
    slowModeSeconds: change.slowModeSeconds === undefined ? '' : String(change.slowModeSeconds),
  });
  if (reply[0] === 'invalid_request') return { status: 'unfit', path: reply[1] === 'topic' ? 'topic' : 'listed' };
  const { status, rest } = accepted(reply);
  if (status === 'unleased') return { status };
  return { status: 'changed', room: roomOf(asked.roomId, rest).room, freed: fieldsOf(rest).freed ?? '' };
}
