import 'server-only';
import type { Bytes } from '../bytes';
import type { Command, CommandContext, CommandTable } from '../command';
import { bigintArgument, isInt64 } from '../numbers';
import { CommandError } from '../reply';

export interface ExpiryUnit {
  readonly unitMs: 1 | 1000;
  /** Counted from now, or from the epoch. */
  readonly relative: boolean;
}

/**
 * The moment, in milliseconds since the epoch, that an expiry argument means.
 * @throws CommandError when it is not an integer or is beyond 64 bits
 */
export function expiryMoment(argument: bigint, { unitMs, relative }: ExpiryUnit, now: number, command: string): number {
  const milliseconds = argument * BigInt(unitMs);
  const moment = relative ? milliseconds + BigInt(now) : milliseconds;
  if (!isInt64(milliseconds) || !isInt64(moment)) {
    throw new CommandError(`ERR invalid expire time in '${command}' command`);
  }
  return Number(moment);
}

type Condition = 'NX' | 'XX' | 'GT' | 'LT';

function parseConditions(words: readonly Bytes[]): Set<Condition> {
  const conditions = new Set<Condition>();
  for (const word of words) {
    const option = word.toUpperCase();
    if (option !== 'NX' && option !== 'XX' && option !== 'GT' && option !== 'LT') {
      throw new CommandError(`ERR Unsupported option ${word}`);
    }
    conditions.add(option);
  }
  if (conditions.has('NX') && conditions.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (conditions.has('GT') && conditions.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return conditions;
}

/** A key without an expiry counts as one that ends at infinity. */
function allowed(conditions: ReadonlySet<Condition>, current: number, moment: number): boolean {
  if (conditions.has('NX') && current !== Infinity) return false;
  if (conditions.has('XX') && current === Infinity) return false;
  if (conditions.has('GT') && moment <= current) return false;
  return !(conditions.has('LT') && moment >= current);
}

function expire(name: string, unit: ExpiryUnit): Command {
  return {
    arity: -3,
    run({ keyspace }, [key = '', argument = '', ...options]) {
      const conditions = parseConditions(options);
      const moment = expiryMoment(bigintArgument(argument), unit, keyspace.now, name);
      const current = keyspace.expiresAt(key);
      if (current === undefined || !allowed(conditions, current, moment)) return 0;
      keyspace.expireAt(key, moment);
      return 1;
    },
  };
}

function remaining(toReply: (expiresAt: number, now: number) => number): Command {
  return {
    arity: 2,
    run({ keyspace }: CommandContext, [key = '']) {
      const expiresAt = keyspace.expiresAt(key);
      if (expiresAt === undefined) return -2;
      return expiresAt === Infinity ? -1 : toReply(expiresAt, keyspace.now);
    },
  };
}

const toSeconds = (milliseconds: number) => Math.floor((milliseconds + 500) / 1000);

export const expiryCommands = {
  EXPIRE: expire('expire', { unitMs: 1000, relative: true }),
  PEXPIRE: expire('pexpire', { unitMs: 1, relative: true }),
  EXPIREAT: expire('expireat', { unitMs: 1000, relative: false }),
  PEXPIREAT: expire('pexpireat', { unitMs: 1, relative: false }),
  TTL: remaining((expiresAt, now) => toSeconds(expiresAt - now)),
  PTTL: remaining((expiresAt, now) => expiresAt - now),
  PEXPIRETIME: remaining((expiresAt) => expiresAt),
  PERSIST: { arity: 2, run: ({ keyspace }, [key = '']) => (keyspace.persist(key) ? 1 : 0) },
} satisfies CommandTable;
