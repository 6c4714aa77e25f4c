import 'server-only';
import type { RoomId } from '@/domain/room';

/** Each room has a cookie of its own, so two rooms in two tabs do not disturb each other. */
const cookieName = (roomId: RoomId): string => `mayfly_${roomId}`;

const ATTRIBUTES = 'Path=/api; HttpOnly; SameSite=Strict';

/** A `Set-Cookie` value that expires with the room. Once set over https, it is never sent unencrypted. */
export function seatCookie(roomId: RoomId, token: string, leftMs: number, secure: boolean): string {
  const seconds = Math.max(1, Math.floor(leftMs / 1_000));
  return `${cookieName(roomId)}=${token}; Max-Age=${seconds}; ${ATTRIBUTES}${secure ? '; Secure' : ''}`;
}

/** A `Set-Cookie` value that takes the room's cookie away. */
export function clearedCookie(roomId: RoomId, secure: boolean): string {
  return `${cookieName(roomId)}=; Max-Age=0; ${ATTRIBUTES}${secure ? '; Secure' : ''}`;
}

function cookieValue(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** The bearer token of a request. */
export const readBearer = (headers: Headers): string | null =>
  /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null;

/** The token that a request carries for a room: a bearer token, or else the room's cookie. */
export function readCredential(headers: Headers, roomId: RoomId): string | null {
  return readBearer(headers) ?? cookieValue(headers.get('cookie') ?? '', cookieName(roomId));
}
