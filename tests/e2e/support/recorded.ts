import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { startBuiltServer } from '../../../scripts/built-server.mjs';
import { startRedisServer, type RedisServer } from '../../support/redis-server';
import { test as base } from './visits';

export { expect } from './visits';

/** Everything that has passed through so far. */
export interface Recording {
  readonly bytes: () => Buffer;
}

interface WorkerFixtures {
  redis: RedisServer;
  /** Where all browsers and programs reach the server, with every byte of both directions. */
  wire: {
    readonly port: number;
    readonly aim: (port: number) => void;
    /** Addresses, headers and bodies as they were sent. */
    readonly requests: Recording;
    readonly answers: Recording;
  };
  /** Every command that Redis was given, including those of scripts, unescaped. */
  commands: Recording;
}

/** The production build on a real Redis, with everything recorded that arrives from browsers and that goes to Redis. */
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

  wire: [
    async ({}, provide) => {
      const requests = createTape();
      const answers = createTape();
      let target = 0;
      const wire = createServer((browser) => {
        const server = connect(target, '127.0.0.1');
        browser.on('data', requests.connection()).pipe(server);
        server.on('data', answers.connection()).pipe(browser);
        // A browser that disconnects in the middle is nothing to report; the other half just ends.
        for (const [one, other] of [
          [browser, server],
          [server, browser],
        ] as const) {
          one.on('error', () => other.destroy()).on('close', () => other.destroy());
        }
      }).listen(0, '127.0.0.1');
      await once(wire, 'listening');
      const address = wire.address();
      if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
      await provide({
        port: address.port,
        aim: (port) => {
          target = port;
        },
        requests,
        answers,
      });
      wire.close();
    },
    { scope: 'worker' },
  ],

  commands: [
    async ({ redis }, provide) => {
      let text = '';
      const monitor = connect(redis.port, '127.0.0.1').setEncoding('latin1');
      monitor.on('data', (part: string) => (text += part));
      monitor.write('MONITOR\r\n');
      await once(monitor, 'data');
      await provide({ bytes: () => unescaped(text) });
      monitor.destroy();
    },
    { scope: 'worker' },
  ],

  server: [
    // The recording of the commands begins before the server can send any.
    async ({ settings, redis, wire, commands: _ }, provide) => {
      const server = await startBuiltServer({ settings: { ...settings, REDIS_URL: redis.url } });
      wire.aim(server.port);
      await provide({ ...server, url: `http://127.0.0.1:${wire.port}` });
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

/** Keeps connections apart: what goes through one of them in pieces is whole again, whatever others send in between. */
function createTape(): Recording & { readonly connection: () => (bytes: Buffer) => void } {
  const connections: Buffer[][] = [];
  return {
    connection: () => {
      const pieces: Buffer[] = [];
      connections.push(pieces);
      return (bytes) => pieces.push(bytes);
    },
    bytes: () => Buffer.concat(connections.flat()),
  };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

/** The bytes that MONITOR wrote between quotes, as they were. */
function unescaped(text: string): Buffer {
  const plain = text.replace(/\\(x([0-9a-f]{2})|.)/g, (_, escape: string, hex: string | undefined) =>
    hex === undefined ? (ESCAPED[escape] ?? escape) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}
