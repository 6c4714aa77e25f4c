'use client';

import type { RoomSession } from '@/session/room-session';
import type { Transcript } from '@/session/messages/transcript';
import { useStore } from './use-store';

export type { TranscriptEntry } from '@/session/messages/transcript';

/** The messages in the room's order, with one's own unsent ones last; `retry` reads the history again, `readOlder` the page before what is shown. */
export function useTranscript(session: RoomSession): Transcript & { retry: () => void; readOlder: () => void } {
  return { ...useStore(session.transcript), retry: session.readTranscriptAgain, readOlder: session.readOlder };
}
