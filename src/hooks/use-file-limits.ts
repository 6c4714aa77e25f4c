'use client';

import type { FileLimits } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** What the room takes, in bytes; null where no files are sent. */
export function useFileLimits(session: RoomSession): FileLimits | null {
  return useStore(session.files.limits);
}
