import { useEffect } from 'react';
import type { FileId } from '@/domain/file';
import type { TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';

const filesIn = (entries: readonly TranscriptEntry[]): ReadonlySet<FileId> =>
  new Set(entries.flatMap((entry) => (entry.kind === 'message' && entry.file ? [entry.file.fileId] : [])));

/** The content of a file goes with its message: nothing stays in the page of one that was taken back. */
export function useUnshownReleased({ transcript, files }: Pick<RoomSession, 'transcript' | 'files'>): void {
  useEffect(() => {
    let before = filesIn(transcript.get().entries);
    return transcript.subscribe(() => {
      const now = filesIn(transcript.get().entries);
      for (const fileId of before) if (!now.has(fileId)) files.release(fileId);
      before = now;
    });
  }, [transcript, files]);
}
