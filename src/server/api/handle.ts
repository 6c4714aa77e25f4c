import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { env } from '@/server/env';
import { serverContext } from '@/server/process';
import type { ServerContext } from '@/server/services/context';
import { createApi } from '.';
import { refuse, send, webRequestOf } from './node-http';

const apis = new WeakMap<ServerContext, ReturnType<typeof createApi>>();

/** Answers any request under `/api` but the event stream. */
export async function handleApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const context = await serverContext();
    const api = apis.get(context) ?? createApi(context, env());
    apis.set(context, api);
    const asked = await webRequestOf(request);
    // HEAD is GET without the body, which Node leaves out.
    const answer = await api.fetch(asked.method === 'HEAD' ? new Request(asked, { method: 'GET' }) : asked);
    await send(response, answer);
  } catch (error) {
    refuse(response, error);
  }
}
