import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { MESSAGES_PER_PAGE_DEFAULT, MESSAGES_PER_PAGE_MAX, REMOVALS_PER_REQUEST_MAX } from '@/domain/limits';
import { CURSOR_START, cursorSchema, messageIdSchema, messageWithCursorSchema } from '@/domain/message';
import { sendMessageSchema } from '@/domain/requests';
import { roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { readTranscript, readTranscriptBack } from '@/server/services/read-transcript';
import { sendMessage } from '@/server/services/send-message';
import { takeBack } from '@/server/services/take-back';
import { door } from './door';
import { problemSchema } from './errors';
import type { LargeReads } from './large-reads';
import { decimalSchema, repeatedSchema } from './query-schemas';

const pageQuerySchema = z
  .object({
    roomId: roomIdSchema,
    after: z.optional(cursorSchema),
    before: z.optional(z.union([cursorSchema, z.literal('end')], 'is neither a cursor nor the word end')),
    limit: z.optional(decimalSchema(1, MESSAGES_PER_PAGE_MAX)),
  })
  .check(
    z.refine(({ after, before }) => after === undefined || before === undefined, {
      path: ['before'],
      error: 'does not go with after',
    }),
  );

/** `older` stands in backward pages only. */
const pageSchema = z.object({
  messages: z.array(messageWithCursorSchema),
  removed: z.array(messageIdSchema),
  cursor: cursorSchema,
  older: z.optional(z.nullable(cursorSchema)),
});

const reading = {
  inRoom: true,
  query: pageQuerySchema,
  response: {
    200: pageSchema,
    401: problemSchema,
    404: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Read messages',
    description:
      'Oldest first, after a cursor, or from the beginning: 100 unless `limit` says otherwise, and at most 256 kB. A short page is not the ' +
      'end; one without messages is. `cursor` is the `after` of the page behind this one. ' +
      'With `before`, a cursor or `end`, the messages before it, oldest first as well: `older` is the `before` of ' +
      'the page before this one, null at the beginning. `removed` names the messages taken back within the range read; ' +
      'forwards their ids may make a page larger, since only a message ends one.',
  },
} as const;

const sending = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: sendMessageSchema,
  response: {
    200: messageWithCursorSchema,
    201: messageWithCursorSchema,
    409: problemSchema,
    413: problemSchema,
    401: problemSchema,
    404: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Send a message',
    description:
      '200 when this member sent the same under this id before. Sealed rooms take `text` alone, sealed for the room’s epoch; plain ' +
      'rooms require `sender`. A reaction’s `text` is one visible character, and only its author edits a message. 409 is `message_id_taken` where ' +
      'the id has another text, and `epoch_changed` for a text of another epoch: nothing was stored.',
  },
} as const;

const takingBack = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema, id: repeatedSchema(messageIdSchema, REMOVALS_PER_REQUEST_MAX) }),
  detail: {
    summary: 'Take messages back',
    description:
      'For their author, or the owner. `id` may be repeated; all are of one author. In a plain room edits go with their message; in a sealed room name them, too.',
    responses: {
      204: { description: 'They are gone, also when repeated.' },
      401: { description: 'Not a member.' },
      422: { description: 'No message id, too many, or messages of several authors.' },
    },
  },
} as const;

export function messagesController(context: ServerContext, trustedProxies: number, reads: LargeReads) {
  return new Elysia({ prefix: '/messages' })
    .use(door(trustedProxies))
    .get(
      '',
      async ({ request, roomId, tokenHash, query, address }) =>
        await reads.run({ tokenHash, address, request }, () =>
          countGuesses(context, { roomId, address, tokenHash }, () => {
            const { before, after = CURSOR_START, limit = MESSAGES_PER_PAGE_DEFAULT } = query;
            const reader = { roomId, tokenHash, limit };
            return before === undefined
              ? readTranscript(context, { ...reader, after })
              : readTranscriptBack(context, { ...reader, before });
          }),
        ),
      { ...reading },
    )
    .post(
      '',
      async ({ roomId, tokenHash, body, address, status }) => {
        const { message, repeated } = await countGuesses(context, { roomId, address, tokenHash }, () =>
          sendMessage(context, { roomId, tokenHash, address, ...body }),
        );
        return repeated ? message : status(201, message);
      },
      { ...sending },
    )
    .delete(
      '',
      async ({ roomId, tokenHash, query, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          takeBack(context, { roomId, tokenHash, ids: query.id }),
        );
        return new Response(null, { status: 204 });
      },
      { ...takingBack },
    );
}
