import { LAST_MINUTE_MS } from '@/domain/limits';
import { cursorSchema } from '@/domain/message';
import { followExpiry } from './expiry';
import { noticeAt } from './messages/notices';
import type { LogStore } from './messages/transcript-store';
import type { SessionContext } from './session-context';

/** When the last minute of a room begins; null where the room lasts no longer than that. */
export function lastMinuteAt({ createdAt, expiresAt }: { createdAt: number; expiresAt: number }): number | null {
  const at = expiresAt - LAST_MINUTE_MS;
  return at > createdAt ? at : null;
}

/**
 * Has the talk say once that the last minute has begun, at that moment’s place among what is said. No server says so. Returns a
 * function that stops it.
 */
export function noteLastMinute({ room, clock, page }: SessionContext, log: Pick<LogStore, 'note'>): () => void {
  const at = lastMinuteAt(room.get());
  if (at === null) return () => undefined;
  const cursor = cursorSchema.parse(`${at}-0`);
  return followExpiry(at, clock.now, page, () => log.note([noticeAt(cursor, 'last-minute')]));
}
