import { secretSchema } from '@/crypto/fragment';
import type { Answer } from '@/domain/failure';
import { ROOM_MEMBERS_MIN } from '@/domain/room-limits';
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
  const { api, identities, openKeyChannel } = environment;
  const asked = { lifetimeSeconds, maxMembers: ROOM_MEMBERS_MIN, locksWhenFull: true };
  const answer = await openSealedRoom(environment, asked);
  if (!answer.ok) return answer;
  const { path, offer, view, keys } = answer.value;
  const { roomId, expiresAt, now } = view.value;
  const endsAt = view.at + expiresAt - now;
  const leftMs = endsAt - Date.now();
  setSeatedCookie(roomId, endsAt);
  const kept = await identities.load(roomId);
  // Keys that are in this page’s memory alone are not in the other tab’s, which asks for them.
  const isShared = keys === 'fleeting' && kept !== null;
  const stopSharing = isShared ? shareKeys(openKeyChannel, roomId, () => kept) : () => undefined;
  setTimeout(stopSharing, leftMs);
  return {
    ok: true,
    value: {
      roomId,
      secret: secretSchema.parse(offer.secret),
      path,
      leftMs,
      isMet: async () => {
        const seen = await api.readRoom(roomId);
        return seen.ok && seen.value.members > 1;
      },
      close: () => {
        stopSharing();
        setSeatedCookie(roomId, 0);
        if (kept !== null) void identities.discard(roomId, kept.identity.memberId);
        // One that cannot be ended now ends by itself, and nobody has its link.
        void api.destroyRoom(roomId);
      },
    },
  };
}
