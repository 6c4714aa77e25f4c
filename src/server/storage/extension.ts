import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Room } from '@/domain/room';
import type { RoomHoldings } from './holdings';
import { EVENTS } from './lua/events';
import { EXTENSION } from './lua/extension';
import { PRESENCE } from './lua/presence';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { SHARES } from './lua/shares';
import { roomOf, VIEW } from './lua/view';
import { accepted, fieldsOf, type Paced, paced } from './replies';

/** Returns `ok`, or `extended` with what the room has of others, and the view. */
const extendRoomScript = roomScript({
  movesEnd: true,
  parts: [EVENTS, HOLDER, PRESENCE, PACES, SHARES, EXTENSION, VIEW],
  args: {
    tokenHash: 'text',
    requestId: 'text',
    agree: 'flag',
    /** The end that the member agrees to move from. */
    from: 'number',
    /** What an extension adds, and how long a room may live in all. */
    addedMs: 'number',
    lifetimeMaxMs: 'number',
    /** How long a proposal stands. */
    standsMs: 'number',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    /** Answers of a member. */
    pace: 'rate',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local function extended()
  local seen, names = view('extended', member), {'lease', 'listing', 'living'}
  for index, value in ipairs(redis.call('HMGET', ROOM, unpack(names))) do
    seen[#seen + 1], seen[#seen + 2] = names[index], value or ''
  end
  seen[#seen + 1], seen[#seen + 2] = 'reported', redis.call('HLEN', REPORTS)
  return seen
end
if redis.call('HGET', ROOM, 'extendedBy') == REQUEST_ID then return extended() end
local refused = refuse_read('extension', member, PACE)
if refused then return refused end
if FROM ~= tonumber(EXPIRES_AT) then return {'cannot_extend'} end
local share, proposal = share_of(member, 'bytes', BYTES_MAX), standing_proposal()
local function publish(data)
  use(share, #data)
  emit('room.updated', data)
end
if not AGREE then
  if proposal then
    drop_proposal()
    publish('{"extension":null}')
  end
  return view('ok', member)
end

local ends_at = FROM + ADDED_MS
if ends_at > tonumber(redis.call('HGET', ROOM, 'createdAt')) + LIFETIME_MAX_MS then return {'cannot_extend'} end
proposal = proposal or {by = member, until_then = digits(NOW + STANDS_MS), agreed = {}, has_agreed = {}}
local is_repeat = proposal.has_agreed[member]
if not is_repeat then
  proposal.agreed[#proposal.agreed + 1] = member
  proposal.has_agreed[member] = true
end
local all_agree = true
for _, id in ipairs((here())) do all_agree = all_agree and proposal.has_agreed[id] == true end
if all_agree then
  drop_proposal()
  if not move_end(ends_at) then return {'room_not_found'} end
  publish('{"expiresAt":' .. EXPIRES_AT .. ',"extension":null}')
  write('HSET', ROOM, 'extendedBy', REQUEST_ID)
  return extended()
end
if is_repeat then return view('ok', member) end
local data = '{"extension":{"by":"' .. proposal.by .. '","agreed":["' .. table.concat(proposal.agreed, '","') ..
  '"],"until":' .. proposal.until_then .. '}}'
if not fits(share, #data) then return {'message_limit_reached'} end
keep_proposal(proposal)
publish(data)
return view('ok', member)
`,
});

export interface AnsweredProposal {
  room: Room;
  /** Where the end has moved: what the room has outside its own keys, which is to last as long. */
  moved: RoomHoldings | null;
}

function holdingsIn(view: readonly unknown[], { listed }: Room): AnsweredProposal['moved'] {
  const { lease = '', listing = '', living = '', reported } = fieldsOf(view);
  return { lease, listing, living, listed, reported: reported !== '0' };
}

/**
 * Proposes ten minutes more, agrees to them, or ends the proposal. They are granted when everybody who is here has agreed, which is looked
 * at when somebody agrees: whoever arrives before that has a say, and nobody decides anything by leaving. Granting moves
 * the end of every key of the room, in one script. What everybody hears of it counts in the member's share of the
 * room's bytes, and neither a refusal nor the grant itself is refused for that. The room remembers which request was granted, so that its
 * repeat finds its own work done.
 */
export async function extendRoom(
  redis: Redis,
  answer: ArgumentsOf<typeof extendRoomScript>,
): Promise<Paced<AnsweredProposal>> {
  const reply = await extendRoomScript.run(redis, answer);
  return paced(reply, (rest) => {
    const { room } = roomOf(answer.roomId, rest);
    return { room, moved: reply[0] === 'extended' ? holdingsIn(rest, room) : null };
  });
}

/** Returns `ok`, the room's end and Redis's now in ms. */
const readEndScript = roomScript({
  parts: [],
  args: {},
  body: `
return {'ok', EXPIRES_AT, digits(NOW)}
`,
});

/**
 * The ms that a room has left.
 *
 * @throws RoomError `room_not_found` when it has none
 */
export async function readLeftMs(redis: Redis, room: ArgumentsOf<typeof readEndScript>): Promise<number> {
  const [expiresAt, now] = accepted(await readEndScript.run(redis, room)).rest.map(Number);
  return (expiresAt ?? 0) - (now ?? 0);
}
