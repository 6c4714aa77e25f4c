import type { RoomApi, RoomView } from '@/client/api';
import type { Answer } from '@/domain/failure';
import { makeSecret, roomPath } from '@/crypto/fragment';
import { canSeal, deriveRoomKeys } from '@/crypto/sealing';
import { browserApi } from './browser-api';
import { timed, type Timed } from '@/session/server-clock';

export interface OpenRoomOptions {
  lifetimeSeconds?: number;
  maxMembers?: number;
}

export interface OpenedRoom {
  /** Where to go, key included. */
  path: string;
  /** The room as a look at it would have shown it. */
  view: Timed<RoomView>;
}

/** Makes a room that is sealed with a key made here; only the key's check goes out. */
export async function openSealedRoom(api: RoomApi, options: OpenRoomOptions): Promise<Answer<OpenedRoom>> {
  if (!canSeal()) return { ok: false, failure: { reason: 'insecure_context' } };
  const secret = makeSecret();
  const { keyCheck } = await deriveRoomKeys(secret);
  const { value: answer, at } = await timed(api.openRoom({ ...options, sealed: true, keyCheck }));
  if (!answer.ok) return answer;
  const { memberId, owner, ...room } = answer.value;
  return {
    ok: true,
    value: { path: roomPath(room.roomId, secret), view: { value: { ...room, you: { memberId, owner } }, at } },
  };
}

/** The same on the server that the page came from. To be called in the browser only. */
export function openSealedRoomHere(options: OpenRoomOptions): Promise<Answer<OpenedRoom>> {
  return openSealedRoom(browserApi(), options);
}
