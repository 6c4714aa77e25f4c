import 'server-only';
import { errors, type Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import type { ScriptCall } from './script';

const answersSchema = z.array(z.object({ result: z.optional(z.unknown()), error: z.optional(z.string()) }));
const replySchema = z.array(z.unknown());

/**
 * Runs scripts in one pipeline, whatever slots their keys lie in; they are not atomic together. Those that a node of Redis does not know yet
 * are sent once more in full, in a second one.
 *
 * @returns their replies, in the order of the calls
 */
export async function runTogether(redis: Redis, calls: readonly ScriptCall[]): Promise<unknown[][]> {
  if (calls.length === 0) return [];
  const known = redis.pipeline();
  for (const { sha1, keys, words } of calls) known.evalsha(sha1, keys, words);
  const answers = answersSchema.parse(await known.exec({ keepErrors: true }));
  const unknown = calls.filter((_, index) => answers[index]?.error?.startsWith('NOSCRIPT') === true);
  const sent = redis.pipeline();
  for (const { lua, keys, words } of unknown) sent.eval(lua, keys, words);
  const later = unknown.length === 0 ? [] : answersSchema.parse(await sent.exec({ keepErrors: true }));
  return answers.map((answer) => {
    const { result, error } = answer.error?.startsWith('NOSCRIPT') === true ? (later.shift() ?? answer) : answer;
    if (error !== undefined) throw new errors.UpstashError(error);
    return replySchema.parse(result);
  });
}
