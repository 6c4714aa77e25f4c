import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { STANDALONE } from './current-build.mjs';
import { Trouble } from './project.mjs';

const READY_WITHIN_MS = 30_000;

/** Settings of Mayfly that a server under test must not inherit from the caller's environment. */
export const SETTINGS = [
  'PORT',
  'HOSTNAME',
  'UPSTASH_REDIS_REST_URL',
  'UPSTASH_REDIS_REST_TOKEN',
  'REDIS_URL',
  'RATE_LIMITS',
  'TRUSTED_PROXIES',
  'STORAGE_MAX_MB',
  'FILE_MAX_MB',
  'ROOM_FILES_MAX_MB',
  'PUBLIC_ROOMS',
  'OPERATOR_TOKEN',
  'OPERATOR_CONTACT',
  'OPERATOR_RULES',
  'VERCEL',
];

/**
 * @typedef {object} BuiltServer
 * @property {string} url `http://127.0.0.1:<port>`
 * @property {number} port
 * @property {number} pid
 * @property {() => string} log everything it has printed so far
 * @property {(signal?: NodeJS.Signals) => Promise<number | null>} stop ends it, with SIGTERM unless given, and returns its exit code (null when the signal killed it)
 */

/**
 * Starts the production build on 127.0.0.1, as `npm start` and the container do.
 * @param {{ settings?: Record<string, string>, port?: number, nodeOptions?: readonly string[], standalone?: string }} [options]
 *   `settings` as in .env.example, none unless given; `port` a free one unless given, so that a server can come back on the same port;
 *   `standalone` the build's folder, ours unless given, so that two versions can be compared
 * @returns {Promise<BuiltServer>} once the server answers
 */
export async function startBuiltServer({ settings = {}, port, nodeOptions = [], standalone = STANDALONE } = {}) {
  const chosenPort = port ?? (await freePort());
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.includes(name)));
  const child = spawn(process.execPath, [...nodeOptions, path.join(standalone, 'serve.mjs')], {
    env: { ...env, NODE_ENV: 'production', ...settings, HOSTNAME: '127.0.0.1', PORT: String(chosenPort) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close');
  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const fail = () => reject(new Trouble(`The server did not start:\n${output}`));
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail();
      }, READY_WITHIN_MS);
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          output += text;
          if (output.includes('Mayfly is ready on')) {
            clearTimeout(timer);
            resolve();
          }
        });
      }
      child.once('error', fail);
      child.once('close', () => {
        clearTimeout(timer);
        fail();
      });
    })
  );
  return {
    url: `http://127.0.0.1:${chosenPort}`,
    port: chosenPort,
    pid: child.pid ?? 0,
    log: () => output,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** A port that is free at this moment. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  return address.port;
}
