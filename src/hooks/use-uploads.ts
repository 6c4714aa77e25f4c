'use client';

import type { Upload } from '@/session/files/upload';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** One's own files that are on their way, in the order in which they go out. */
export function useUploads(session: RoomSession): readonly Upload[] {
  return useStore(session.files.uploads);
}
