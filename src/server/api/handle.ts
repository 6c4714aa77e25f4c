import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { env } from '@/server/env';
import { serverContext } from '@/server/process';
import type { ServerContext } from '@/server/services/context';
import { createApi } from '.';
import { refuse, serve } from './node/node-http';

const apis = new WeakMap<ServerContext, ReturnType<typeof createApi>>();

/** Answers any request under `/api` except those for the event stream. */
export async function handleApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const context = await serverContext();
    const api = apis.get(context) ?? createApi(context, env());
    apis.set(context, api);
    await serve(api, request, response);
  } catch (error) {
    refuse(response, error);
  }
}
