import { RoomScreenView } from '@/components/room/screens/room-screen';
import type { Hands } from '../hands';
import { roomSession, type Circumstances, type StillSession } from '../session';
import type { GalleryState } from '../state';

interface Around extends Omit<GalleryState, 'render' | 'act'> {
  hasFleetingKeys?: boolean;
  /** Gets the session, too, so that something can arrive. */
  act?: (hands: Hands, session: StillSession) => Promise<void>;
}

/** A state inside a room. */
export function inside(
  circumstances: Circumstances = {},
  { hasFleetingKeys = false, act, ...rest }: Around = {},
): GalleryState {
  let session = roomSession(circumstances);
  return {
    render: () => {
      session = roomSession(circumstances);
      return <RoomScreenView screen={{ state: 'inside', session, hasFleetingKeys }} />;
    },
    ...(act !== undefined && { act: (hands: Hands) => act(hands, session) }),
    ...rest,
  };
}
