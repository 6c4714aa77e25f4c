import type { NextApiRequest, NextApiResponse } from 'next';
import { handleApi } from '@/server/api/handle';

/**
 * The API is in the pages router because a request costs a third less there than in a route handler, whose bodies are web
 * streams both ways (docs/benchmarks.md).
 */
export default function api(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  return handleApi(request, response);
}

export const config = {
  // Elysia reads bodies and sends responses itself.
  api: { bodyParser: false, externalResolver: true },
};
