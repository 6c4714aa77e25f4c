import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { knockIdSchema, knockSchema } from '@/domain/knock';
import { answerKnockSchema, extendRoomSchema, whisperSchema } from '@/domain/requests';
import { memberIdSchema, roomIdSchema, roomSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import { answerKnock, readKnocks } from '@/server/services/answer-knocks';
import type { ServerContext } from '@/server/services/context';
import { extendRoom } from '@/server/services/extend-room';
import { handOver } from '@/server/services/hand-over';
import { whisper } from '@/server/services/whisper';
import { door } from './door';
import { problemSchema } from './errors';

const inRoomQuery = z.object({ roomId: roomIdSchema });
const REFUSALS = {
  401: problemSchema,
  404: problemSchema,
  422: problemSchema,
  429: problemSchema,
  503: problemSchema,
} as const;

const extending = {
  inRoom: true,
  query: inRoomQuery,
  body: extendRoomSchema,
  response: { 200: roomSchema, 409: problemSchema, ...REFUSALS },
  detail: {
    summary: 'Propose ten minutes more, agree, or end the proposal',
    description:
      '`expiresAt` is the end that one agrees to move from: with another one 409 `cannot_extend`, so that a repeat never opens a second proposal. ' +
      'They are granted at once when everybody who is here has agreed, which is looked at when somebody agrees; a proposal lapses after a ' +
      'minute, and no room lives for more than an hour (409 `cannot_extend`). A seat’s cookie is set anew by the next answer to its member.',
  },
} as const;

const handing = {
  inRoom: true,
  query: z.extend(inRoomQuery, { memberId: memberIdSchema }),
  response: { 200: roomSchema, 403: problemSchema, ...REFUSALS },
  detail: {
    summary: 'Hand the room over, or take it over',
    description:
      'Its owner gives the room to any member. Where the owner has had no stream for three minutes, a member who names themselves takes it over. ' +
      'Everybody hears `room.updated` with `ownerId`.',
  },
} as const;

const whispering = {
  inRoom: true,
  query: z.extend(inRoomQuery, { to: memberIdSchema }),
  body: whisperSchema,
  detail: {
    summary: 'Say something to one member alone',
    description:
      'Published to that member’s streams as `member.whispered`, and never stored: 404 `not_found` for nobody’s id, 409 `member_away` where they ' +
      'have no stream.',
    responses: {
      204: { description: 'It was published.' },
      401: { description: 'Not a member.' },
      409: { description: 'The member has no stream to hear it on.' },
      422: { description: 'No member id, or no text.' },
    },
  },
} as const;

const listing = {
  inRoom: true,
  query: inRoomQuery,
  response: { 200: z.object({ knocks: z.array(knockSchema) }), 403: problemSchema, ...REFUSALS },
  detail: {
    summary: 'List who waits at the door',
    description: 'For the owner, in the order in which they came. Who has not asked for two minutes is not among them.',
  },
} as const;

const answering = {
  inRoom: true,
  query: z.extend(inRoomQuery, { knockId: knockIdSchema }),
  body: answerKnockSchema,
  detail: {
    summary: 'Let somebody in, or refuse them',
    description: 'For the owner. They learn of it when they ask next. 404 `not_found` for nobody’s knock.',
    responses: {
      204: { description: 'It was answered, also when repeated.' },
      401: { description: 'Not a member.' },
      422: { description: 'No knock id, or no answer.' },
    },
  },
} as const;

/** What moves a room along: its end, its owner, its door, and what two people say to each other beside it. */
export function steeringController(context: ServerContext, trustedProxies: number) {
  return new Elysia()
    .use(door(trustedProxies))
    .post(
      '/room/extension',
      async ({ roomId, tokenHash, body, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          extendRoom(context, { roomId, tokenHash, ...body }),
        ),
      { ...extending },
    )
    .post(
      '/room/owner',
      async ({ roomId, tokenHash, query: { memberId }, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          handOver(context, { roomId, tokenHash, memberId }),
        ),
      { ...handing },
    )
    .post(
      '/whispers',
      async ({ roomId, tokenHash, query: { to }, body: { text }, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          whisper(context, { roomId, tokenHash, memberId: to, text }),
        );
        return new Response(null, { status: 204 });
      },
      { ...whispering },
    )
    .get(
      '/knocks',
      async ({ roomId, tokenHash, address }) => ({
        knocks: await countGuesses(context, { roomId, address, tokenHash }, () =>
          readKnocks(context, { roomId, tokenHash }),
        ),
      }),
      { ...listing },
    )
    .post(
      '/knocks',
      async ({ roomId, tokenHash, query: { knockId }, body: { admit }, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          answerKnock(context, { roomId, tokenHash, knockId, admit }),
        );
        return new Response(null, { status: 204 });
      },
      { ...answering },
    );
}
