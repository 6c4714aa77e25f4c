import 'server-only';
import { EVENTS } from './events';
import { EVERY_KEY, type Part } from './room';

/** `destroy` deletes every key of the room in one command, and returns `ok` and what the room had of others (holdings.ts). */
export const DESTROY: Part = {
  needs: [EVENTS],
  lua: `
local function destroy()
  local last, held = newest(), redis.call('HMGET', ROOM, 'lease', 'listing', 'living', 'listed')
  local reported = redis.call('HLEN', REPORTS) > 0 and '1' or '0'
  redis.call('DEL', ${EVERY_KEY})
  redis.call('PUBLISH', ROOM_ID, '{"data":{"isDestroyed":true,"reason":"destroyed"},"event":"chat.destroy","channel":"' ..
    ROOM_ID .. '","id":"' .. last .. '"}')
  return {'ok', held[1] or '', held[2] or '', held[3] or '', held[4] or '0', reported}
end
`,
};
