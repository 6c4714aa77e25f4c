import type { People } from '@/session/people/people';
import type { RoomSession } from '@/session/room-session';
import type { SessionContext } from '@/session/session-context';
import { createUnread } from '@/session/unread';
import { createGoing, type Going } from './going';
import type { History } from './history';
import { createTranscript, type LogStore, type Unstored } from './transcript-store';

export interface Reading
  extends Going, Pick<RoomSession, 'transcript' | 'unread' | 'readTranscriptAgain' | 'readOlder'> {
  readonly stopReading: () => void;
}

/** All that a member does with the talk but speak. */
export function createReading(
  context: SessionContext,
  people: People,
  log: LogStore,
  unstored: Unstored,
  history: History,
): Reading {
  const transcript = createTranscript(context, people, log, unstored, history);
  const { stop, ...unread } = createUnread(context.page, transcript);
  return {
    transcript,
    unread,
    ...createGoing(transcript, log, history.readOlder),
    readTranscriptAgain: history.read,
    readOlder: history.readOlder,
    stopReading: stop,
  };
}
