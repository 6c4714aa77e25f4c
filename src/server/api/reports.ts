import 'server-only';
import { timingSafeEqual } from 'node:crypto';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { reportedRoomSchema } from '@/domain/lobby';
import { reportSchema } from '@/domain/requests';
import { roomIdSchema } from '@/domain/room';
import { readBearer } from '@/server/auth/cookies';
import { hashToken } from '@/server/auth/tokens';
import { countGuesses, limitAddress } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { endReportedRoom, readReports } from '@/server/services/read-reports';
import { reportRoom } from '@/server/services/report-room';
import { door, refuseCrossSite } from './door';
import { problemSchema } from './errors';

const inRoomQuery = z.object({ roomId: roomIdSchema });

const reporting = {
  inRoom: true,
  query: inRoomQuery,
  body: reportSchema,
  detail: {
    summary: 'Report a public room',
    description:
      'For its members, once for each address: a second report from there changes nothing. The third one takes the room off the list for good. ' +
      '403 `lobby_off` where the room is none of the public ones.',
    responses: { 204: { description: 'The report counts.' }, 401: { description: 'Not a member.' } },
  },
} as const;

const reading = {
  response: {
    200: z.object({ reports: z.array(reportedRoomSchema) }),
    401: problemSchema,
    404: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Read reports',
    description:
      'For the operator, with `OPERATOR_TOKEN` as the bearer: reported rooms that are alive, the one reported last first. 404 where no such token is set.',
  },
} as const;

const ending = {
  inRoom: true,
  query: inRoomQuery,
  detail: {
    summary: 'End a reported room',
    description: 'For the operator, as above. 404 `not_found` for a room that nobody has reported.',
    responses: { 204: { description: 'Every trace is gone.' }, 401: { description: 'Not the operator.' } },
  },
} as const;

/** Hashed first, so that the comparison takes equally long whatever was sent. */
const isSame = (sent: string, token: string) =>
  timingSafeEqual(Buffer.from(hashToken(sent)), Buffer.from(hashToken(token)));

/** A wrong token is counted like a guess at a room. */
async function admitOperator(
  context: ServerContext,
  { headers }: Request,
  address: string,
  operatorToken: string | null,
): Promise<void> {
  if (operatorToken === null) throw new RoomError('not_found');
  refuseCrossSite(headers);
  const sent = readBearer(headers);
  if (sent !== null && isSame(sent, operatorToken)) return;
  await limitAddress(context, 'guesses', address);
  throw new RoomError('not_a_member');
}

export function reportsController(context: ServerContext, trustedProxies: number, operatorToken: string | null) {
  return new Elysia({ prefix: '/reports' })
    .use(door(trustedProxies))
    .post(
      '',
      async ({ roomId, tokenHash, body, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          reportRoom(context, { roomId, tokenHash, address, reason: body.reason }),
        );
        return new Response(null, { status: 204 });
      },
      { ...reporting },
    )
    .get(
      '',
      async ({ request, address }) => {
        await admitOperator(context, request, address, operatorToken);
        return { reports: await readReports(context) };
      },
      { ...reading },
    )
    .delete(
      '',
      async ({ request, roomId, address }) => {
        await admitOperator(context, request, address, operatorToken);
        await endReportedRoom(context, roomId);
        return new Response(null, { status: 204 });
      },
      { ...ending },
    );
}
