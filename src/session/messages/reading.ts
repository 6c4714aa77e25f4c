import type { Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { RoomSession } from '@/session/room-session';
import type { SessionContext } from '@/session/session-context';
import { createUnread } from '@/session/unread';
import type { History } from './history';
import type { OutboxState } from './outbox/outbox-items';
import { createTranscript, type LogStore } from './transcript-store';

export interface Reading extends Pick<RoomSession, 'transcript' | 'unread' | 'readTranscriptAgain' | 'readOlder'> {
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
  const transcript = createTranscript(context, people, log, outbox, history);
  const { stop, looking, ...unread } = createUnread(context.page, transcript);
  return {
    transcript,
    unread,
    looking,
    readTranscriptAgain: history.read,
    readOlder: history.readOlder,
    stopReading: stop,
  };
}
