import type { EventStream } from '@/client/room-stream';
import type { Store } from '@/lib/store';
import type { History } from './messages/history';
import type { Connection } from './room-session';
import type { SeatCheck } from './seat-check';
import type { SessionContext } from './session-context';
import type { SessionEvents } from './session-events';
import type { EndReason } from './visit';

const END_REASONS: readonly EndReason[] = [
  'expired',
  'destroyed',
  'gone',
  'removed',
  'displaced',
  'left',
  'signed-out',
];

/** Opens the stream of a session's room, and connects it to the parts that follow it. */
export function openSessionStream(
  { roomId, self, clock, over, openStream, end, report }: SessionContext,
  connection: Store<Connection>,
  events: SessionEvents,
  history: History,
  seatCheck: SeatCheck,
  onBegun: () => void,
): EventStream {
  /** Events are applied one after the other, though unsealing a text takes its time. */
  let work = Promise.resolve();
  const readAgain = () => {
    if (!over.aborted) history.readAgain();
  };
  return openStream(roomId, {
    onEvent: (event) => {
      work = work
        .then(() => (over.aborted ? undefined : events.apply(event)))
        // An event that cannot be applied is a fault of ours. The events behind it go on, and what it said may be read.
        .catch((fault: unknown) => {
          report(fault);
          readAgain();
        });
    },
    onState: (state) => {
      if (!over.aborted) connection.set({ state, since: clock.now() });
    },
    onBegun: () => {
      if (!over.aborted) onBegun();
    },
    onAfresh: history.readAgain,
    // The stream was refused for good; when room and seat still exist, it is opened again.
    onRefused: () => void seatCheck.confirm().then(readAgain),
    onFarewell: ({ memberId, reason: said }) => {
      const reason = END_REASONS.find((candidate) => candidate === said);
      // The tab that says it has said it to all the others.
      if (memberId === self && reason !== undefined) end(reason, false);
    },
  });
}
