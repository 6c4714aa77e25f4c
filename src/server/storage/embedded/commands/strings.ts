import 'server-only';
import type { Bytes } from '../bytes';
import type { CommandContext, CommandTable } from '../command';
import { bigintArgument, isInt64 } from '../numbers';
import { CommandError, OK, syntaxError } from '../reply';
import { StringValue } from '../values';
import { type ExpiryUnit, expiryMoment } from './expiry';

const EXPIRY_OPTIONS: ReadonlyMap<string, ExpiryUnit> = new Map([
  ['EX', { unitMs: 1000, relative: true }],
  ['PX', { unitMs: 1, relative: true }],
  ['EXAT', { unitMs: 1000, relative: false }],
  ['PXAT', { unitMs: 1, relative: false }],
]);

interface SetOptions {
  condition?: 'NX' | 'XX';
  expiry?: { unit: ExpiryUnit; argument: Bytes };
  keepExpiry: boolean;
  giveOld: boolean;
}

function parseSetOptions(words: readonly Bytes[]): SetOptions {
  const options: SetOptions = { keepExpiry: false, giveOld: false };
  for (let index = 0; index < words.length; index += 1) {
    const option = words[index]?.toUpperCase() ?? '';
    const unit = EXPIRY_OPTIONS.get(option);
    const argument = words[index + 1];
    if (option === 'NX' || option === 'XX') {
      if (options.condition !== undefined && options.condition !== option) throw syntaxError();
      options.condition = option;
    } else if (option === 'GET') options.giveOld = true;
    else if (option === 'KEEPTTL' && !options.expiry) options.keepExpiry = true;
    else if (unit && argument !== undefined && !options.expiry && !options.keepExpiry) {
      options.expiry = { unit, argument };
      index += 1;
    } else throw syntaxError();
  }
  return options;
}

function set({ keyspace }: CommandContext, [key = '', bytes = '', ...words]: readonly Bytes[]) {
  const { condition, expiry, keepExpiry, giveOld } = parseSetOptions(words);
  let expiresAt: number | undefined;
  if (expiry) {
    const argument = bigintArgument(expiry.argument);
    if (argument <= 0n) throw new CommandError("ERR invalid expire time in 'set' command");
    expiresAt = expiryMoment(argument, expiry.unit, keyspace.now, 'set');
  }
  const old = giveOld ? (keyspace.find(key, StringValue)?.bytes ?? null) : null;
  const exists = keyspace.get(key) !== undefined;
  if ((condition === 'NX' && exists) || (condition === 'XX' && !exists)) return old;
  keyspace.put(key, new StringValue(bytes), keepExpiry);
  if (expiresAt !== undefined) keyspace.expireAt(key, expiresAt);
  return giveOld ? old : OK;
}

/** The sum, as the bytes to store. @throws CommandError when it leaves 64 bits */
export function addWithin64Bits(current: bigint, increment: bigint): Bytes {
  const sum = current + increment;
  if (!isInt64(sum)) throw new CommandError('ERR increment or decrement would overflow');
  return String(sum);
}

function increase({ keyspace }: CommandContext, key: Bytes, increment: bigint): number {
  const current = bigintArgument(keyspace.find(key, StringValue)?.bytes ?? '0');
  const sum = addWithin64Bits(current, increment);
  keyspace.findOrCreate(key, StringValue).bytes = sum;
  return Number(sum);
}

export const stringCommands = {
  GET: { arity: 2, run: ({ keyspace }, [key = '']) => keyspace.find(key, StringValue)?.bytes ?? null },
  SET: { arity: -3, run: set },
  INCR: { arity: 2, run: (context, [key = '']) => increase(context, key, 1n) },
  INCRBY: {
    arity: 3,
    run: (context, [key = '', increment = '']) => increase(context, key, bigintArgument(increment)),
  },
} satisfies CommandTable;
