import { sealCard } from '@/crypto/card';
import { makeIdentity } from '@/crypto/identity';
import { deriveJoinProof, type RoomKeys } from '@/crypto/room-keys';
import type { SeatedRoom } from '@/client/api';
import type { Answer } from '@/domain/failure';
import type { MemberId, Room } from '@/domain/room';
import { timed, type Timed } from '@/session/server-clock';
import type { KeptIdentity } from './identity-store';
import { askForKeys } from './keys-of-other-tabs';
import type { PageContext } from './page-context';

/** A seat taken, and the keys that are its member; null in a plain room. */
export interface TakenSeat {
  readonly seated: SeatedRoom;
  readonly kept: KeptIdentity | null;
}

/**
 * The keys of a seat that this browser has: from its storage, where the maker's may still lie under the member's id, or from another
 * of its tabs. Null when they are lost.
 */
export async function findSeatKeys(
  { environment: { identities, openKeyChannel }, roomId }: PageContext,
  memberId: MemberId,
): Promise<KeptIdentity | null> {
  const kept = await identities.load(roomId);
  if (kept?.identity.memberId === memberId) return kept;
  const made = await identities.load(memberId);
  const found = made?.identity.memberId === memberId ? made : await askForKeys(openKeyChannel, roomId, memberId);
  if (found === null) return null;
  await identities.add(roomId, found, kept?.identity.memberId);
  if (made !== null) await identities.discard(memberId, memberId);
  return found;
}

/**
 * Takes a seat, or moves the one that the browser's credential holds to new keys: of `stale`, which it had before. The keys are kept
 * before the server hears of them, so whatever becomes of the answer, no seat is left without. Of two tabs that join at once, both
 * join as the same member.
 */
export async function takeSeat(
  context: PageContext,
  room: Room,
  keys: RoomKeys | null,
  name: string,
  stale?: MemberId,
): Promise<Timed<Answer<TakenSeat>>> {
  const { environment, roomId } = context;
  if (keys === null) return seatOf(await timed(environment.api.joinRoom(roomId, {})), null);
  const first = await joinWithKeys(context, room, keys, name, stale);
  const { value: answer } = first.taken;
  if (answer.ok || answer.failure.reason !== 'member_id_taken') return first.taken;
  // Keys serve one seat, and these had theirs. Unless another tab is seated with them this moment, new ones are made, once.
  const view = await environment.api.readRoom(roomId);
  if (!view.ok || view.value.you !== null) return first.taken;
  return (await joinWithKeys(context, room, keys, name, first.memberId)).taken;
}

async function joinWithKeys(
  { environment: { api, identities }, roomId, clock }: PageContext,
  { expiresAt }: Room,
  keys: RoomKeys,
  name: string,
  stale: MemberId | undefined,
): Promise<{ taken: Timed<Answer<TakenSeat>>; memberId: MemberId }> {
  const own = { identity: await makeIdentity(), endsAt: clock.toBrowserTime(expiresAt), epoch: keys.epoch };
  const kept = await identities.add(roomId, own, stale);
  const { identity } = kept;
  const { memberId } = identity;
  const [proof, card] = await Promise.all([deriveJoinProof(keys.secret), sealCard(keys, identity, name)]);
  return { taken: seatOf(await timed(api.joinRoom(roomId, { proof, memberId, card })), kept), memberId };
}

const seatOf = ({ value: answer, at }: Timed<Answer<SeatedRoom>>, kept: KeptIdentity | null) => ({
  value: answer.ok ? { ok: true as const, value: { seated: answer.value, kept } } : answer,
  at,
});
