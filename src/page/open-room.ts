import type { RoomApi, RoomView } from '@/client/api';
import { sealCard } from '@/crypto/card';
import { makeSecret, roomPath } from '@/crypto/fragment';
import { makeIdentity } from '@/crypto/identity';
import { canSeal, deriveJoinProof, deriveRoomKeys, hashProof } from '@/crypto/room-keys';
import type { RoomOffer } from '@/domain/content';
import type { Answer } from '@/domain/failure';
import { ROOM_LIFETIME_SECONDS_MAX } from '@/domain/room-limits';
import type { NameWords } from '@/domain/names';
import type { Entry } from '@/domain/room';
import { timed, type Timed } from '@/session/server-clock';
import type { TabStorage } from '@/lib/tab-storage';
import { browserApi } from './browser-api';
import { tabStorage } from './browser-storage';
import { browserIdentities } from './browser-identities';
import type { IdentityStore } from './identity-store';
import { setSeatedCookie } from './stay';
import { usualName } from './usual-name';

export interface OpenRoomOptions {
  lifetimeSeconds?: number;
  maxMembers?: number;
  /** Newcomers wait at the door until they are let in. */
  entry?: Entry;
  /** It locks itself as soon as its last seat is taken. */
  locksWhenFull?: boolean;
  /** A public room: it stands on the front page, under its topic, and is plain. */
  listed?: true;
  topic?: string;
  language?: string;
}

export interface OpenedRoom {
  /** Where to go, key included. */
  path: string;
  /** The same, as it is offered to others. */
  offer: RoomOffer;
  /** The room as a look at it would have shown it. */
  view: Timed<RoomView>;
  /** Where its keys are: in the browser, or in the memory of this document alone, which then cannot be left for another. */
  keys: 'lasting' | 'fleeting';
}

/** What making a room takes of the browser. */
export interface OpeningEnvironment {
  readonly api: RoomApi;
  readonly identities: IdentityStore;
  readonly storage: TabStorage;
  readonly random: () => number;
  readonly names: NameWords;
}

/** Until the answer says when the room ends, its maker's keys are kept for as long as a room may live, and a little more. */
const KEPT_MS = (ROOM_LIFETIME_SECONDS_MAX + 60) * 1_000;

/**
 * Makes a room that is sealed with a key made here, and its owner's keys. Nothing of the key goes out but its check and the hash of
 * the proof by which guests join; of the owner, their id and their sealed card.
 */
export async function openSealedRoom(
  environment: OpeningEnvironment,
  options: OpenRoomOptions,
): Promise<Answer<OpenedRoom>> {
  const { api, identities } = environment;
  if (!canSeal()) return { ok: false, failure: { reason: 'insecure_context' } };
  const secret = makeSecret();
  const [keys, identity] = await Promise.all([deriveRoomKeys(secret, 0), makeIdentity()]);
  const { memberId } = identity;
  const [proofHash, card] = await Promise.all([
    deriveJoinProof(secret).then(hashProof),
    sealCard(keys, identity, usualName(environment)),
  ]);
  // Before the server hears of them: whatever becomes of the answer, no seat is left without its keys.
  await identities.add(memberId, { identity, endsAt: Date.now() + KEPT_MS, epoch: 0 });
  const asked = { ...options, sealed: true, keyCheck: keys.keyCheck, proofHash, memberId, card };
  const { value: answer, at } = await timed(api.openRoom(asked));
  if (!answer.ok) {
    await identities.discard(memberId, memberId);
    return answer;
  }
  const { memberId: you, owner, ...room } = answer.value;
  await identities.add(room.roomId, { identity, endsAt: at + room.expiresAt - room.now, epoch: 0 });
  await identities.discard(memberId, memberId);
  return {
    ok: true,
    value: {
      path: roomPath(room.roomId, secret),
      offer: { roomId: room.roomId, secret },
      view: { value: { ...room, you: { memberId: you, owner } }, at },
      keys: identities.isLasting() ? 'lasting' : 'fleeting',
    },
  };
}

/** The same on the server that the page came from. To be called in the browser only. */
export async function openSealedRoomHere(options: OpenRoomOptions, names: NameWords): Promise<Answer<OpenedRoom>> {
  const environment = {
    api: browserApi(),
    identities: browserIdentities(),
    storage: tabStorage(),
    random: Math.random,
    names,
  };
  const answer = await openSealedRoom(environment, options);
  if (answer.ok) noteMade(answer.value.view);
  return answer;
}

/** A room without a key, as the one was that its maker comes from. To be called in the browser only. */
export async function openPlainRoomHere(options: OpenRoomOptions): Promise<Answer<OpenedRoom>> {
  const { value: answer, at } = await timed(browserApi().openRoom(options));
  if (!answer.ok) return answer;
  const { memberId, owner, ...room } = answer.value;
  const { roomId } = room;
  const view = { value: { ...room, you: { memberId, owner } }, at };
  noteMade(view);
  return { ok: true, value: { path: `/room/${roomId}`, offer: { roomId }, view, keys: 'lasting' } };
}

/** Before the room's page is fetched, which would show its maker a door. */
function noteMade({ value: { roomId, expiresAt, now }, at }: Timed<RoomView>): void {
  setSeatedCookie(roomId, at + expiresAt - now);
}
