import 'server-only';
import { Elysia } from 'elysia';
import * as z from 'zod/mini';
import { checkHealth } from '@/server/services/check-health';
import type { ServerContext } from '@/server/services/context';
import { problemSchema } from './errors';

/**
 * Handlers are `async` even where they only pass a promise on: in development Elysia goes by that keyword to see whether
 * it must wait for an answer, and would otherwise validate the promise itself.
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
