import 'server-only';
import { RoomError } from '@/domain/errors';
import type { UpdateRoom } from '@/domain/requests';
import type { Room, RoomId } from '@/domain/room';
import { logError } from '@/server/log';
import type { RoomHoldings } from '@/server/storage/holdings';
import { enterLobby, leaveLobby } from '@/server/storage/lobby';
import { noteReported } from '@/server/storage/reports';
import { viewRoom } from '@/server/storage/rooms';
import { hashInRoom } from './address-limits';
import { giveBackLease, leaseListing, prolongLease, type RoomLease } from './address-rooms';
import type { RoomRequest, ServerContext } from './context';
import { readRoom } from './read-room';

/** Runs what only tidies up: where Redis cannot be reached, what is left ends by itself with the room. */
export async function tidily(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => logError('lobby.not_told', error));
}

export function refuseUnlistable(path: 'listed' | 'topic'): RoomError {
  const message = path === 'listed' ? 'is not for sealed rooms' : 'is required in listed rooms';
  return new RoomError('invalid_request', { faults: [{ path, message }] });
}

interface Preparation {
  /** Empty where the room has a lease already, or addresses are not counted. */
  listing: RoomLease;
  /** Keyed hash of where the owner is: once removed by another owner, they do not come back from there. */
  addressHash: string;
  /** The end that was entered. */
  endsAt: number;
  /** Takes back what was prepared, where the room is not listed in the end. */
  undo: () => Promise<void>;
}

/**
 * Prepares that a living room is listed, for its owner: the lease of their address, then its id in the index. The index comes first, so no
 * death of a process leaves a listed room out of it; an id whose room is not listed shows nothing. Of a room that is listed already, the id is
 * entered once more.
 *
 * @throws RoomError with everything for which the room cannot be listed
 */
export async function prepareListing(
  context: ServerContext,
  { address, topic, ...request }: RoomRequest & { address: string; topic: UpdateRoom['topic'] },
): Promise<Preparation> {
  const { redis } = context.storage;
  const { room, seat, wasTakenOff } = await readRoom(context, request);
  if (room.sealed) throw refuseUnlistable('listed');
  if (topic === undefined && room.topic === undefined) throw refuseUnlistable('topic');
  if (seat === null) throw new RoomError('not_a_member');
  if (!seat.owner) throw new RoomError('not_the_owner');
  if (context.lobby === null || wasTakenOff) throw new RoomError('lobby_off');
  const lifetimeMs = room.expiresAt - room.now;
  const addressHash = await hashInRoom(context, room.roomId, address);
  const listing = room.listed ? '' : await leaseListing(context, { address, lifetimeMs });
  const undo = async () => {
    if (room.listed) return;
    await giveBackLease(context, 'listed', listing);
    await tidily(leaveLobby(redis, { listedId: room.roomId }));
  };
  try {
    await enterLobby(redis, { listedId: room.roomId, madeAt: room.createdAt, endsAt: room.expiresAt });
  } catch (error) {
    await undo();
    throw error;
  }
  return { listing, addressHash, endsAt: room.expiresAt, undo };
}

/**
 * Brings the list up to date with a room that was changed: nobody is shown what is not to be seen any more, no lease is kept that the room
 * has not, and a room whose end moved while it was prepared is listed until then.
 */
export async function followChange(
  context: ServerContext,
  room: Room,
  { freed, prepared }: { freed: RoomLease; prepared: Preparation | null },
): Promise<void> {
  if (!room.listed || room.locked || room.members >= room.maxMembers) context.lobby?.hide(room.roomId);
  if (freed !== '') await giveBackLease(context, 'listed', freed);
  if (prepared === null || prepared.endsAt === room.expiresAt) return;
  const { listing } = prepared;
  await prolongHoldings(context, room, { lease: '', listing, living: '', listed: room.listed, reported: false });
}

/** What a room has of others lasts until its moved end. Where Redis cannot be reached, it ends when it would have. */
export async function prolongHoldings(
  context: ServerContext,
  { roomId, createdAt, expiresAt }: Room,
  holdings: RoomHoldings,
): Promise<void> {
  const { redis } = context.storage;
  const { lease, listing, living, listed, reported } = holdings;
  const standing = { token: living, ...(listed && { listedId: roomId }), madeAt: createdAt, endsAt: expiresAt };
  await Promise.all([
    prolongLease(context, 'living', lease, expiresAt),
    prolongLease(context, 'listed', listing, expiresAt),
    living === '' && !listed ? undefined : tidily(enterLobby(redis, standing)),
    reported ? tidily(noteReported(redis, roomId, expiresAt)) : undefined,
  ]);
  if (living !== '' || listed || reported) await tidily(withdrawUnlessThere(context, roomId, holdings));
}

/** Whoever ended or unlisted the room meanwhile has taken out what was then put in again. */
async function withdrawUnlessThere(context: ServerContext, roomId: RoomId, holdings: RoomHoldings): Promise<void> {
  const { redis } = context.storage;
  try {
    const viewed = await viewRoom(redis, { roomId, tokenHash: '', pace: null });
    const isListed = viewed.status === 'found' && viewed.found.room.listed;
    if (holdings.listed && !isListed) await leaveLobby(redis, { listedId: roomId });
  } catch (error) {
    if (!(error instanceof RoomError && error.reason === 'room_not_found')) throw error;
    await giveBackHoldings(context, roomId, holdings);
  }
}

/** Gives back everything that a room had of others when it ended before its time, in few commands that do not wait for each other. */
export async function giveBackHoldings(
  context: ServerContext,
  roomId: RoomId,
  { lease, listing, living, listed, reported }: RoomHoldings,
): Promise<void> {
  context.lobby?.hide(roomId);
  const leaving = {
    token: living,
    ...(listed && { listedId: roomId }),
    ...(reported && { endedId: roomId }),
  };
  await Promise.all([
    giveBackLease(context, 'living', lease),
    giveBackLease(context, 'listed', listing),
    living === '' && !listed && !reported ? undefined : tidily(leaveLobby(context.storage.redis, leaving)),
  ]);
}
