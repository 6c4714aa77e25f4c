import 'server-only';
import { type LuaState, lauxlib, lua } from 'fengari';
import type { Bytes } from '../bytes';
import { formatLuaNumber } from '../numbers';
import { CommandError, Failure, type Reply, Status } from '../reply';

/** How deep tables may be nested: Redis runs out of Lua stack, this engine stops here. */
const NESTING_MAX = 1000;
const INT32_LIMIT = 2 ** 31;
/** The result in C for a number that no 64-bit integer can hold. */
const INT64_INDEFINITE = -(2 ** 63);

export const bytesToLua = (bytes: Bytes): Uint8Array => Buffer.from(bytes, 'latin1');

/** The string at `index`; empty when there is none. */
export function bytesFromLua(L: LuaState, index: number): Bytes {
  const bytes = lua.lua_tostring(L, index);
  return bytes === null ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function pushBytes(L: LuaState, bytes: Bytes): void {
  lua.lua_pushstring(L, bytesToLua(bytes));
}

/** Pushes a table of strings that counts from 1. */
export function pushList(L: LuaState, items: readonly Bytes[]): void {
  lua.lua_createtable(L, items.length, 0);
  items.forEach((item, index) => {
    pushBytes(L, item);
    lua.lua_rawseti(L, -2, index + 1);
  });
}

const OK_FIELD = bytesToLua('ok');
const ERR_FIELD = bytesToLua('err');

/** Pushes `{ ok = text }` or `{ err = text }`. */
export function pushLine(L: LuaState, line: Status | Failure): void {
  lua.lua_createtable(L, 0, 1);
  pushBytes(L, line.text);
  lua.lua_setfield(L, -2, line instanceof Status ? OK_FIELD : ERR_FIELD);
}

/** Redis's rules from reply to Lua: nil is false, lines are tables with one field. */
export function pushReply(L: LuaState, reply: Reply): void {
  lauxlib.luaL_checkstack(L, 3, null);
  if (reply === null) lua.lua_pushboolean(L, false);
  else if (typeof reply === 'string') pushBytes(L, reply);
  else if (typeof reply === 'number') {
    // fengari's integers have 32 bits; larger ones are exact as its floats.
    if (Math.abs(reply) < INT32_LIMIT) lua.lua_pushinteger(L, reply);
    else lua.lua_pushnumber(L, reply);
  } else if (reply instanceof Status || reply instanceof Failure) pushLine(L, reply);
  else {
    lua.lua_createtable(L, reply.length, 0);
    reply.forEach((item, index) => {
      pushReply(L, item);
      lua.lua_rawseti(L, -2, index + 1);
    });
  }
}

/** Redis's rules from Lua to reply: numbers lose their fraction, a list ends at its first nil, true is 1. */
export function replyFromLua(L: LuaState, index: number, depth = 0): Reply {
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TSTRING:
      return bytesFromLua(L, index);
    case lua.LUA_TNUMBER:
      return toInt64(lua.lua_tonumber(L, index));
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index) ? 1 : null;
    case lua.LUA_TTABLE:
      return tableFromLua(L, lua.lua_absindex(L, index), depth);
    default:
      return null;
  }
}

function toInt64(value: number): number {
  const whole = Math.trunc(value);
  // `+ 0` turns a negative zero into the only zero that integers have.
  return Math.abs(whole) < -INT64_INDEFINITE ? whole + 0 : INT64_INDEFINITE;
}

function tableFromLua(L: LuaState, index: number, depth: number): Reply {
  if (depth > NESTING_MAX) throw new CommandError('ERR reached lua stack limit');
  lauxlib.luaL_checkstack(L, 3, null);
  const failure = lineFromLua(L, index, ERR_FIELD);
  if (failure !== null) return new Failure(failure);
  const status = lineFromLua(L, index, OK_FIELD);
  if (status !== null) return new Status(status);
  const items: Reply[] = [];
  while (lua.lua_rawgeti(L, index, items.length + 1) !== lua.LUA_TNIL) {
    items.push(replyFromLua(L, -1, depth + 1));
    lua.lua_pop(L, 1);
  }
  lua.lua_pop(L, 1);
  return items;
}

/** The string in a field of the table, fit for one line, or null when there is no string. */
export function lineFromLua(L: LuaState, index: number, field: Uint8Array): Bytes | null {
  lua.lua_pushstring(L, field);
  const type = lua.lua_rawget(L, index);
  const line = type === lua.LUA_TSTRING ? bytesFromLua(L, -1).replace(/[\r\n]/g, ' ') : null;
  lua.lua_pop(L, 1);
  return line;
}

/** The arguments that a script has given to `redis.call`, or null when one of them is neither a string nor a number. */
export function wordsFromLua(L: LuaState): Bytes[] | null {
  const words: Bytes[] = [];
  const count = lua.lua_gettop(L);
  for (let index = 1; index <= count; index += 1) {
    const type = lua.lua_type(L, index);
    if (type === lua.LUA_TSTRING) words.push(bytesFromLua(L, index));
    else if (type === lua.LUA_TNUMBER) words.push(formatLuaNumber(lua.lua_tonumber(L, index)));
    else return null;
  }
  return words;
}
