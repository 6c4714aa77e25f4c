import { keyOf } from '@/domain/arrived';
import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { People } from '@/session/people/people';
import type { RoomSession } from '@/session/room-session';
import type { SessionContext } from '@/session/session-context';
import { createUnread } from '@/session/unread';
import { createGoing, type Going } from './going';
import type { History } from './history';
import { createOwnScreen, type OwnScreen } from './own-screen';
import { createTranscript, type LogStore, type Unstored } from './transcript-store';

export interface Reading extends Going, OwnScreen, Pick<RoomSession, 'unread' | 'readTranscriptAgain' | 'readOlder'> {
  /** Whether the end of the talk is in sight. */
  readonly looking: Readable<boolean>;
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
  const said = createTranscript(context, people, log, unstored, history);
  const { shown } = context.ignored;
  const whole = deriveStore([said, shown], () => shown.get()?.(said.get()) ?? said.get());
  const { transcript, ...screen } = createOwnScreen(whole, log);
  const { stop, looking, ...unread } = createUnread(context.page, whole, (memberId) =>
    people.list.get().some((person) => person.owner && person.memberId === memberId),
  );
  const going = createGoing(transcript, log, history.readOlder);
  return {
    transcript,
    ...screen,
    unread,
    looking,
    ...going,
    goTo: (key) => {
      // A hidden message is shown to a reader who wants to go there.
      if (!transcript.get().entries.some((entry) => keyOf(entry) === key)) screen.showAgain();
      going.goTo(key);
    },
    readTranscriptAgain: history.read,
    readOlder: history.readOlder,
    stopReading: stop,
  };
}
