import 'server-only';
import type { RoomId } from '@/domain/room';

/** Each room has a cookie of its own, so two rooms in two tabs do not disturb each other. */
const cookieName = (roomId: RoomId): string => `mayfly_${roomId}`;

/** Between the token and the end in the value of a cookie. No token holds it. */
const END_MARK = '.';

const ATTRIBUTES = 'Path=/api; HttpOnly; SameSite=Strict';

/** A `Set-Cookie` value that expires with the room. Once set over https, it is never sent unencrypted. */
export function seatCookie(roomId: RoomId, token: string, leftMs: number, secure: boolean): string {
  const seconds = Math.max(1, Math.floor(leftMs / 1_000));
  return `${cookieName(roomId)}=${token}; Max-Age=${seconds}; ${ATTRIBUTES}${secure ? '; Secure' : ''}`;
}

/**
 * The same for a room whose end has moved. Its value names the end that it was given for, so that it is given once: no answer can be lost
 * without the next one making up for it.
 */
export function movedSeatCookie(
  roomId: RoomId,
  token: string,
  end: { expiresAt: number; leftMs: number },
  secure: boolean,
): string {
  return seatCookie(roomId, `${token}${END_MARK}${end.expiresAt}`, end.leftMs, secure);
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

/** The seat's cookie that a request is made with, and the end that it names; null for a bearer token. */
export function readSeatCookie(headers: Headers, roomId: RoomId): { token: string; expiresAt: number | null } | null {
  if (readBearer(headers) !== null) return null;
  const value = cookieValue(headers.get('cookie') ?? '', cookieName(roomId));
  if (value === null) return null;
  const [token = '', end] = value.split(END_MARK, 2);
  return { token, expiresAt: end === undefined ? null : Number(end) };
}

/** The token that a request carries for a room: a bearer token, or else the room's cookie. */
export function readCredential(headers: Headers, roomId: RoomId): string | null {
  return readBearer(headers) ?? readSeatCookie(headers, roomId)?.token ?? null;
}
