import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { signalSchema } from '@/domain/requests';
import { roomIdSchema } from '@/domain/room';
import { countGuesses } from '@/server/services/address-limits';
import type { ServerContext } from '@/server/services/context';
import { sendSignal } from '@/server/services/send-signal';
import { door } from './door';

const signalling = {
  inRoom: true,
  query: z.object({ roomId: roomIdSchema }),
  body: signalSchema,
  detail: {
    summary: 'Show that one is writing, or how far one has read',
    description:
      'The others hear it as `member.signals`, which is never stored, within a second. `typing` counts for 12 seconds or until the ' +
      'member’s next message; `false` takes it out of what is not yet published. `seen` is a cursor: it never goes back, one of the future ' +
      'counts as the newest, and it is kept with the room for the list of members. A room’s `signals` say which of the two it carries; with one ' +
      'that it does not, 409 `signals_off` and nothing is done.',
    responses: {
      204: { description: 'It was taken.' },
      401: { description: 'Not a member.' },
      409: { description: 'A room of this size does not carry it.' },
    },
  },
} as const;

export function signalsController(context: ServerContext, trustedProxies: number) {
  return new Elysia({ prefix: '/signals' }).use(door(trustedProxies)).post(
    '',
    async ({ roomId, tokenHash, body, address }) => {
      await countGuesses(context, { roomId, address, tokenHash }, () =>
        sendSignal(context, { roomId, tokenHash, ...body }),
      );
      return new Response(null, { status: 204 });
    },
    { ...signalling },
  );
}
