import 'server-only';
import type { RoomId } from '@/domain/room';
import { movedSeatCookie, readSeatCookie } from '@/server/auth/cookies';
import { movedEndFor } from '@/server/services/moved-end';

/**
 * The cookie that an answer sets again, because the room's end has moved since it was given; null where there is nothing to renew. Only the
 * token that the browser has just shown is in it.
 */
export function renewedCookie(headers: Headers, roomId: RoomId, https: boolean): string | null {
  const cookie = readSeatCookie(headers, roomId);
  const end = cookie === null ? null : movedEndFor(cookie.token);
  if (cookie === null || end === null || end.expiresAt === cookie.expiresAt) return null;
  return movedSeatCookie(roomId, cookie.token, end, https);
}
