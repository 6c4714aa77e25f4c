import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type BuiltServer, freePort } from '../../scripts/built-server.mjs';
import { pinServer } from './machine';

const READY_MS = 10_000;

const usageSchema = z.object({ cpuUs: z.number(), rssBytes: z.number() });
/**
 * Resources that a process has used so far: processor time in microseconds, user and system; resident memory in bytes.
 */
export type Usage = z.infer<typeof usageSchema>;

/** A server under test, in a process of its own. */
export interface Running {
  readonly url: string;
  usage(): Promise<Usage>;
  /** The same after a garbage collection; `cpuUs` is from before it. */
  settledUsage(): Promise<Usage>;
  /** Everything that the server has printed. */
  log(): string;
  stop(): Promise<void>;
}

/** Servers that have to end with this process, however it ends. */
const pids = new Set<number>();
process.once('exit', () => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
});

const fileOf = (name: string) => fileURLToPath(new URL(`./servers/${name}`, import.meta.url));
const NODE_OPTIONS = ['--expose-gc', '--import', fileOf('probe.mjs')];

function running(
  url: string,
  pid: number,
  probePort: number,
  log: () => string,
  stop: () => Promise<unknown>,
): Running {
  pids.add(pid);
  pinServer(pid);
  const probe = async (path: string) =>
    usageSchema.parse(await (await fetch(`http://127.0.0.1:${probePort}${path}`)).json());
  return {
    url,
    usage: () => probe('/'),
    settledUsage: () => probe('/settle'),
    log,
    stop: async () => {
      await stop();
      pids.delete(pid);
    },
  };
}

/** Starts one of `servers/`. */
export async function startPlain(name: string): Promise<Running> {
  const [port, probePort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [...NODE_OPTIONS, fileOf(name)], {
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), BENCH_PROBE_PORT: String(probePort) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start.`)), READY_MS);
    child.stdout.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return running(
    `http://127.0.0.1:${port}`,
    child.pid ?? 0,
    probePort,
    () => '',
    () => {
      child.kill('SIGKILL');
      return ended;
    },
  );
}

export type StartBuilt = (options: {
  settings: Record<string, string>;
  nodeOptions: readonly string[];
}) => Promise<BuiltServer>;

/** Starts a production build of Mayfly that answers no request with 429. */
export async function startBuilt(start: StartBuilt, settings: Record<string, string>): Promise<Running> {
  const probePort = await freePort();
  const server = await start({
    settings: { RATE_LIMITS: 'off', ...settings, BENCH_PROBE_PORT: String(probePort) },
    nodeOptions: NODE_OPTIONS,
  });
  return running(server.url, server.pid, probePort, server.log, () => server.stop('SIGKILL'));
}
