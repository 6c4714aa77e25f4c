import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';

type Loaded = ReturnType<Redis['createScript']>;

const replySchema = z.array(z.unknown());
const fieldsSchema = z.array(z.union([z.string(), z.number()]));

/**
 * One Lua script, run as EVALSHA and, where Redis does not know it yet, as EVAL. It answers with a
 * list whose first element is a status.
 */
export class Script {
  readonly #lua: string;
  readonly #loaded = new WeakMap<Redis, Loaded>();

  constructor(lua: string) {
    this.#lua = lua;
  }

  async run(redis: Redis, keys: string[], args: readonly (string | number)[]): Promise<unknown[]> {
    let script = this.#loaded.get(redis);
    if (script === undefined) {
      script = redis.createScript(this.#lua);
      this.#loaded.set(redis, script);
    }
    return replySchema.parse(await script.exec(keys, args.map(String)));
  }
}

/** Names and values in turn, as a record of texts. */
export function fieldsOf(flat: readonly unknown[]): Record<string, string> {
  const parts = fieldsSchema.parse(flat);
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < parts.length; index += 2) fields[String(parts[index])] = String(parts[index + 1]);
  return fields;
}

/** `1` and `0` as Redis keeps them. */
export const flag = (value: boolean): string => (value ? '1' : '0');
