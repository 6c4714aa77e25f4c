import { keyOf } from '@/domain/arrived';
import { createStore, type Readable } from '@/lib/store';
import type { LogStore } from './transcript-store';
import type { Transcript } from './transcript';

/** `looking`: older pages are being read for it; `there`: the transcript has it, and is about to show it. */
export interface Destination {
  readonly key: string;
  readonly state: 'looking' | 'there' | 'taken-back' | 'missing';
}

/** A way to any message of the room, from wherever it is mentioned. */
export interface Going {
  /** Where the reader wants to be; null while they are content. */
  readonly destination: Readable<Destination | null>;
  /** Goes to the entry of this key, which may be on a page that has not been read. */
  readonly goTo: (key: string) => void;
  /** The transcript has got there, or the reader no longer wants to. */
  readonly stay: () => void;
}

/** Reads page after page until the entry is there, or known not to come. */
export function createGoing(
  transcript: Readable<Transcript>,
  { isTakenBack }: Pick<LogStore, 'isTakenBack'>,
  readOlder: () => void,
): Going {
  const destination = createStore<Destination | null>(null);

  function look() {
    const wanted = destination.get();
    if (wanted?.state !== 'looking') return;
    const { key } = wanted;
    const { state, older, entries } = transcript.get();
    if (entries.some((entry) => keyOf(entry) === key)) destination.set({ key, state: 'there' });
    else if (isTakenBack(key)) destination.set({ key, state: 'taken-back' });
    else if (older === 'more') readOlder();
    // A page that fails is read again by itself, the newest one included.
    else if (older === 'none' && state === 'ready') destination.set({ key, state: 'missing' });
  }

  transcript.subscribe(look);
  return {
    destination,
    goTo: (key) => {
      destination.set({ key, state: 'looking' });
      look();
    },
    stay: () => destination.set(null),
  };
}
