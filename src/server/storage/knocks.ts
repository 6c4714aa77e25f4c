import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Knock, knockSchema } from '@/domain/knock';
import { KNOCKS_AT_DOOR } from './lua/knocks';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { accepted, type Paced, paced } from './replies';

/** Returns `ok`, whether the room is sealed, and of each who waits knock id, time, member id or nothing, and name or card (JSON). */
const listKnocksScript = roomScript({
  parts: [HOLDER, PACES, KNOCKS_AT_DOOR],
  args: { tokenHash: 'text', pace: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
local refused = refuse_read('knocks', member, PACE)
if refused then return refused end
local waiting = {}
for _, knock in ipairs(all_knocks()) do
  if is_listed(knock) then waiting[#waiting + 1] = knock end
end
table.sort(waiting, function(one, other) return one.order < other.order end)
local found = {'ok', redis.call('HGET', ROOM, 'sealed')}
for _, knock in ipairs(waiting) do
  for _, part in ipairs({knock.id, digits(knock.at), knock.member, knock.label}) do found[#found + 1] = part end
end
return found
`,
});

const textsSchema = z.array(z.string());

function knocksOf(reply: readonly unknown[]): Knock[] {
  const [sealed, ...texts] = textsSchema.parse(reply);
  const knocks: Knock[] = [];
  for (let index = 0; index + 3 < texts.length; index += 4) {
    const [knockId, at, memberId, label = ''] = texts.slice(index, index + 4);
    const shown: unknown = JSON.parse(label);
    knocks.push(
      knockSchema.parse({
        knockId,
        at: Number(at),
        ...(memberId !== '' && { memberId }),
        ...(sealed === '1' ? { card: shown } : { name: shown }),
      }),
    );
  }
  return knocks;
}

/** Those who wait at the door, in the order in which they came, for the owner. Somebody who stopped asking is not among them. */
export async function listKnocks(redis: Redis, reader: ArgumentsOf<typeof listKnocksScript>): Promise<Paced<Knock[]>> {
  return paced(await listKnocksScript.run(redis, reader), knocksOf);
}

/** Returns `ok`. */
const answerKnockScript = roomScript({
  parts: [HOLDER, KNOCKS_AT_DOOR],
  args: { tokenHash: 'text', knockId: 'text', admit: 'flag' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
if redis.call('HGET', ROOM, 'owner') ~= member then return {'not_the_owner'} end
local state = ADMIT and 'admitted' or 'refused'
for _, knock in ipairs(all_knocks()) do
  if knock.id == KNOCK_ID then
    if knock.state == 'seated' then return {ADMIT and 'ok' or 'not_found'} end
    if knock.state ~= state then
      knock.state = state
      if not ADMIT then knock.refusals, knock.asked = knock.refusals + 1, NOW end
      keep_knock(knock.token, knock)
    end
    return {'ok'}
  end
end
return {'not_found'}
`,
});

/**
 * Lets somebody at the door in, or refuses them, for the owner; they learn of it when they ask next. A repeat finds its own work done, and
 * until they sit down the owner may think again.
 */
export async function answerKnock(redis: Redis, answer: ArgumentsOf<typeof answerKnockScript>): Promise<void> {
  accepted(await answerKnockScript.run(redis, answer));
}
