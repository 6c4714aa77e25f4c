'use client';

import { createStore } from '@/lib/store';
import type { TalkOffer } from '@/session/private-talk/private-talk';
import type { RoomSession } from '@/session/room-session';
import { useTalks } from './use-private-talk';
import { useStore } from './use-store';

const NONE = createStore<readonly TalkOffer[]>([]);

/** Whether somebody here waits for this person's answer: to an offer of a private talk, or to ten minutes more. */
export function useIsAsked(session: RoomSession): boolean {
  const offers = useStore(useTalks(session)?.offers ?? NONE);
  const proposal = useStore(session.proposal);
  return offers.length > 0 || proposal?.missing.includes(session.info.get().you.memberId) === true;
}
