import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { answerOneAtATime } from '@/server/api/node/one-at-a-time';
import { prepareTarget } from '@/server/api/node/request-target';
import { warnOfForwarding } from '@/server/auth/forwarded-warning';
import { PEER_ADDRESS_HEADER } from '@/server/auth/origin';
import { env, EnvError } from '@/server/env';
import { log, logError } from '@/server/log';
import { closeStreams, serverContext } from '@/server/process';

/** Checks the settings, opens the storage and prepares for the end. */
export async function start(): Promise<void> {
  checkSettings();
  const { publicRooms } = env().site;
  log('info', publicRooms ? 'lobby.public_rooms_on' : 'lobby.public_rooms_off');
  const ending = prepareEnd();
  prepareRequests(ending);
  try {
    await serverContext();
  } catch (error) {
    // Requests get 503 until it is there: a Redis that starts later than this process is no reason to exit.
    logError('storage.not_open', error);
  }
}

/** A server with faulty settings would answer 500 for ever, so it does not start. */
function checkSettings(): void {
  try {
    env();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/**
 * At the first signal to stop, every stream asks its client to come back elsewhere; Next closes the port and waits for the
 * requests under way. A requested stop is not a failure, so Next's exit code 143 becomes 0.
 */
function prepareEnd(): AbortSignal {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    void closeStreams();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', () => {
    process.once('exit', () => (process.exitCode = 0));
    end();
  });
  return ending.signal;
}

/**
 * Prepares connections and requests before Next sees them. For its development tools Next claims every `Upgrade`, and
 * leaves a socket that it has no use for open for good: each small request would cost a descriptor for ever. Without
 * Next's listener, Node treats them like any other request.
 */
function prepareRequests(ending: AbortSignal): void {
  subscribe('net.server.socket', (message) => {
    const { server } = (message as { socket: Socket & { server?: Server } }).socket;
    if (server === undefined || server.listenerCount('request') === 0) return;
    if (process.env.NODE_ENV === 'production') server.removeAllListeners('upgrade');
    answerOneAtATime(server);
  });
  const noteForwarding = warnOfForwarding(env().trustedProxies);
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    // Closing the port does not close its connections: a busy client would keep this process alive for ever.
    if (ending.aborted) response.shouldKeepAlive = false;
    // Route handlers do not see the socket, so a header that no client can set carries its address.
    request.headers[PEER_ADDRESS_HEADER] = request.socket.remoteAddress ?? 'unknown';
    noteForwarding(request.headers);
    prepareTarget(request, process.env.NODE_ENV === 'production');
  });
}
