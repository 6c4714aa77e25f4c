import 'server-only';
import {
  ADDRESS_BYTES_MAX,
  ADDRESS_BYTES_STEP,
  ADDRESS_BYTES_WINDOW_MS,
  ADDRESS_STORAGE_SHARES,
  SHORT_MESSAGE_BYTES,
} from '@/domain/limits';
import { logError } from '@/server/log';
import { addBytes } from '@/server/storage/limits';
import { hashAddress } from './address-limits';
import type { ServerContext } from './context';

/** Words and files have accounts apart: an office that shares pictures goes on writing and making rooms. */
type StoredKind = 'words' | 'files';

/** What this process knows of one address, for one kind. */
interface Account {
  /** Bytes stored that have not been reported to Redis. */
  pending: number;
  /** From when on the address may store long messages again, by `performance.now()`. */
  refusedUntil: number;
}

/** More addresses at once than any honest crowd has; one that is forgotten had less than a step counted. */
const ACCOUNTS_MAX = 10_000;

/** As the keys in Redis are called. */
const KEY_KINDS = { words: 'bytes', files: 'fileBytes' } as const satisfies Record<StoredKind, string>;

const accountsOf = new WeakMap<ServerContext, Map<string, Account>>();

function accountOf(context: ServerContext, address: string, kind: StoredKind): Account {
  const accounts = accountsOf.get(context) ?? new Map<string, Account>();
  accountsOf.set(context, accounts);
  const name = `${kind} ${address}`;
  const account = accounts.get(name) ?? { pending: 0, refusedUntil: 0 };
  // The account used last stands last, so that the first one has been idle longest.
  accounts.delete(name);
  accounts.set(name, account);
  const [oldest] = accounts.keys();
  if (accounts.size > ACCOUNTS_MAX && oldest !== undefined) accounts.delete(oldest);
  return account;
}

/** The ms until an address may store long messages, or files, again; 0 when it may now. */
export function addressWaitMs(context: ServerContext, address: string, kind: StoredKind = 'words'): number {
  if (!context.rateLimits) return 0;
  return Math.max(0, Math.ceil(accountOf(context, address, kind).refusedUntil - performance.now()));
}

/** The same for a message of `bytes` bytes: short messages always go on, since people share addresses. */
export function longMessageWaitMs(context: ServerContext, address: string, bytes: number): number {
  return bytes > SHORT_MESSAGE_BYTES ? addressWaitMs(context, address) : 0;
}

/**
 * Counts bytes that an address has stored. Redis hears of them a step at a time, so that a message stays one command;
 * a process holds back less than a step for each address.
 */
export async function countAddressBytes(
  context: ServerContext,
  address: string,
  bytes: number,
  kind: StoredKind = 'words',
): Promise<void> {
  if (!context.rateLimits) return;
  const account = accountOf(context, address, kind);
  account.pending += bytes;
  const steps = Math.floor(account.pending / ADDRESS_BYTES_STEP);
  if (steps === 0) return;
  account.pending -= steps * ADDRESS_BYTES_STEP;
  try {
    const addressHash = await hashAddress(context, address);
    const rate = { max: stepsMax(context), windowMs: ADDRESS_BYTES_WINDOW_MS };
    const waitMs = await addBytes(context.storage.redis, { addressHash, kind: KEY_KINDS[kind], steps, rate });
    account.refusedUntil = performance.now() + waitMs;
  } catch (error) {
    // The bytes are stored all the same: they are counted with the next step.
    account.pending += steps * ADDRESS_BYTES_STEP;
    logError('address.bytes_not_counted', error);
  }
}

/** A part of the storage where that has a ceiling of its own, and never less than one step. */
function stepsMax({ storage }: ServerContext): number {
  const bytes = Math.min(ADDRESS_BYTES_MAX, (storage.maxBytes ?? Infinity) / ADDRESS_STORAGE_SHARES);
  return Math.max(1, Math.floor(bytes / ADDRESS_BYTES_STEP));
}
