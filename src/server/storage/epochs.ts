import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type SeatedCard, seatedCardSchema } from '@/domain/epoch';
import { type EpochChange, epochChangeSchema } from '@/domain/epoch-change';
import { RoomError } from '@/domain/errors';
import type { Room } from '@/domain/room';
import { EVENTS } from './lua/events';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { SHARES } from './lua/shares';
import { roomOf, VIEW } from './lua/view';
import { accepted, type Paced, paced } from './replies';

/**
 * Returns `rekeyed` or `repeated` and the view; `members_changed`, then ids and cards (JSON) of the members that the wraps
 * have to name, in turn; or `invalid_request` and what does not fit.
 *
 * An entry of EPOCHS is `<stream id of room.rekeyed> <its author's card as JSON>`. All else stands in the stream, which never
 * loses that event.
 */
const rekeyRoomScript = roomScript({
  parts: [EVENTS, HOLDER, PACES, SEATS, SHARES, VIEW],
  args: {
    tokenHash: 'text',
    /** In decimal; `epochBefore` is one less. */
    epoch: 'text',
    epochBefore: 'text',
    keyCheck: 'text',
    proofHash: 'text',
    previous: 'text',
    wrapsJson: 'text',
    /** The member who loses the seat; empty where nobody does. */
    remove: 'text',
    epochsMax: 'number',
    /** The most members of a room whose secret is replaced. */
    membersMax: 'number',
    /** Bytes that a room holds. */
    bytesMax: 'number',
    /** Of the refusals that list the members: a rekey itself has none. */
    pace: 'rate',
    /** The members that the wraps name. */
    wrapped: 'texts',
  },
  body: `
local room = redis.call('HMGET', ROOM, 'epoch', 'keyCheck', 'proofHash', 'replaced', 'owner')
local epoch, key_check, proof_hash, replaced = room[1] or '0', room[2], room[3] or '', room[4] or ''
if proof_hash == '' then return {'invalid_request', 'plain'} end
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if room[5] ~= member then return {'not_the_owner'} end
if REMOVE == member then return {'invalid_request', 'remove'} end

local function made_by(change)
  local data = redis.call('XRANGE', STREAM, change, change)[1][2][2]
  return string.match(data, '"by":"(%w+)"')
end
if EPOCH == epoch and KEY_CHECK == key_check and PROOF_HASH == proof_hash then
  local change = string.match(redis.call('HGET', EPOCHS, epoch) or '', '^%S+')
  if change and made_by(change) == member then return view('repeated', member) end
end
if EPOCH_BEFORE ~= epoch then return {'epoch_changed'} end
if tonumber(EPOCH) > EPOCHS_MAX or redis.call('HLEN', MEMBERS) > MEMBERS_MAX then return {'room_too_large'} end
for check in string.gmatch(replaced .. ',' .. key_check, '[^,]+') do
  if check == KEY_CHECK then return {'invalid_request', 'keyCheck'} end
end

local seated, cards, staying = redis.call('HGETALL', MEMBERS), {}, 0
for i = 1, #seated, 2 do
  cards[seated[i]] = string.match(seated[i + 1], '^%d+:%d+:[^:]*:%d+:(.*)$')
  if seated[i] ~= REMOVE then staying = staying + 1 end
end
local named = #WRAPPED == staying
for _, id in ipairs(WRAPPED) do named = named and id ~= REMOVE and cards[id] ~= nil end
if not named then
  local refused = refuse_read('members', member, PACE)
  if refused then return refused end
  local reply = {'members_changed'}
  for i = 1, #seated, 2 do
    if seated[i] ~= REMOVE then
      reply[#reply + 1] = seated[i]
      reply[#reply + 1] = cards[seated[i]]
    end
  end
  return reply
end

-- A Redis that is full refuses no script that has deleted something before it writes, or has tried to, and there is neither rate
-- nor share to refuse by: the number of epochs is the bound. Setting ROOM's end would delete it in its last millisecond.
redis.call('HDEL', ROOM, '-')
-- Nobody is let in with a card that was sealed for the epoch before.
redis.call('DEL', KNOCKS)
if cards[REMOVE] then
  stand_up(REMOVE, 'removed')
  write('HSET', ROOM, 'removed:' .. REMOVE, '1')
end
write('HSET', ROOM, 'epoch', EPOCH, 'keyCheck', KEY_CHECK, 'proofHash', PROOF_HASH,
  'replaced', replaced == '' and key_check or replaced .. ',' .. key_check)
local data = '{"epoch":' .. EPOCH .. ',"by":"' .. member .. '","keyCheck":"' .. KEY_CHECK .. '","previous":"' .. PREVIOUS ..
  '","wraps":' .. WRAPS_JSON .. '}'
use(share_of(member, 'bytes', BYTES_MAX), #data + #cards[member])
write('HSET', EPOCHS, EPOCH, emit('room.rekeyed', data) .. ' ' .. cards[member])
return view('rekeyed', member)
`,
});

const unfitSchema = z.enum(['plain', 'remove', 'keyCheck']);

export type Rekeyed =
  | { status: 'rekeyed' | 'repeated'; room: Room }
  /** The room is plain, the owner would remove themselves, or the key check was in use before. */
  | { status: 'unfit'; what: z.infer<typeof unfitSchema> };

/**
 * Replaces the secret of a sealed room, for its owner, and removes a member with it where one is named: seat and credential
 * go in the same moment, so nobody has both a seat and no wrap. Whoever joins before is in the wraps, or the room
 * refuses them; whoever comes after needs the new proof. Somebody to be removed who has no seat any more is no fault.
 * What it stores counts in the room's bytes and is never refused for them.
 *
 * @throws RoomError `members_changed` with the members that the wraps have to name
 */
export async function rekeyRoom(
  redis: Redis,
  { epoch, ...rekey }: Omit<ArgumentsOf<typeof rekeyRoomScript>, 'epoch' | 'epochBefore'> & { epoch: number },
): Promise<Rekeyed> {
  const reply = await rekeyRoomScript.run(redis, { ...rekey, epoch: String(epoch), epochBefore: String(epoch - 1) });
  if (reply[0] === 'invalid_request') return { status: 'unfit', what: unfitSchema.parse(reply[1]) };
  if (reply[0] === 'members_changed') throw new RoomError('members_changed', { members: seatedOf(reply.slice(1)) });
  const { status, rest } = accepted(reply);
  const { room } = roomOf(rekey.roomId, rest);
  return { status: status === 'repeated' ? status : 'rekeyed', room };
}

const textsSchema = z.array(z.string());

function seatedOf(rest: readonly unknown[]): SeatedCard[] {
  const texts = textsSchema.parse(rest);
  const members: SeatedCard[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) {
    members.push(
      seatedCardSchema.parse({ memberId: texts[index], card: z.string().parse(JSON.parse(texts[index + 1] ?? '')) }),
    );
  }
  return members;
}

/** Returns `ok`, then of each change cursor, card (JSON), data without its wraps, and the member's own wrap or nothing. */
const readEpochsScript = roomScript({
  parts: [HOLDER, PACES],
  args: { tokenHash: 'text', after: 'number', epochsMax: 'number', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local refused = refuse_read('epochs', member, PACE)
if refused then return refused end
local found = {'ok'}
local last = math.min(AFTER + EPOCHS_MAX, tonumber(redis.call('HGET', ROOM, 'epoch') or 0))
for epoch = AFTER + 1, last do
  local at, card = string.match(redis.call('HGET', EPOCHS, digits(epoch)), '^(%S+) (.*)$')
  local data = redis.call('XRANGE', STREAM, at, at)[1][2][2]
  local wraps = string.find(data, ',"wraps":', 1, true)
  local own = string.find(data, '"' .. member .. '":"', wraps, true)
  found[#found + 1] = at
  found[#found + 1] = card
  found[#found + 1] = string.sub(data, 1, wraps - 1) .. '}'
  found[#found + 1] = own and string.match(data, '[^"]+', own + #member + 4) or ''
end
return found
`,
});

function changesOf(rest: readonly unknown[]): EpochChange[] {
  const texts = textsSchema.parse(rest);
  const changes: EpochChange[] = [];
  for (let index = 0; index + 3 < texts.length; index += 4) {
    const [cursor, card = '', data = '', wrap] = texts.slice(index, index + 4);
    const change = { ...z.looseObject({}).parse(JSON.parse(data)), cursor, card: z.string().parse(JSON.parse(card)) };
    changes.push(epochChangeSchema.parse({ ...change, ...(wrap !== '' && { wrap }) }));
  }
  return changes;
}

/** Changes of a room's secret after an epoch, oldest first, each with the member's own wrap. The pace is a member's. */
export async function readEpochs(
  redis: Redis,
  reader: ArgumentsOf<typeof readEpochsScript>,
): Promise<Paced<EpochChange[]>> {
  return paced(await readEpochsScript.run(redis, reader), changesOf);
}
