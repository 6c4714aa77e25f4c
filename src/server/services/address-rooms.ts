import 'server-only';
import { RoomError } from '@/domain/errors';
import { LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS } from '@/domain/limits';
import { newRequestId } from '@/server/auth/tokens';
import { logError } from '@/server/log';
import { giveBackRoom, leaseRoom, prolongRoom } from '@/server/storage/limits';
import { storageFull } from '@/server/storage/unavailable';
import { addressWaitMs } from './address-bytes';
import { hashAddress } from './address-limits';
import type { ServerContext } from './context';

/** `<address hash>:<random id>`, kept by the room; empty where addresses are not counted. */
export type RoomLease = string;

/**
 * Opens a room on a lease of its maker's address, which ends with the room. A room that could not be opened gives it back.
 *
 * @throws RoomError `rate_limited` when the address has as many rooms as it may.
 */
export async function openOnLease<Opened>(
  context: ServerContext,
  { address, lifetimeMs }: { address: string; lifetimeMs: number },
  open: (lease: RoomLease) => Promise<Opened>,
): Promise<Opened> {
  if (!context.rateLimits) return open('');
  // Before the address is charged for a room that it does not get.
  if (context.storage.isFull()) throw storageFull();
  const waitMs = addressWaitMs(context, address);
  if (waitMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  const [addressHash, leaseId] = [await hashAddress(context, address), newRequestId()];
  await leaseRoom(context.storage.redis, {
    addressHash,
    leaseId,
    lifetimeMs,
    rate: ROOMS_PER_ADDRESS,
    livingMax: LIVING_ROOMS_PER_ADDRESS,
  });
  const lease = `${addressHash}:${leaseId}`;
  try {
    return await open(lease);
  } catch (error) {
    await giveBackLease(context, lease);
    throw error;
  }
}

/** The room of a lease has ended before its time. Where Redis cannot be reached, the lease ends by itself. */
export async function giveBackLease({ storage }: ServerContext, lease: RoomLease): Promise<void> {
  const [addressHash, leaseId] = lease.split(':');
  if (addressHash === undefined || leaseId === undefined) return;
  await giveBackRoom(storage.redis, { addressHash, leaseId }).catch((error: unknown) => {
    logError('address.lease_kept', error);
  });
}

/** The room of a lease has a later end. Where Redis cannot be reached, the address has a room too many for a while. */
export async function prolongLease({ storage }: ServerContext, lease: RoomLease, endsAt: number): Promise<void> {
  const [addressHash, leaseId] = lease.split(':');
  if (addressHash === undefined || leaseId === undefined) return;
  await prolongRoom(storage.redis, { addressHash, leaseId, endsAt }).catch((error: unknown) => {
    logError('address.lease_not_prolonged', error);
  });
}
