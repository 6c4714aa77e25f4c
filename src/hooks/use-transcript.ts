'use client';

import type { RoomSession } from './room-session';
import type { Transcript } from './transcript';
import { useStore } from './use-store';

export type { TranscriptEntry } from './transcript';

/** What was said, in the room's order, with one's own unsent messages last; `retry` reads the history again. */
export function useTranscript(session: RoomSession): Transcript & { retry: () => void } {
  return { ...useStore(session.transcript), retry: session.readTranscriptAgain };
}
