import 'server-only';
import { createHmac, randomBytes } from 'node:crypto';
import { RoomError } from '@/domain/errors';
import { GUESSES_PER_ADDRESS, JOINS_PER_ADDRESS, KNOCKS_PER_ADDRESS, type Rate } from '@/domain/limits';
import type { RoomId } from '@/domain/room';
import type { RoomReason } from '@/domain/room-reasons';
import type { JoinProof } from '@/domain/sealed';
import { countAct, shareSecret } from '@/server/storage/limits';
import type { ServerContext } from './context';
import { forgetGuess, isNewGuess } from './counted-guesses';

const DAY_MS = 86_400_000;

const RATES = { joins: JOINS_PER_ADDRESS, guesses: GUESSES_PER_ADDRESS, knocks: KNOCKS_PER_ADDRESS } satisfies Record<
  string,
  Rate
>;
export type AddressLimit = keyof typeof RATES;

interface AddressSecret {
  secret: string;
  until: number;
}
type Hashing = Pick<ServerContext, 'storage'>;
const secrets = new WeakMap<ServerContext['storage'], Promise<AddressSecret>>();

async function readSecret({ storage }: Hashing): Promise<AddressSecret> {
  const proposal = randomBytes(32).toString('base64url');
  const { secret, leftMs } = await shareSecret(storage.redis, { proposal, lifetimeMs: DAY_MS });
  return { secret, until: performance.now() + leftMs };
}

/** Addresses are stored under a keyed hash whose key lives a day: nobody can look up who came yesterday. */
export async function hashAddress(context: Hashing, address: string): Promise<string> {
  let reading = secrets.get(context.storage);
  if (reading === undefined || (await reading).until <= performance.now()) {
    reading = readSecret(context);
    secrets.set(context.storage, reading);
    reading.catch(() => secrets.delete(context.storage));
  }
  return createHmac('sha256', (await reading).secret)
    .update(address)
    .digest('base64url')
    .slice(0, 22);
}

/**
 * The keyed hash under which a public room keeps an address: it means nothing in another room. Empty where there are no public rooms. A room that lives
 * while the day's secret changes does not know its addresses again.
 */
export async function hashInRoom(
  context: Hashing & Pick<ServerContext, 'lobby'>,
  roomId: RoomId,
  address: string,
): Promise<string> {
  return context.lobby === null ? '' : hashAddress(context, `${roomId} ${address}`);
}

/** Counts one more of a kind for an address, or throws `rate_limited` with the time to wait. */
export async function limitAddress(context: ServerContext, limit: AddressLimit, address: string): Promise<void> {
  if (!context.rateLimits) return;
  const addressHash = await hashAddress(context, address);
  await countAct(context.storage.redis, { kind: limit, addressHash, rate: RATES[limit] });
}

/** Hashes of addresses that guess too much, by the moment from which this process looks rooms up for them again. */
const guessers = new WeakMap<ServerContext, Map<string, number>>();
const GUESSERS_MAX = 10_000;

/**
 * A look at a room: the address it comes from, the hash of the credential that came along, empty when none did, and the
 * proof that was shown of its secret.
 */
interface Visitor {
  roomId: RoomId;
  address: string;
  tokenHash?: string;
  proof?: JoinProof | undefined;
}

/**
 * Looks something of a room up for a visitor. A room that is not there counts as a guess, once for each address, and so
 * does a wrong proof of a room's secret; past the limit everybody at the address learns nothing, found or not, unless their own credential
 * holds: a neighbour's guesses silence no member. `isMember` says whether the credential held, where
 * others get an answer too.
 */
export async function countGuesses<Found>(
  context: ServerContext,
  { roomId, address, tokenHash = '', proof }: Visitor,
  lookUp: () => Promise<Found>,
  isMember: (found: Found) => boolean = () => true,
): Promise<Found> {
  if (!context.rateLimits) return lookUp();
  const blocked = guessers.get(context) ?? new Map<string, number>();
  guessers.set(context, blocked);
  dropPast(blocked);
  // While nobody is refused, no address needs to be hashed.
  const leftMs = blocked.size === 0 ? 0 : (blocked.get(await hashAddress(context, address)) ?? 0) - performance.now();
  if (leftMs > 0) {
    const refusal = new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(leftMs / 1_000) });
    if (tokenHash === '') throw refusal;
    const found = await lookUp().catch((error: unknown) => {
      throw error instanceof RoomError && REVEALING.has(error.reason) ? refusal : error;
    });
    if (isMember(found)) return found;
    throw refusal;
  }
  try {
    return await lookUp();
  } catch (error) {
    if (!(error instanceof RoomError) || !GUESSED.has(error.reason)) throw error;
    const guessed = error.reason === 'wrong_key' ? `${roomId} ${proof ?? ''}` : roomId;
    const guess = await hashAddress(context, `${address} ${guessed}`);
    if (!isNewGuess(context, guess)) throw error;
    await limitAddress(context, 'guesses', address).catch(async (refusal: unknown) => {
      forgetGuess(context, guess);
      if (refusal instanceof RoomError && refusal.reason === 'rate_limited' && blocked.size < GUESSERS_MAX) {
        const until = performance.now() + (refusal.retryAfterSeconds ?? 0) * 1_000;
        blocked.set(await hashAddress(context, address), until);
      }
      throw refusal;
    });
    throw error;
  }
}

/** Refusals of a guess. */
const GUESSED: ReadonlySet<RoomReason> = new Set(['room_not_found', 'wrong_key']);

/** Reasons from which somebody without a seat learns whether a room is there. */
const REVEALING: ReadonlySet<RoomReason> = new Set(['room_not_found', 'not_a_member', 'invalid_request']);

function dropPast(blocked: Map<string, number>): void {
  const now = performance.now();
  for (const [hash, until] of blocked) if (until <= now) blocked.delete(hash);
}
