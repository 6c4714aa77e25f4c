import { createApi } from '@/server/api';
import { env } from '@/server/env';
import { serverContext } from '@/server/process';

let api: ReturnType<typeof createApi> | undefined;

/** Mayfly's own API as a route handler, with web requests and responses all the way. */
async function handle(request: Request): Promise<Response> {
  api ??= createApi(await serverContext(), env());
  return api.fetch(request);
}

export { handle as GET, handle as POST };
