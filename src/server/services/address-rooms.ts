import 'server-only';
import { RoomError } from '@/domain/errors';
import { LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS } from '@/domain/limits';
import { newRequestId } from '@/server/auth/tokens';
import { logError } from '@/server/log';
import { addressKey } from '@/server/storage/keys';
import { giveBackRoomScript, leaseRoomScript } from '@/server/storage/limits';
import { storageFull } from '@/server/storage/unavailable';
import { addressWaitMs } from './address-bytes';
import { hashAddress } from './address-limits';
import type { ServerContext } from './context';
import { accepted } from './reply';

/** `<address hash>:<random id>`, kept by the room; empty where addresses are not counted. */
export type RoomLease = string;

const livingKey = (addressHash: string): string => addressKey('living', addressHash);

/**
 * Opens a room on a lease of its maker's address, which ends with the room. What could not be opened gives it back.
 *
 * @throws RoomError `rate_limited` when the address has as many rooms as it may.
 */
export async function openOnLease<Opened>(
  context: ServerContext,
  { address, lifetimeMs }: { address: string; lifetimeMs: number },
  open: (lease: RoomLease) => Promise<Opened>,
): Promise<Opened> {
  if (!context.rateLimits) return open('');
  // Before the address is charged for a room that nobody gets.
  if (context.storage.isFull()) throw storageFull();
  const waitMs = addressWaitMs(context, address);
  if (waitMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  const [addressHash, id] = [await hashAddress(context, address), newRequestId()];
  const keys = [addressKey('rooms', addressHash), livingKey(addressHash)];
  const { max, windowMs } = ROOMS_PER_ADDRESS;
  accepted(
    await leaseRoomScript.run(context.storage.redis, keys, [max, windowMs, LIVING_ROOMS_PER_ADDRESS, id, lifetimeMs]),
  );
  const lease = `${addressHash}:${id}`;
  try {
    return await open(lease);
  } catch (error) {
    await giveBackRoom(context, lease);
    throw error;
  }
}

/** The room of a lease has ended before its time. Where that cannot be said, the lease ends by itself. */
export async function giveBackRoom({ storage }: ServerContext, lease: RoomLease): Promise<void> {
  const [addressHash, id] = lease.split(':');
  if (addressHash === undefined || id === undefined) return;
  await giveBackRoomScript.run(storage.redis, [livingKey(addressHash)], [id]).catch((error: unknown) => {
    logError('address.lease_kept', error);
  });
}
