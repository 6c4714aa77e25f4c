import { freePort, startBuiltServer, type BuiltServer } from '../../../scripts/built-server.mjs';
import { startRedisServer, type RedisServer } from '../../support/redis-server';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy';
import { test as base } from './visits';

export { expect } from './visits';

/** A server whose `url` is the near end of a wire that can be cut, and whose rooms survive it. */
export interface RestartableServer extends BuiltServer {
  readonly wire: TcpProxy;
  /** Starts it again on the same port, after `stop`. */
  start(): Promise<void>;
}

interface WorkerFixtures {
  redis: RedisServer;
  server: RestartableServer;
}

/** The production build on a real Redis of this worker's own. */
export const test = base.extend<object, WorkerFixtures>({
  redis: [
    // Playwright reads from the pattern which fixtures are wanted: none.
    async ({}, provide) => {
      const redis = await startRedisServer();
      await provide(redis);
      await redis.stop();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ settings, redis }, provide) => {
      const server = await startRestartableServer({ ...settings, REDIS_URL: redis.url });
      await provide(server);
      await server.stop();
      await server.wire.stop();
    },
    { scope: 'worker' },
  ],
});

async function startRestartableServer(settings: Record<string, string>): Promise<RestartableServer> {
  const port = await freePort();
  const wire = await startTcpProxy(port);
  let running = await startBuiltServer({ settings, port });
  return {
    url: `http://127.0.0.1:${wire.port}`,
    port,
    wire,
    get pid() {
      return running.pid;
    },
    log: () => running.log(),
    stop: (signal) => running.stop(signal),
    start: async () => {
      running = await startBuiltServer({ settings, port });
    },
  };
}
