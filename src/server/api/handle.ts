import 'server-only';
import { env } from '@/server/env';
import { serverContext } from '@/server/process';
import type { ServerContext } from '@/server/services/context';
import { createApi } from '.';
import { problemResponse } from './errors';

const apis = new WeakMap<ServerContext, ReturnType<typeof createApi>>();

/** Answers any request under `/api` but the event stream. */
export async function handleApi(request: Request): Promise<Response> {
  try {
    const context = await serverContext();
    const api = apis.get(context) ?? createApi(context, env());
    apis.set(context, api);
    if (request.method !== 'HEAD') return await api.fetch(request);
    // HEAD is GET without the body.
    const { status, headers } = await api.fetch(new Request(request.url, { headers: request.headers }));
    return new Response(null, { status, headers });
  } catch (error) {
    return problemResponse(error);
  }
}
