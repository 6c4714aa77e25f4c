import { compareCursors, type Cursor } from '@/domain/message';
import { deriveStore } from '@/lib/derived-store';
import { createStore, type Readable } from '@/lib/store';
import type { LogStore } from './transcript-store';
import type { Transcript, TranscriptEntry } from './transcript';

/** What a reader sees of the talk, which is all of it until they clear their screen. */
export interface OwnScreen {
  readonly transcript: Readable<Transcript>;
  /** Hides what was said so far, on this page alone, until `showAgain` or until it is loaded again. */
  readonly clearScreen: () => void;
  readonly showAgain: () => void;
}

export function createOwnScreen(whole: Readable<Transcript>, { newest }: Pick<LogStore, 'newest'>): OwnScreen {
  const clearedAt = createStore<Cursor | null>(null);
  return {
    transcript: deriveStore([whole, clearedAt], () => withoutCleared(whole.get(), clearedAt.get())),
    clearScreen: () => clearedAt.set(newest()),
    showAgain: () => clearedAt.set(null),
  };
}

/** What is not stored stays in sight, as it may have to be sent again. */
function withoutCleared(transcript: Transcript, clearedAt: Cursor | null): Transcript {
  if (clearedAt === null) return transcript;
  const isShown = ({ cursor }: TranscriptEntry) => cursor === undefined || compareCursors(cursor, clearedAt) > 0;
  return { ...transcript, older: 'none', entries: transcript.entries.filter(isShown), cleared: true };
}
