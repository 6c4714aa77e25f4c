import { sealCard } from '@/crypto/card';
import { makeIdentity } from '@/crypto/identity';
import { deriveJoinProof, type RoomKeys } from '@/crypto/room-keys';
import type { Knocking, Newcomer, SeatedRoom } from '@/client/api';
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

/** What joining has come to: a seat, or waiting for the owner to give one. */
export type Taken = TakenSeat | Knocking;

/** Somebody about to join, with the keys that will be theirs; null in a plain room. */
export interface Joiner {
  readonly newcomer: Newcomer;
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
): Promise<Timed<Answer<Taken>>> {
  const { environment, roomId } = context;
  const joiner = await joinerOf(context, room, keys, name, stale);
  const first = await join(context, joiner);
  const { value: answer } = first;
  if (answer.ok || answer.failure.reason !== 'member_id_taken' || keys === null) return first;
  // Keys serve one seat, and these had theirs. Unless another tab is seated with them this moment, new ones are made, once.
  const view = await environment.api.readRoom(roomId);
  if (!view.ok || view.value.you !== null) return first;
  return join(context, await joinerOf(context, room, keys, name, joiner.newcomer.memberId));
}

/** Makes what a newcomer shows, and keeps its keys. Somebody who waits at the door shows the same again. */
export async function joinerOf(
  { environment: { identities }, roomId, clock }: PageContext,
  { expiresAt }: Room,
  keys: RoomKeys | null,
  name: string,
  stale?: MemberId,
): Promise<Joiner> {
  if (keys === null) return { newcomer: { name }, kept: null };
  const own = { identity: await makeIdentity(), endsAt: clock.toBrowserTime(expiresAt), epoch: keys.epoch };
  const kept = await identities.add(roomId, own, stale);
  const { identity } = kept;
  const [proof, card] = await Promise.all([deriveJoinProof(keys.secret), sealCard(keys, identity, name)]);
  return { newcomer: { proof, memberId: identity.memberId, card }, kept };
}

export async function join(
  { environment: { api }, roomId }: PageContext,
  { newcomer, kept }: Joiner,
): Promise<Timed<Answer<Taken>>> {
  const { value: answer, at } = await timed(api.joinRoom(roomId, newcomer));
  const seatOf = (value: SeatedRoom | Knocking): Taken => ('knockId' in value ? value : { seated: value, kept });
  return { value: answer.ok ? { ok: true, value: seatOf(answer.value) } : answer, at };
}
