import { secretSchema } from '@/crypto/fragment';
import type { Answer } from '@/domain/failure';
import { ROOM_MEMBERS_MIN } from '@/domain/limits';
import type { RoomId } from '@/domain/room';
import type { PrivateRoom, PrivateTalkParts } from '@/session/private-talk/private-talk';
import { createTalks } from '@/session/private-talk/talks';
import { shareKeys } from './keys-of-other-tabs';
import { openSealedRoom } from './open-room';
import type { PageEnvironment } from './page-context';
import { setSeatedCookie } from './stay';

type TalkEnvironment = Pick<PageEnvironment, 'api' | 'identities' | 'storage' | 'random' | 'names' | 'openKeyChannel'>;

/** What private talk takes of this browser. */
export const privateTalkOf = (environment: TalkEnvironment): PrivateTalkParts => ({
  createTalks,
  openRoom: (lifetimeSeconds) => openPrivateRoom(environment, lifetimeSeconds),
  openChannel: environment.openKeyChannel,
});

/** Makes a sealed room of two seats, one of which is this person’s, who is to go there in another tab. It locks itself when both are in. */
async function openPrivateRoom(environment: TalkEnvironment, lifetimeSeconds: number): Promise<Answer<PrivateRoom>> {
  const { api, identities } = environment;
  const answer = await openSealedRoom(environment, { lifetimeSeconds, maxMembers: ROOM_MEMBERS_MIN, locksWhenFull: true });
  if (!answer.ok) return answer;
  const { path, offer, view, keys } = answer.value;
  const { roomId, expiresAt, now, you } = view.value;
  const endsAt = view.at + expiresAt - now;
  setSeatedCookie(roomId, endsAt);
  const stopSharing = keys === 'fleeting' ? await shareFleeting(environment, roomId) : () => undefined;
  const leftMs = endsAt - Date.now();
  // The tab that goes there has the keys by then, and gives them to others itself.
  setTimeout(stopSharing, leftMs);
  return {
    ok: true,
    value: {
      roomId,
      secret: secretSchema.parse(offer.secret),
      path,
      leftMs,
      close: () => {
        stopSharing();
        setSeatedCookie(roomId, 0);
        if (you !== null) void identities.discard(roomId, you.memberId);
        // One that cannot be ended now ends by itself, and nobody has its link.
        void api.destroyRoom(roomId);
      },
    },
  };
}

/** Keys that are in this page’s memory alone are not in the other tab’s, which asks for them. */
async function shareFleeting({ identities, openKeyChannel }: TalkEnvironment, roomId: RoomId): Promise<() => void> {
  const kept = await identities.load(roomId);
  return kept === null ? () => undefined : shareKeys(openKeyChannel, roomId, kept);
}
