import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { epochChangeSchema } from '@/domain/epoch-change';
import { rekeySchema } from '@/domain/requests';
import { roomIdSchema, roomSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { readEpochs } from '@/server/services/read-epochs';
import { rekeyRoom } from '@/server/services/rekey-room';
import { door } from './door';
import { problemSchema } from './errors';
import type { LargeReads } from './large-reads';
import { decimalSchema } from './query-schemas';

const rekeying = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: rekeySchema,
  response: {
    200: roomSchema,
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
    summary: 'Replace the secret of a sealed room',
    description:
      'For its owner. `epoch` is the room’s and one more; `wraps` names every seated member, the owner too, less `remove`, who loses ' +
      'the seat with it: otherwise 409 `members_changed` lists in `members` the members that `wraps` has to name. 409 is `epoch_changed` for an `epoch` that is not ' +
      'the next, and `room_too_large` beyond 100 epochs or 100 seated members. The same again is 200, and somebody to remove who has no seat any more is no fault. ' +
      'The body has at most 256 kB.',
  },
} as const;

const reading = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema, after: z.optional(decimalSchema(0)) }),
  response: {
    200: z.object({ epochs: z.array(epochChangeSchema) }),
    401: problemSchema,
    404: problemSchema,
    422: problemSchema,
    429: problemSchema,
    503: problemSchema,
  },
  detail: {
    summary: 'Read how the secret was replaced',
    description:
      'Oldest first, after an epoch, or from 1: at most 25. A page without any is the end. `card` is that of `by` as it stood before, `cursor` is the ' +
      'place of `room.rekeyed`, `wrap` is one’s own, and missing for a member who came later.',
  },
} as const;

export function epochsController(context: ServerContext, trustedProxies: number, reads: LargeReads) {
  return new Elysia()
    .use(door(trustedProxies))
    .post(
      '/room/rekey',
      async ({ roomId, tokenHash, body, address }) =>
        await countGuesses(context, { roomId, address, tokenHash }, () =>
          rekeyRoom(context, { roomId, tokenHash, address, rekey: body }),
        ),
      { ...rekeying },
    )
    .get(
      '/epochs',
      async ({ request, roomId, tokenHash, query, address }) => ({
        epochs: await reads.run({ tokenHash, address, request }, () =>
          countGuesses(context, { roomId, address, tokenHash }, () =>
            readEpochs(context, { roomId, tokenHash, after: query.after ?? 0 }),
          ),
        ),
      }),
      { ...reading },
    );
}
