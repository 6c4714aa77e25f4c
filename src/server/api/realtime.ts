import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { type Cursor, cursorSchema } from '@/domain/message';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { readCredential } from '@/server/auth/cookies';
import { clientAddress, isHttps } from '@/server/auth/origin';
import { hashCredential } from '@/server/auth/tokens';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { listenToRoom } from '@/server/services/listen-to-room';
import { refuseCrossSite } from './door';
import { headersOf, refuse } from './node/node-http';
import { socketSink } from './node/socket-sink';
import { renewedCookie } from './renewed-cookie';

/** `<ms>` or `<ms>-<seq>`; without its sequence an id is the millisecond's first, as Redis reads it after `(`. */
const lastAckSchema = z.pipe(
  z.string().check(z.regex(/^\d{1,20}(-\d{1,20})?$/)),
  z.pipe(
    z.transform((ack: string) => (ack.includes('-') ? ack : `${ack}-0`)),
    cursorSchema,
  ),
);

function channelOf(query: URLSearchParams): RoomId {
  const channels = query.getAll('channel');
  const parsed = roomIdSchema.safeParse(channels.length === 1 ? channels[0] : undefined);
  if (!parsed.success) throw new RoomError('room_not_found');
  return parsed.data;
}

function lastAckOf(query: URLSearchParams, roomId: RoomId): Cursor | null {
  const path = `last_ack_${roomId}`;
  const acks = query.getAll(path);
  if (acks.length === 0) return null;
  const parsed = lastAckSchema.safeParse(acks.length === 1 ? acks[0] : undefined);
  if (parsed.success) return parsed.data;
  throw new RoomError('invalid_request', { faults: [{ path, message: 'is not <ms> or <ms>-<seq>' }] });
}

/**
 * `GET /api/realtime`: the room's events for one member, in the wire format of Upstash Realtime. It writes to Node's own
 * response, which costs least for each event; it refuses in the same words as the rest of the API.
 */
export async function handleRealtime(
  context: ServerContext,
  { trustedProxies }: { trustedProxies: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const [path = '', search = ''] = (request.url ?? '').split(/(?=\?)/, 2);
    if (request.method !== 'GET' || path.endsWith('/')) throw new RoomError('not_found');
    const query = new URLSearchParams(search);
    const roomId = channelOf(query);
    const headers = headersOf(request);
    refuseCrossSite(headers);
    const lastAck = lastAckOf(query, roomId);
    const address = clientAddress(headers, trustedProxies);
    const tokenHash = hashCredential(readCredential(headers, roomId));
    const closed = await countGuesses(context, { roomId, address, tokenHash }, () =>
      listenToRoom(context, {
        roomId,
        tokenHash,
        lastAck,
        address,
        openSink: () => {
          const renewed = renewedCookie(headers, roomId, isHttps(headers, trustedProxies));
          if (renewed !== null) response.setHeader('set-cookie', renewed);
          return socketSink(response);
        },
      }),
    );
    // The connection ends with the stream, and so do the requests that wait behind it.
    if (request.socket.destroyed) closed();
    else request.socket.once('close', closed);
  } catch (error) {
    refuse(response, error);
  }
}
