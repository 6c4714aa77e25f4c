import { followExpiry } from './expiry';
import { noteLastMinute } from './last-minute';
import type { LogStore } from './messages/transcript-store';
import type { SessionContext } from './session-context';
import type { Visit } from './visit';

/** Follows the end of the room, which may move, until the session is over. */
export function followRoomEnd(
  context: SessionContext,
  { onEndMoved }: Pick<Visit, 'onEndMoved'>,
  log: Pick<LogStore, 'note'>,
  onReached: () => void,
): void {
  const { room, clock, page, over } = context;
  const stops = [
    followExpiry(room.ends, clock.now, page, onReached),
    noteLastMinute(context, log),
    room.ends.subscribe(() => onEndMoved(room.get())),
  ];
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
  });
}
