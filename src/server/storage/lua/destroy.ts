import 'server-only';
import { EVENTS } from './events';
import { EVERY_KEY, type Part } from './room';

/** What the room has outside its own keys (storage/holdings.ts): the leases of its maker's address, its token among the living, and whether it is listed. */
export const HOLDINGS: Part = {
  lua: `
local function holdings()
  local held = redis.call('HMGET', ROOM, 'lease', 'listing', 'living', 'listed')
  return {held[1] or '', held[2] or '', held[3] or '', held[4] or '0'}
end
`,
};

/** `destroy` deletes every key of the room in one command, and returns `ok` and the room's holdings. */
export const DESTROY: Part = {
  needs: [EVENTS, HOLDINGS],
  lua: `
local function destroy()
  local last, held = newest(), holdings()
  redis.call('DEL', ${EVERY_KEY})
  redis.call('PUBLISH', ROOM_ID, '{"data":{"isDestroyed":true,"reason":"destroyed"},"event":"chat.destroy","channel":"' ..
    ROOM_ID .. '","id":"' .. last .. '"}')
  return {'ok', held}
end
`,
};
