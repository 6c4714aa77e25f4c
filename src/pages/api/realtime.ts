import type { NextApiRequest, NextApiResponse } from 'next';
import { handleRealtime } from '@/server/api/realtime';
import { refuse } from '@/server/api/node/node-http';
import { env } from '@/server/env';
import { serverContext } from '@/server/process';

/**
 * The event stream is in the pages router because there it writes to Node's own response: half the CPU and a fifth of the
 * memory that a route handler's web stream takes (docs/benchmarks.md).
 */
export default async function realtime(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  try {
    await handleRealtime(await serverContext(), env(), request, response);
  } catch (error) {
    refuse(response, error);
  }
}

export const config = {
  // The stream outlives the handler, and its method and query are read from Node's request.
  api: { bodyParser: false, externalResolver: true, responseLimit: false },
  maxDuration: 300,
};
