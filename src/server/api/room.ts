import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { ROOM_LIFETIME_SECONDS_DEFAULT, ROOM_MEMBERS_DEFAULT } from '@/domain/room-limits';
import { joinRoomSchema, openRoomSchema, type OpenRoom, sealingSchema, updateRoomSchema } from '@/domain/requests';
import { knockIdSchema } from '@/domain/knock';
import { type Room, type RoomId, roomIdSchema, roomSchema, type Seat, seatSchema } from '@/domain/room';
import { clearedCookie, readCredential, seatCookie } from '@/server/auth/cookies';
import { countGuesses } from '@/server/services/address-limits';
import { openOnLease } from '@/server/services/address-rooms';
import { comeIn } from '@/server/services/come-in';
import type { ServerContext } from '@/server/services/context';
import { destroyRoom } from '@/server/services/destroy-room';
import { leaveRoom } from '@/server/services/leave-room';
import { openRoom } from '@/server/services/open-room';
import { readRoom } from '@/server/services/read-room';
import { updateRoom } from '@/server/services/update-room';
import { door } from './door';
import { problemSchema } from './errors';

const inRoomQuery = z.object({ roomId: roomIdSchema });
const seatedRoomSchema = z.extend(roomSchema, { ...seatSchema.shape, token: z.optional(z.string()) });
const waitingSchema = z.object({ knockId: knockIdSchema, token: z.optional(z.string()) });
const visitedRoomSchema = z.extend(roomSchema, { you: z.nullable(seatSchema) });

/**
 * What each route takes and answers, and what the API’s document says about it. Each use gets a copy, because Elysia writes
 * the hooks of an instance into the object that it is given.
 */
const opening = {
  anywhere: true,
  body: openRoomSchema,
  response: {
    201: seatedRoomSchema,
    403: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Make a room',
    description:
      'The maker is seated as its owner. A sealed room needs `keyCheck`, `proofHash`, `memberId` and `card`, which a plain one refuses: ' +
      'the SHA-256 of the join proof’s 43 characters, and the maker’s own id and card, sealed for epoch 0. `listed: true` is for plain rooms ' +
      'with a topic, one of an address at a time (429), where there are public rooms (403 `lobby_off`).',
  },
} as const;

const looking = {
  inRoom: true,
  query: inRoomQuery,
  response: { 200: visitedRoomSchema, 404: problemSchema, 429: problemSchema, 503: problemSchema },
  detail: {
    summary: 'Look at a room',
    description: 'Anyone with the link may; it changes nothing and seats nobody.',
  },
} as const;

const joining = {
  inRoom: true,
  query: inRoomQuery,
  body: joinRoomSchema,
  response: {
    200: seatedRoomSchema,
    201: seatedRoomSchema,
    202: waitingSchema,
    403: problemSchema,
    404: problemSchema,
    409: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Take a seat',
    description:
      '201 is a new seat, 200 the one that the credential already holds. In a full room of three seats or more the seat of a member ' +
      'that nothing was heard of for five minutes is given away. A newcomer to a sealed room gives `proof`, `memberId` and `card`, which ' +
      'plain rooms refuse: 403 `wrong_key`, 409 `member_id_taken` for an id that ever had a seat, 409 `epoch_changed` for a card of another ' +
      'epoch. With another `memberId` and a `card`, the seat that the credential holds moves there, once a minute. ' +
      'Where `entry` is `knock`, 202 is a place at the door, under a credential that becomes the seat’s: the same call with it is 202 while nobody ' +
      'has answered, every two seconds at most, 201 when let in, and 403 `refused`; a minute later one asks anew, thrice in all. There a plain room ' +
      'needs `name`, which its owner is shown and which is nobody’s name in the room.',
  },
} as const;

const leaving = {
  inRoom: true,
  query: inRoomQuery,
  detail: {
    summary: 'Give the seat up',
    responses: { 204: { description: 'The seat is free again.' }, 401: { description: 'Not a member.' } },
  },
} as const;

const destroying = {
  inRoom: true,
  query: inRoomQuery,
  detail: {
    summary: 'Destroy the room',
    responses: { 204: { description: 'Every trace is gone.' }, 401: { description: 'Not a member.' } },
  },
} as const;

const updating = {
  inRoom: true,
  query: inRoomQuery,
  body: updateRoomSchema,
  response: {
    200: roomSchema,
    401: problemSchema,
    403: problemSchema,
    404: problemSchema,
    409: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Change what the owner may say of a room',
    description:
      'A locked room takes nobody new; with `entry: knock` newcomers ask first. A listed room stands on the front page under its topic; as at making, it may ' +
      'be refused: 403 `lobby_off`, 422, 429. While it is listed, files are off. `language: null` takes the language away. In slow mode a guest sends one ' +
      'message in its time.',
  },
} as const;

/** A new seat's token goes into the room's cookie, or into the body for a client that asked for that. */
function handOver(
  { roomId, leftMs }: { roomId: RoomId; leftMs: number },
  token: string,
  credentials: 'cookie' | 'bearer' | undefined,
  https: boolean,
) {
  return credentials === 'bearer'
    ? { body: { token }, headers: {} }
    : { body: {}, headers: { 'set-cookie': seatCookie(roomId, token, leftMs, https) } };
}

const leftOf = ({ roomId, expiresAt, now }: Room) => ({ roomId, leftMs: expiresAt - now });

function openAsAsked(context: ServerContext, address: string, asked: OpenRoom) {
  const { maxMembers = ROOM_MEMBERS_DEFAULT, lifetimeSeconds = ROOM_LIFETIME_SECONDS_DEFAULT } = asked;
  const lifetimeMs = lifetimeSeconds * 1_000;
  const { locksWhenFull } = asked;
  const sealing = asked.sealed === true ? sealingSchema.parse(asked) : undefined;
  const listed = asked.listed === true;
  if (listed && context.lobby === null) throw new RoomError('lobby_off');
  return openOnLease(context, { address, lifetimeMs, listed }, (leases) =>
    openRoom(context, { address, lifetimeMs, maxMembers, locksWhenFull, sealing, steering: asked, ...leases }),
  );
}

const isSeated = ({ seat }: { seat: Seat | null }) => seat !== null;

export function roomController(context: ServerContext, trustedProxies: number) {
  return new Elysia({ prefix: '/room' })
    .use(door(trustedProxies))
    .post(
      '',
      async ({ body, address, https, set, status }) => {
        const { room, seat, token } = await openAsAsked(context, address, body);
        const given = handOver(leftOf(room), token, body.credentials, https);
        Object.assign(set.headers, given.headers, { location: `/room/${room.roomId}` });
        return status(201, { ...room, ...seat, ...given.body });
      },
      { ...opening },
    )
    .get(
      '',
      async ({ roomId, tokenHash, address }) => {
        const look = () => readRoom(context, { roomId, tokenHash });
        const { room, seat } = await countGuesses(context, { roomId, address, tokenHash }, look, isSeated);
        return { ...room, you: seat };
      },
      { ...looking },
    )
    .post(
      '/join',
      async ({ request, roomId, tokenHash, body, address, https, set, status }) => {
        const taken = await comeIn(context, { roomId, tokenHash, address, body });
        const isWaiting = 'knockId' in taken;
        // Whoever was let in keeps the credential of their knock.
        const token = !isWaiting && taken.admitted ? readCredential(request.headers, roomId) : taken.token;
        const left = isWaiting ? { roomId, leftMs: taken.leftMs } : leftOf(taken.room);
        const given = token === null ? { body: {}, headers: {} } : handOver(left, token, body.credentials, https);
        Object.assign(set.headers, given.headers);
        if (isWaiting) return status(202, { knockId: taken.knockId, ...given.body });
        const seated = { ...taken.room, ...taken.seat, ...given.body };
        return token === null ? seated : status(201, seated);
      },
      { ...joining },
    )
    .post(
      '/leave',
      async ({ roomId, tokenHash, https, set, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () => leaveRoom(context, { roomId, tokenHash }));
        set.headers['set-cookie'] = clearedCookie(roomId, https);
        return new Response(null, { status: 204 });
      },
      { ...leaving },
    )
    .delete(
      '',
      async ({ roomId, tokenHash, https, set, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () => destroyRoom(context, { roomId, tokenHash }));
        set.headers['set-cookie'] = clearedCookie(roomId, https);
        return new Response(null, { status: 204 });
      },
      { ...destroying },
    )
    .patch(
      '',
      async ({ roomId, tokenHash, body, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          updateRoom(context, { roomId, tokenHash, address, change: body }),
        ),
      { ...updating },
    );
}
