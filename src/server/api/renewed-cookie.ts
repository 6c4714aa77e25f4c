import 'server-only';
import type { RoomId } from '@/domain/room';
import { movedSeatCookie, readSeatCookie } from '@/server/auth/cookies';
import { hashCredential } from '@/server/auth/tokens';
import { takeMovedEnd } from '@/server/storage/moved-ends';

/**
 * The cookie that an answer sets anew, because the room's end has moved since it was given; null where there is nothing to renew. Only the
 * token that the browser has just shown is in it.
 */
export function renewedCookie(headers: Headers, roomId: RoomId, https: boolean): string | null {
  const cookie = readSeatCookie(headers, roomId);
  if (cookie === null) return null;
  const end = takeMovedEnd(hashCredential(cookie.token));
  if (end === null || end.expiresAt === cookie.expiresAt) return null;
  const left = { expiresAt: end.expiresAt, leftMs: end.endsAt - performance.now() };
  return movedSeatCookie(roomId, cookie.token, left, https);
}
