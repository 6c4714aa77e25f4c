import 'server-only';
import { Elysia } from 'elysia';
import { RoomError } from '@/domain/errors';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { readCredential } from '@/server/auth/cookies';
import { clientAddress, isCrossOrigin, isCrossSite, isHttps } from '@/server/auth/origin';
import { hashCredential } from '@/server/auth/tokens';
import { renewedCookie } from './renewed-cookie';
import { checkOctets, readJsonBody } from './request-body';

/** Returns the one `roomId` in the query; anything but exactly one of the right shape is a room that does not exist. */
export function roomIdOf(request: Request): RoomId {
  const values = new URL(request.url).searchParams.getAll('roomId');
  const parsed = roomIdSchema.safeParse(values.length === 1 ? values[0] : undefined);
  if (!parsed.success) throw new RoomError('room_not_found');
  return parsed.data;
}

/**
 * Pages of another site cannot read our answers, but they could make a visitor's browser guess at rooms until its
 * address is refused.
 */
export function refuseCrossSite(headers: Headers): void {
  if (isCrossSite(headers)) throw new RoomError('cross_origin');
}

/** Reads the body of a changing request, unless a page of another origin sent it. */
function admitBody(request: Request, trustedProxies: number): Promise<unknown> {
  if (isCrossOrigin(request, trustedProxies)) throw new RoomError('cross_origin');
  return readJsonBody(request);
}

/** The body of a piece is read once the piece has its turn: until then it costs no more than its connection. */
function admitPiece(request: Request, trustedProxies: number): ReadableStream<Uint8Array> | null {
  if (isCrossOrigin(request, trustedProxies)) throw new RoomError('cross_origin');
  return checkOctets(request);
}

/**
 * The order in which faults win, the same for every controller: a malformed room id, then the origin, then the body's
 * media type, size and syntax; validation comes after them, and the storage last. Elysia runs `parse` for changing
 * requests only, and before `transform`, which runs for all.
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
      afterHandle: ({ request, set }) => {
        // Some answers give a seat, or take one.
        if (set.headers['set-cookie'] !== undefined) return;
        const renewed = renewedCookie(request.headers, roomIdOf(request), isHttps(request.headers, trustedProxies));
        if (renewed !== null) set.headers['set-cookie'] = renewed;
      },
    })
    .macro('ofPiece', {
      parse: ({ request }) => {
        roomIdOf(request);
        return admitPiece(request, trustedProxies);
      },
      transform: ({ request }) => {
        roomIdOf(request);
        refuseCrossSite(request.headers);
      },
      resolve: ({ request }) => {
        const roomId = roomIdOf(request);
        return { roomId, tokenHash: hashCredential(readCredential(request.headers, roomId)) };
      },
      afterHandle: ({ request, set }) => {
        // Some answers give a seat, or take one.
        if (set.headers['set-cookie'] !== undefined) return;
        const renewed = renewedCookie(request.headers, roomIdOf(request), isHttps(request.headers, trustedProxies));
        if (renewed !== null) set.headers['set-cookie'] = renewed;
      },
    })
    .macro('anywhere', {
      parse: ({ request }) => admitBody(request, trustedProxies),
    });
}
