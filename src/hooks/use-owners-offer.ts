'use client';

import type { RoomOffer } from '@/domain/content';
import { ownersOffer } from '@/session/owners-offer';
import type { RoomSession } from '@/session/room-session';
import { useMembers } from './use-members';
import { useTranscript } from './use-transcript';

/** The new room that the owner offered last, or null. */
export function useOwnersOffer(session: RoomSession): RoomOffer | null {
  return ownersOffer(useTranscript(session).entries, useMembers(session));
}
