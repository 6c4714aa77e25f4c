import 'server-only';
import { RoomError } from '@/domain/errors';
import { LISTED_ROOMS_PER_ADDRESS, LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS } from '@/domain/limits';
import { newRequestId } from '@/server/auth/tokens';
import { logError } from '@/server/log';
import { giveBackRoom, type LeaseKind, leaseRoom, prolongRoom } from '@/server/storage/limits';
import { storageFull } from '@/server/storage/unavailable';
import { addressWaitMs } from './address-bytes';
import { hashAddress } from './address-limits';
import type { ServerContext } from './context';

/** `<address hash>:<random id>`, kept by the room; empty where addresses are not counted. */
export type RoomLease = string;

/** The leases that a room is opened on. */
interface RoomLeases {
  lease: RoomLease;
  /** That of a listed room; empty for any other. */
  listing: RoomLease;
}

/**
 * Opens a room on a lease of its maker's address, which ends with the room, and on one more where it is listed. A room that could not be opened
 * gives them back.
 *
 * @throws RoomError `rate_limited` when the address has, or lists, as many rooms as it may.
 */
export async function openOnLease<Opened>(
  context: ServerContext,
  { address, lifetimeMs, listed }: { address: string; lifetimeMs: number; listed: boolean },
  open: (leases: RoomLeases) => Promise<Opened>,
): Promise<Opened> {
  if (!context.rateLimits) return open({ lease: '', listing: '' });
  // Before the address is charged for a room that it does not get.
  if (context.storage.isFull()) throw storageFull();
  const waitMs = addressWaitMs(context, address);
  if (waitMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  const leases: RoomLeases = { lease: await leaseFor(context, 'living', { address, lifetimeMs }), listing: '' };
  try {
    if (listed) leases.listing = await leaseListing(context, { address, lifetimeMs });
    return await open(leases);
  } catch (error) {
    await giveBackLease(context, 'living', leases.lease);
    await giveBackLease(context, 'listed', leases.listing);
    throw error;
  }
}

/** Rooms of an address at the same time. */
const LEASED_MAX = { living: LIVING_ROOMS_PER_ADDRESS, listed: LISTED_ROOMS_PER_ADDRESS } as const;

async function leaseFor(
  context: ServerContext,
  kind: LeaseKind,
  { address, lifetimeMs }: { address: string; lifetimeMs: number },
): Promise<RoomLease> {
  const [addressHash, leaseId] = [await hashAddress(context, address), newRequestId()];
  const limits = { rate: ROOMS_PER_ADDRESS, livingMax: LEASED_MAX[kind] };
  await leaseRoom(context.storage.redis, { kind, addressHash, leaseId, lifetimeMs, ...limits });
  return `${addressHash}:${leaseId}`;
}

/**
 * The lease of an address for the one room that it lists, until the room ends or is unlisted.
 *
 * @throws RoomError `rate_limited` when the address lists one already.
 */
export async function leaseListing(
  context: ServerContext,
  room: { address: string; lifetimeMs: number },
): Promise<RoomLease> {
  return context.rateLimits ? leaseFor(context, 'listed', room) : '';
}

/** The room of a lease has ended before its time, or is not listed any more. Where Redis cannot be reached, the lease ends by itself. */
export async function giveBackLease({ storage }: ServerContext, kind: LeaseKind, lease: RoomLease): Promise<void> {
  const [addressHash, leaseId] = lease.split(':');
  if (addressHash === undefined || leaseId === undefined) return;
  await giveBackRoom(storage.redis, { kind, addressHash, leaseId }).catch((error: unknown) => {
    logError('address.lease_kept', error);
  });
}

/** The room of a lease has a later end. Where Redis cannot be reached, the address has a room too many for a while. */
export async function prolongLease(
  { storage }: ServerContext,
  kind: LeaseKind,
  lease: RoomLease,
  endsAt: number,
): Promise<void> {
  const [addressHash, leaseId] = lease.split(':');
  if (addressHash === undefined || leaseId === undefined) return;
  await prolongRoom(storage.redis, { kind, addressHash, leaseId, endsAt }).catch((error: unknown) => {
    logError('address.lease_not_prolonged', error);
  });
}
