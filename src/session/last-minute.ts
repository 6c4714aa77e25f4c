import { LAST_MINUTE_MS } from '@/domain/limits';
import { cursorSchema } from '@/domain/message';
import { deriveStore } from '@/lib/derived-store';
import { followExpiry } from './expiry';
import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { SessionContext } from './session-context';

/** When the last minute of a room begins; never where the room lasts no longer than that. */
export function lastMinuteAt({ createdAt, expiresAt }: { createdAt: number; expiresAt: number }): number {
  const at = expiresAt - LAST_MINUTE_MS;
  return at > createdAt ? at : Infinity;
}

/**
 * Has the talk say that the last minute has begun, at that moment’s place among what is said; once more where the room’s end has
 * moved meanwhile. No server says so. Returns a function that stops it.
 */
export function noteLastMinute({ room, clock, page }: SessionContext, log: Pick<LogStore, 'note'>): () => void {
  const begins = deriveStore([room.ends], () => lastMinuteAt(room.get()));
  return followExpiry(begins, clock.now, page, () =>
    log.note([noticeAt(cursorSchema.parse(`${begins.get()}-0`), 'last-minute')]),
  );
}
