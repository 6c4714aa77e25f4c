import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { MESSAGES_PER_PAGE_DEFAULT, MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import { CURSOR_START, cursorSchema, messageWithCursorSchema, sendMessageSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { readTranscript } from '@/server/services/read-transcript';
import { sendMessage } from '@/server/services/send-message';
import { door } from './door';
import { problemSchema } from './errors';
import type { LargeReads } from './large-reads';

/** In decimal digits: JavaScript takes much else for a number, such as `0x10`, `1e1` and blanks around it. */
const limitSchema = z
  .pipe(
    z.transform((text: unknown) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text)),
    z.int().check(z.minimum(1), z.maximum(MESSAGES_PER_PAGE_MAX)),
  )
  // What the document of the API can say of it.
  .register(z.globalRegistry, { type: 'integer', minimum: 1, maximum: MESSAGES_PER_PAGE_MAX });

const reading = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema, after: z.optional(cursorSchema), limit: z.optional(limitSchema) }),
  response: {
    200: z.object({ messages: z.array(messageWithCursorSchema), cursor: cursorSchema }),
    401: problemSchema,
    404: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Read messages',
    description:
      'Oldest first, after a cursor: at most 200, and at most 256 kB. A short page is not the end; one without messages is.',
  },
} as const;

const sending = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: sendMessageSchema,
  response: {
    200: messageWithCursorSchema,
    201: messageWithCursorSchema,
    401: problemSchema,
    404: problemSchema,
    409: problemSchema,
    413: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: { summary: 'Send a message', description: '200 when this member sent the same under this id before.' },
} as const;

export function messagesController(context: ServerContext, trustedProxies: number, reads: LargeReads) {
  return new Elysia({ prefix: '/messages' })
    .use(door(trustedProxies))
    .get(
      '',
      async ({ request, roomId, tokenHash, query, address }) =>
        await reads.run({ tokenHash, address, request }, () =>
          countGuesses(context, { roomId, address, tokenHash }, () =>
            readTranscript(context, {
              roomId,
              tokenHash,
              after: query.after ?? CURSOR_START,
              limit: query.limit ?? MESSAGES_PER_PAGE_DEFAULT,
            }),
          ),
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
    );
}
