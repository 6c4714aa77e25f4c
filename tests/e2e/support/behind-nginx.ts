import { freePort, startBuiltServer, type BuiltServer } from '../../../scripts/built-server.mjs';
import { startNginx, type Nginx } from '../../support/nginx';
import { startRedisServer, type RedisServer } from '../../support/redis-server';
import { test as base } from './visits';

export { expect } from './visits';

/** A server whose `url` is the proxy's, and whose rooms survive it. */
export interface ProxiedServer extends BuiltServer {
  readonly nginx: Nginx;
  /** Starts it again on the same port, after `stop`. */
  start(): Promise<void>;
}

interface WorkerFixtures {
  redis: RedisServer;
  server: ProxiedServer;
}

/** The production build on a real Redis behind nginx, as docs/reverse-proxies.md sets them up. */
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
      const port = await freePort();
      const options = { settings: { ...settings, REDIS_URL: redis.url, TRUSTED_PROXIES: '1' }, port };
      let running = await startBuiltServer(options);
      const nginx = await startNginx(port);
      const server: ProxiedServer = {
        url: nginx.url,
        port,
        nginx,
        get pid() {
          return running.pid;
        },
        log: () => running.log(),
        stop: (signal) => running.stop(signal),
        start: async () => {
          running = await startBuiltServer(options);
        },
      };
      await provide(server);
      await nginx.stop();
      await running.stop();
    },
    { scope: 'worker' },
  ],
});
