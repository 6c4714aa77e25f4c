import 'server-only';
import type { Redis } from '@upstash/redis';
import type { RoomId } from '@/domain/room';
import { ROOM_KEYS, roomKeys } from '../keys';
import { withoutMovedEnd } from '../moved-ends';
import { type ByteExchange, type Declared, type Given, luaName, Script, type ScriptCall } from './script';
import { moveEnd, roomWrites } from './writes';

/** Lua that scripts share: functions, and the parts that these are built on. */
export interface Part {
  readonly needs?: readonly Part[];
  readonly lua: string;
}

interface RoomScriptDeclaration<Args extends Declared> {
  /** The parts that the body uses; what these need comes along. */
  parts: readonly Part[];
  args: Args;
  body: string;
  /** Whether the script opens the room, which then lives for its argument `lifetimeMs`. */
  opensRoom?: boolean;
  /** Whether the script may move the end of the room, by `move_end`. */
  movesEnd?: boolean;
}

/** A script of one room, whose keys it takes by themselves. */
export interface RoomScript<Args extends Declared> {
  run(redis: Redis, given: { readonly roomId: RoomId } & Given<Args>): Promise<unknown[]>;
  /** The same where it takes or gives bytes. */
  exchange(redis: ByteExchange, given: { readonly roomId: RoomId } & Given<Args>): Promise<unknown[]>;
  /** One run, to be sent together with those of other rooms. */
  call(given: { readonly roomId: RoomId } & Given<Args>): ScriptCall;
}

/** What a script gets of a room that never was, has expired or was destroyed. */
const FOUND_ALIVE = `
local EXPIRES_AT, IS_EXTENDED = unpack(redis.call('HMGET', ROOM, 'expiresAt', 'extended'))
if not EXPIRES_AT or NOW >= tonumber(EXPIRES_AT) then return {'room_not_found'} end
local function vouch()
  if IS_EXTENDED then MOVED = {'moved', EXPIRES_AT, digits(tonumber(EXPIRES_AT) - NOW)} end
end
`;

/**
 * Where the end of a room has moved, the reply to somebody with a seat begins with it: their cookie was given for an earlier one. A script
 * says by `vouch` that the credential holds.
 */
const AROUND = {
  before: `
local MOVED
local function act()
`,
  after: `
end
local reply = act()
if not MOVED then return reply end
for _, part in ipairs(reply) do MOVED[#MOVED + 1] = part end
return MOVED
`,
};

/** A repeat keeps the end that the room was opened with. */
const OPENED = `
local EXPIRES_AT = redis.call('HGET', ROOM, 'expiresAt') or digits(NOW + LIFETIME_MS)
`;

/** The bare id is the stream's key: scripts take no other argument for it. */
const ROOM_ID = `
local ROOM_ID = STREAM
`;

/** All keys of a room, as the arguments of one command. */
export const EVERY_KEY = ROOM_KEYS.map(luaName).join(', ');

/** Each part once, behind the parts that it is built on. */
function inOrder(parts: readonly Part[], placed = new Set<Part>()): Set<Part> {
  for (const part of parts) {
    inOrder(part.needs ?? [], placed);
    placed.add(part);
  }
  return placed;
}

/**
 * A script of a room: its keys, arguments and helpers, the room found alive (or opened), the parts, and the body.
 *
 * @throws Error as `Script` does
 */
export function roomScript<const Args extends Declared>({
  parts,
  args,
  body,
  opensRoom = false,
  movesEnd = false,
}: RoomScriptDeclaration<Args>): RoomScript<Args> {
  const script = new Script({
    keys: ROOM_KEYS,
    args,
    helpers: [
      ROOM_ID,
      opensRoom ? OPENED : FOUND_ALIVE,
      roomWrites(opensRoom),
      movesEnd ? moveEnd(ROOM_KEYS.map(luaName)) : '',
    ].join(''),
    body: [...[...inOrder(parts)].map(({ lua }) => lua), body].join(''),
    ...(!opensRoom && { around: AROUND }),
  });
  return {
    run: async (redis, given) => withoutMovedEnd(given, await script.run(redis, roomKeys(given.roomId), given)),
    exchange: async (redis, given) =>
      withoutMovedEnd(given, await script.exchange(redis, roomKeys(given.roomId), given)),
    call: (given) => script.call(roomKeys(given.roomId), given),
  };
}
