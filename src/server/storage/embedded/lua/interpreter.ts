import 'server-only';
import { createHash } from 'node:crypto';
import { type LuaFunction, type LuaProxy, type LuaState, lauxlib, lua, lualib } from 'fengari';
import type { Bytes } from '../bytes';
import type { ScriptCache } from '../command';
import { CommandError, Failure, type Reply, Status } from '../reply';
import {
  bytesFromLua,
  bytesToLua,
  lineFromLua,
  pushBytes,
  pushLine,
  pushList,
  pushReply,
  replyFromLua,
  wordsFromLua,
} from './conversion';
import { SANDBOX_SOURCE } from './sandbox';

/** Beyond so many, the script that has not run for longest is dropped: it gets NOSCRIPT, and its caller sends the source again. */
const SCRIPTS_MAX = 500;
/** Precompiled chunks can break the virtual machine: only source is loaded. */
const TEXT_ONLY = bytesToLua('t');
const SCRIPT_NAME = bytesToLua('@user_script');
const KEYS = bytesToLua('KEYS');
const ARGV = bytesToLua('ARGV');
const [ERR, SOURCE, LINE] = [bytesToLua('err'), bytesToLua('source'), bytesToLua('line')];

const sha1 = (bytes: Bytes): Bytes => createHash('sha1').update(bytes, 'latin1').digest('hex');

/** Runs scripts in one Lua state that is made once; compiled functions are kept by the SHA-1 of their source. */
export class LuaInterpreter implements ScriptCache {
  readonly #L: LuaState = lauxlib.luaL_newstate();
  readonly #functions = new Map<Bytes, LuaProxy>();
  readonly #globals: LuaProxy;
  readonly #onError: LuaProxy;

  /** @param call runs a command of a script and returns a `Failure` when that fails */
  constructor(call: (words: readonly Bytes[]) => Reply) {
    const L = this.#L;
    lua.lua_atnativeerror(L, describeNativeError);
    this.#load(bytesToLua(SANDBOX_SOURCE), bytesToLua('@sandbox'));
    pushRedisLibrary(L, call);
    lauxlib.luaL_requiref(L, bytesToLua('_G'), lualib.luaopen_base, 1);
    lua.lua_pop(L, 1);
    lauxlib.luaL_requiref(L, bytesToLua('string'), lualib.luaopen_string, 0);
    lauxlib.luaL_requiref(L, bytesToLua('table'), lualib.luaopen_table, 0);
    lauxlib.luaL_requiref(L, bytesToLua('math'), lualib.luaopen_math, 0);
    lauxlib.luaL_requiref(L, bytesToLua('debug'), lualib.luaopen_debug, 0);
    lua.lua_call(L, 5, 3);
    this.#onError = lua.lua_toproxy(L, -1);
    this.#globals = lua.lua_toproxy(L, -2);
    lua.lua_settop(L, 1);
    // Scripts loaded from here on have the sandbox for their globals.
    lua.lua_rawseti(L, lua.LUA_REGISTRYINDEX, lua.LUA_RIDX_GLOBALS);
  }

  load(source: Bytes): Bytes {
    const sha = sha1(source);
    if (this.#functions.has(sha)) return sha;
    lua.lua_settop(this.#L, 0);
    this.#load(bytesToLua(source), SCRIPT_NAME);
    this.#functions.set(sha, lua.lua_toproxy(this.#L, -1));
    const [oldest] = this.#functions.keys();
    if (this.#functions.size > SCRIPTS_MAX && oldest !== undefined) this.#functions.delete(oldest);
    return sha;
  }

  has(sha: Bytes): boolean {
    return this.#functions.has(sha);
  }

  clear(): void {
    this.#functions.clear();
  }

  run(sha: Bytes, keys: readonly Bytes[], argv: readonly Bytes[]): Reply {
    const script = this.#functions.get(sha);
    if (!script) throw new CommandError('NOSCRIPT No matching script. Please use EVAL.');
    this.#functions.delete(sha);
    this.#functions.set(sha, script);
    const L = this.#L;
    lua.lua_settop(L, 0);
    this.#onError(L);
    this.#globals(L);
    pushList(L, keys);
    lua.lua_setfield(L, -2, KEYS);
    pushList(L, argv);
    lua.lua_setfield(L, -2, ARGV);
    script(L);
    try {
      return lua.lua_pcall(L, 0, 1, 1) === lua.LUA_OK ? replyFromLua(L, -1) : failureFromLua(L, sha);
    } finally {
      lua.lua_settop(L, 0);
    }
  }

  #load(source: Uint8Array, name: Uint8Array): void {
    if (lauxlib.luaL_loadbufferx(this.#L, source, source.length, name, TEXT_ONLY) !== lua.LUA_OK) {
      throw new CommandError(`ERR Error compiling script (new function): ${bytesFromLua(this.#L, -1)}`);
    }
  }
}

/** The error that the message handler has left on the stack, worded as Redis words it. */
function failureFromLua(L: LuaState, sha: Bytes): Failure {
  if (lua.lua_type(L, -1) !== lua.LUA_TTABLE) return new Failure(`ERR ${bytesFromLua(L, -1)}`);
  const index = lua.lua_absindex(L, -1);
  const text = lineFromLua(L, index, ERR) ?? 'ERR unknown error';
  const [source, line] = [lineFromLua(L, index, SOURCE), lineFromLua(L, index, LINE)];
  return new Failure(source === null || line === null ? text : `${text} script: ${sha}, on ${source}:${line}.`);
}

/** An exception of JavaScript, such as running out of its stack, is an error of the script like any other. */
function describeNativeError(L: LuaState): number {
  pushBytes(L, String(lua.lua_touserdata(L, 1)));
  return 1;
}

function raise(L: LuaState, failure: Failure): never {
  pushLine(L, failure);
  return lua.lua_error(L);
}

function pushRedisLibrary(L: LuaState, call: (words: readonly Bytes[]) => Reply): void {
  const library: Record<string, LuaFunction> = {
    call(state) {
      const reply = callFromLua(state, call);
      if (reply instanceof Failure) return raise(state, reply);
      pushReply(state, reply);
      return 1;
    },
    pcall(state) {
      pushReply(state, callFromLua(state, call));
      return 1;
    },
    error_reply(state) {
      pushLine(state, hasOneString(state) ? new Failure(errorText(bytesFromLua(state, 1))) : WRONG_ARGUMENTS);
      return 1;
    },
    status_reply(state) {
      pushLine(state, hasOneString(state) ? new Status(bytesFromLua(state, 1)) : WRONG_ARGUMENTS);
      return 1;
    },
    sha1hex(state) {
      if (lua.lua_gettop(state) !== 1) return raise(state, new Failure('ERR wrong number of arguments'));
      pushBytes(state, sha1(bytesFromLua(state, 1)));
      return 1;
    },
  };
  lua.lua_createtable(L, 0, Object.keys(library).length);
  for (const [name, fn] of Object.entries(library)) {
    lua.lua_pushcfunction(L, fn);
    lua.lua_setfield(L, -2, bytesToLua(name));
  }
}

const WRONG_ARGUMENTS = new Failure('ERR wrong number or type of arguments');

const hasOneString = (L: LuaState) => lua.lua_gettop(L) === 1 && lua.lua_type(L, 1) === lua.LUA_TSTRING;

/** `CODE text`, with or without a leading `-`; a single word is a text, whose code is ERR. */
function errorText(given: Bytes): Bytes {
  const text = given.replace(/^-/, '');
  return text.includes(' ') ? text : `ERR ${text}`;
}

function callFromLua(L: LuaState, call: (words: readonly Bytes[]) => Reply): Reply {
  const words = wordsFromLua(L);
  if (words === null) return new Failure('ERR Lua redis lib command arguments must be strings or integers');
  if (words.length === 0) return new Failure('ERR Please specify at least one argument for this redis lib call');
  return call(words);
}
