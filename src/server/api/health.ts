import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { checkHealth } from '@/server/services/check-health';
import type { ServerContext } from '@/server/services/context';
import { problemSchema } from './errors';

/**
 * Handlers are `async` even where they only hand a promise on: in development Elysia tells by the word
 * whether it has an answer to wait for, and would validate the promise itself.
 */
export function healthController(context: ServerContext) {
  return new Elysia({ prefix: '/health' }).get('', async () => await checkHealth(context), {
    response: {
      200: z.object({ status: z.literal('ok'), storage: z.enum(['upstash', 'redis', 'embedded']) }),
      503: problemSchema,
    },
    detail: { summary: 'Whether Redis answers' },
  });
}
