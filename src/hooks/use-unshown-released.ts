import { useEffect } from 'react';
import type { SharedFile } from '@/session/files/shared-file';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';

const filesIn = (entries: readonly TranscriptEntry[]): ReadonlyMap<string, SharedFile> =>
  new Map(
    entries.flatMap((entry) => (entry.kind === 'message' && entry.file ? [[entry.key, entry.file] as const] : [])),
  );

/**
 * The content of a file goes with its message: nothing stays in the page of one that was taken back, whatever other message names the
 * same file.
 */
export function useUnshownReleased({ transcript, files }: Pick<RoomSession, 'transcript' | 'files'>): void {
  useEffect(() => {
    let before = filesIn(transcript.get().entries);
    return transcript.subscribe(() => {
      const now = filesIn(transcript.get().entries);
      for (const [key, file] of before) if (!now.has(key)) files.release(file);
      before = now;
    });
  }, [transcript, files]);
}
