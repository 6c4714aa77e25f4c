/**
 * The part of fengari (Lua 5.3's C interface in JavaScript) that the interpreter uses. Stack indices count from 1
 * at the bottom and from -1 at the top; strings are bytes.
 */
declare module 'fengari' {
  export interface LuaState {
    readonly __brand: 'LuaState';
  }
  export interface LuaRegistry {
    readonly __brand: 'LuaRegistry';
  }
  /** Takes its arguments from the stack and returns how many results it has pushed. */
  export type LuaFunction = (L: LuaState) => number;
  /** Pushes the value that it was made of. */
  export type LuaProxy = (L: LuaState) => void;

  export function to_luastring(text: string): Uint8Array;

  export const lua: {
    readonly LUA_OK: 0;
    readonly LUA_MULTRET: -1;
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_RIDX_GLOBALS: number;
    readonly LUA_TNIL: 0;
    readonly LUA_TBOOLEAN: 1;
    readonly LUA_TNUMBER: 3;
    readonly LUA_TSTRING: 4;
    readonly LUA_TTABLE: 5;
    lua_atnativeerror(L: LuaState, handler: LuaFunction): LuaFunction | null;
    lua_absindex(L: LuaState, index: number): number;
    lua_call(L: LuaState, argumentCount: number, resultCount: number): void;
    lua_createtable(L: LuaState, arraySize: number, recordSize: number): void;
    lua_error(L: LuaState): never;
    lua_gettop(L: LuaState): number;
    lua_pcall(L: LuaState, argumentCount: number, resultCount: number, handlerIndex: number): number;
    lua_pop(L: LuaState, count: number): void;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushcfunction(L: LuaState, fn: LuaFunction): void;
    lua_pushinteger(L: LuaState, value: number): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, bytes: Uint8Array): void;
    lua_rawget(L: LuaState, index: number): number;
    lua_rawgeti(L: LuaState, index: number, n: number): number;
    lua_rawseti(L: LuaState, index: number, n: number): void;
    lua_setfield(L: LuaState, index: number, key: Uint8Array): void;
    lua_settop(L: LuaState, index: number): void;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tonumber(L: LuaState, index: number): number;
    lua_toproxy(L: LuaState, index: number): LuaProxy;
    lua_tostring(L: LuaState, index: number): Uint8Array | null;
    lua_touserdata(L: LuaState, index: number): unknown;
    lua_type(L: LuaState, index: number): number;
  };

  export const lauxlib: {
    luaL_checkstack(L: LuaState, slots: number, message: Uint8Array | null): void;
    luaL_loadbufferx(L: LuaState, source: Uint8Array, size: number, name: Uint8Array, mode: Uint8Array): number;
    luaL_newstate(): LuaState;
    luaL_requiref(L: LuaState, name: Uint8Array, open: LuaFunction, global: 0 | 1): void;
  };

  export const lualib: {
    luaopen_base: LuaFunction;
    luaopen_debug: LuaFunction;
    luaopen_math: LuaFunction;
    luaopen_string: LuaFunction;
    luaopen_table: LuaFunction;
  };
}
