import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { PEER_ADDRESS_HEADER } from '@/server/auth/origin';
import { env, EnvError } from '@/server/env';
import { logError } from '@/server/log';
import { closeStreams, serverContext } from '@/server/process';

/** Checks the settings, opens the storage and prepares for the end. */
export async function start(): Promise<void> {
  checkSettings();
  prepareRequests();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void closeStreams());
  try {
    await serverContext();
  } catch (error) {
    // Answers are 503 until it is there: a Redis that starts later than we do is no reason to die.
    logError('storage.not_open', error);
  }
}

/** A server that started with half its settings would answer 500 for ever: it does not start. */
function checkSettings(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The methods that Next can hand on; with any other it answers a bare 400, or fails. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** What Node tells of a request before Next sees it. */
function prepareRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    // Route handlers do not see the socket, so its address goes along in a header that no client can set.
    request.headers[PEER_ADDRESS_HEADER] = request.socket.remoteAddress ?? 'unknown';
    // Nothing of ours answers OPTIONS, so a method that Next does not know is answered as one that we do not.
    if (!METHODS.has(request.method ?? '')) request.method = 'OPTIONS';
  });
}
