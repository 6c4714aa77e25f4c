import 'server-only';
import { Elysia } from 'elysia';
import { RoomError } from '@/domain/errors';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { readCredential } from '@/server/auth/cookies';
import { clientAddress, isCrossOrigin, isCrossSite, isHttps } from '@/server/auth/origin';
import { hashCredential } from '@/server/auth/tokens';
import { readJsonBody } from './request-body';

/** Exactly one `roomId` of the exact shape; everything else is a room that does not exist. */
export function roomIdOf(request: Request): RoomId {
  const values = new URL(request.url).searchParams.getAll('roomId');
  const parsed = roomIdSchema.safeParse(values.length === 1 ? values[0] : undefined);
  if (!parsed.success) throw new RoomError('room_not_found');
  return parsed.data;
}

/**
 * Another site's pages can read no answer of ours, but they could make a visitor's browser guess at rooms
 * until its address is refused.
 */
export function refuseCrossSite(headers: Headers): void {
  if (isCrossSite(headers)) throw new RoomError('cross_origin');
}

/** The body of a changing request, once it may be read: not from another origin's page. */
function admitBody(request: Request, trustedProxies: number): Promise<unknown> {
  if (isCrossOrigin(request, trustedProxies)) throw new RoomError('cross_origin');
  return readJsonBody(request);
}

/**
 * The order in which faults win, for every controller alike: a malformed room id, then the origin,
 * then the body's media type, size and syntax; validation comes after, and the rest is the storage's.
 * Elysia runs `parse` for changing requests only, and before `transform`, which all have.
 */
export function door(trustedProxies: number) {
  return new Elysia({ name: 'door' })
    .resolve({ as: 'scoped' }, ({ request }) => ({
      address: clientAddress(request.headers, trustedProxies),
      https: isHttps(request.headers, trustedProxies),
    }))
    .macro('inRoom', {
      parse: ({ request }) => {
        roomIdOf(request);
        return admitBody(request, trustedProxies);
      },
      transform: ({ request }) => {
        roomIdOf(request);
        refuseCrossSite(request.headers);
      },
      resolve: ({ request }) => {
        const roomId = roomIdOf(request);
        return { roomId, tokenHash: hashCredential(readCredential(request.headers, roomId)) };
      },
    })
    .macro('anywhere', {
      parse: ({ request }) => admitBody(request, trustedProxies),
    });
}
