import 'server-only';
import type { Redis } from '@upstash/redis';
import type { Room } from '@/domain/room';
import { CHANGES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER, SEATS } from './lua/seats';
import { roomOf, VIEW } from './lua/view';
import { accepted } from './replies';

/** Returns `ok` and the view. */
const handOverScript = roomScript({
  parts: [HOLDER, SEATS, CHANGES, VIEW],
  args: {
    tokenHash: 'text',
    memberId: 'text',
    /** An owner without a stream for this long may be replaced. */
    awayMs: 'number',
    /** Changes of a member. */
    rate: 'rate',
  },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local room = redis.call('HMGET', ROOM, 'owner', 'handedBy')
local owner = room[1]
if MEMBER_ID == owner and room[2] == member then return view('ok', member) end
if member ~= owner and (MEMBER_ID ~= member or owner_away_ms() < AWAY_MS) then return {'not_the_owner'} end
if redis.call('HEXISTS', MEMBERS, MEMBER_ID) == 0 then return {'not_found'} end
if MEMBER_ID ~= owner then
  -- A Redis that is full refuses no script that has tried to delete something before it writes: the owner's hand is not tied by that.
  redis.call('HDEL', ROOM, '-')
  local refused = refuse_change(member, RATE)
  if refused then return refused end
  own(MEMBER_ID)
  write('HSET', ROOM, 'handedBy', member)
end
return view('ok', member)
`,
});

/**
 * Makes a member the owner: for the owner any of those who are seated, for anybody else themselves, where the owner was away for too long.
 * The room remembers who did it last, so that a repeat finds its own work done.
 */
export async function handOver(redis: Redis, handing: ArgumentsOf<typeof handOverScript>): Promise<Room> {
  const { rest } = accepted(await handOverScript.run(redis, handing));
  return roomOf(handing.roomId, rest).room;
}
