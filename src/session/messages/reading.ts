import { keyOf } from '@/domain/arrived';
import type { Cursor } from '@/domain/message';
import { createStore, type Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { RoomSession } from '@/session/room-session';
import type { SessionContext } from '@/session/session-context';
import { createUnread } from '@/session/unread';
import { createGoing, type Going } from './going';
import type { History } from './history';
import type { OutboxState } from './outbox/outbox-items';
import { createTranscript, type LogStore } from './transcript-store';

export interface Reading
  extends
    Going,
    Pick<RoomSession, 'transcript' | 'unread' | 'readTranscriptAgain' | 'readOlder' | 'clearScreen' | 'showAgain'> {
  /** Whether the end of the talk is in sight. */
  readonly looking: Readable<boolean>;
  readonly stopReading: () => void;
}

/** All that a member does with the talk but speak. */
export function createReading(
  context: SessionContext,
  people: People,
  log: LogStore,
  outbox: Readable<OutboxState>,
  history: History,
): Reading {
  const screen = createStore<Cursor | null>(null);
  const transcript = createTranscript(context, people, log, outbox, history, screen);
  const { stop, looking, ...unread } = createUnread(context.page, transcript);
  const going = createGoing(transcript, log, history.readOlder);
  return {
    transcript,
    unread,
    looking,
    ...going,
    goTo: (key) => {
      // What is hidden is shown to whoever wants to go there.
      if (!transcript.get().entries.some((entry) => keyOf(entry) === key)) screen.set(null);
      going.goTo(key);
    },
    readTranscriptAgain: history.read,
    readOlder: history.readOlder,
    clearScreen: () => screen.set(log.newest()),
    showAgain: () => screen.set(null),
    stopReading: stop,
  };
}
