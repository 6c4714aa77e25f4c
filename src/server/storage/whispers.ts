import 'server-only';
import type { Redis } from '@upstash/redis';
import { EVENTS } from './lua/events';
import { PRESENCE } from './lua/presence';
import { PACES } from './lua/rates';
import { roomScript } from './lua/room';
import type { ArgumentsOf } from './lua/script';
import { HOLDER } from './lua/seats';
import { type Paced, paced } from './replies';

/** Returns `ok`. */
const whisperScript = roomScript({
  parts: [EVENTS, HOLDER, PRESENCE, PACES],
  args: { tokenHash: 'text', memberId: 'text', textJson: 'text', pace: 'rate', memberBytes: 'rate' },
  body: `
local member = holder(TOKEN_HASH)
if not member then return {'not_a_member'} end
local wait = pace_wait('$' .. member, #TEXT_JSON, MEMBER_BYTES)
if wait > 0 then return {'rate_limited', digits(wait)} end
local refused = refuse_read('whispers', member, PACE)
if refused then return refused end
if redis.call('HEXISTS', MEMBERS, MEMBER_ID) == 0 then return {'not_found'} end
local _, is_here = here()
if not is_here[MEMBER_ID] then return {'member_away'} end
record_pace('$' .. member, #TEXT_JSON, MEMBER_BYTES)
publish_to(MEMBER_ID, 'member.whispered', '{"from":"' .. member .. '","to":"' .. MEMBER_ID .. '","text":' .. TEXT_JSON .. '}')
return {'ok'}
`,
});

/** Gives a text to the streams of one member, at whichever process they are. It is stored nowhere, and nobody else hears it. Its bytes count with those of messages. */
export async function whisper(redis: Redis, whispered: ArgumentsOf<typeof whisperScript>): Promise<Paced<null>> {
  return paced(await whisperScript.run(redis, whispered), () => null);
}
