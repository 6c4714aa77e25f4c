import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { fileIdSchema } from '@/domain/file';
import { begunFileSchema, storedFileSchema } from '@/domain/stored-file';
import { beginFileSchema } from '@/domain/requests';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import { beginFile } from '@/server/services/begin-file';
import type { ServerContext } from '@/server/services/context';
import { putPiece } from '@/server/services/put-piece';
import { readFile, readPiece } from '@/server/services/read-file';
import { removeFile } from '@/server/services/remove-file';
import { door } from './door';
import { problemSchema } from './errors';
import { octets } from './octets';
import type { PieceTurns } from './piece-turns';
import { decimalSchema } from './query-schemas';
import { readOctets } from './request-body';

const fileQuery = z.object({ roomId: roomIdSchema, fileId: fileIdSchema });
const pieceQuery = z.extend(fileQuery, { index: decimalSchema(0) });

const beginning = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: beginFileSchema,
  response: {
    200: begunFileSchema,
    201: begunFileSchema,
    401: problemSchema,
    403: problemSchema,
    404: problemSchema,
    409: problemSchema,
    413: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Begin a file',
    description:
      '200 when this member began the same before: `received` names the pieces that have come. `bytes` are stored ones, and `pieces` as ' +
      'many as they fill: 262,144 bytes each, in a sealed room 262,172. `file_too_large` and `file_limit_reached` say in `maxBytes` what ' +
      'would be taken, in bytes of content; a file counts from its beginning until it is removed, and a removed one’s id is spent.',
  },
} as const;

const reading = {
  inRoom: true,
  query: fileQuery,
  response: {
    200: storedFileSchema,
    401: problemSchema,
    404: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: { summary: 'Look at a file', description: 'Who began it, its size, and which of its pieces have come.' },
} as const;

const removing = {
  inRoom: true,
  query: z.extend(fileQuery, { memberId: z.optional(memberIdSchema) }),
  detail: {
    summary: 'Remove a file',
    description:
      'For who began it, or the owner; finished or not. With `memberId` it is removed only if that member began it: in a sealed room anybody can name ' +
      'any file in a message, and an owner who takes the message back means the file of its author.',
    responses: {
      204: { description: 'Its pieces are gone, also when repeated.' },
      401: { description: 'Not a member.' },
      422: { description: 'No file id.' },
    },
  },
} as const;

const putting = {
  ofPiece: true,
  query: pieceQuery,
  detail: {
    summary: 'Send a piece',
    description:
      'Bytes as `application/octet-stream`, for who began the file. Every piece but the last is whole. One that has come already stays as it is.',
    responses: {
      204: { description: 'The piece is there, also when repeated.' },
      401: { description: 'Not a member.' },
      422: { description: 'The body is shorter than the piece, or the file has no such piece.' },
    },
  },
} as const;

const fetching = {
  inRoom: true,
  query: pieceQuery,
  detail: {
    summary: 'Read a piece',
    responses: {
      200: {
        description: 'Its bytes.',
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
      401: { description: 'Not a member.' },
      422: { description: 'No file id or index.' },
    },
  },
} as const;

/** Nobody's browser may take the bytes of a member for anything but bytes. */
const OCTETS = {
  'content-type': 'application/octet-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-disposition': 'attachment',
  // Opened by itself, it has no origin and runs nothing.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
};

/** Each way of a piece has places of its own: those who send wait for nobody who reads. */
export interface PieceWays {
  up: PieceTurns;
  down: PieceTurns;
}

export function filesController(context: ServerContext, trustedProxies: number, { up, down }: PieceWays) {
  return new Elysia({ prefix: '/files' })
    .use(door(trustedProxies))
    .post(
      '',
      async ({ roomId, tokenHash, body, address, status }) => {
        const { file, repeated } = await countGuesses(context, { roomId, address, tokenHash }, () =>
          beginFile(context, { roomId, tokenHash, address, ...body }),
        );
        up.know(tokenHash);
        return repeated ? file : status(201, file);
      },
      { ...beginning },
    )
    .get(
      '',
      async ({ roomId, tokenHash, query: { fileId }, address }) => {
        const file = await countGuesses(context, { roomId, address, tokenHash }, () =>
          readFile(context, { roomId, tokenHash, fileId }),
        );
        up.know(tokenHash);
        return file;
      },
      { ...reading },
    )
    .delete(
      '',
      async ({ roomId, tokenHash, query: { fileId, memberId }, address }) => {
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          removeFile(context, { roomId, tokenHash, fileId, memberId }),
        );
        return new Response(null, { status: 204 });
      },
      { ...removing },
    )
    .put(
      '/piece',
      async ({ request, roomId, tokenHash, query: { fileId, index }, body, address }) => {
        await up.run({ tokenHash, address, request }, async (ask) => {
          const piece = await readOctets(body instanceof ReadableStream ? body : null);
          await ask(() =>
            countGuesses(context, { roomId, address, tokenHash }, () =>
              putPiece(context, { roomId, tokenHash, fileId, index, piece, address }),
            ),
          );
        });
        return new Response(null, { status: 204 });
      },
      { ...putting },
    )
    .get(
      '/piece',
      async ({ request, roomId, tokenHash, query: { fileId, index }, address }) => {
        const piece = await down.run({ tokenHash, address, request }, (ask) =>
          ask(() =>
            countGuesses(context, { roomId, address, tokenHash }, () =>
              readPiece(context, { roomId, tokenHash, fileId, index }),
            ),
          ),
        );
        return new Response(octets(piece), { headers: OCTETS });
      },
      { ...fetching },
    );
}
