import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Runs one raw command and returns the reply in the shapes of RESP2. Rejects with Redis's own error text. */
  command(name: string, ...words: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

const PROGRAMS = ['redis-server', 'valkey-server'];
const START_TIMEOUT_MS = 10_000;

/** Starts an empty Redis on a free port of 127.0.0.1 that writes nothing to disk. */
export async function startRedisServer(): Promise<RedisServer> {
  const program = await findProgram();
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'mayfly-redis-'));
  const server = spawn(
    program,
    ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory],
    { stdio: 'ignore' },
  );
  const client = new Redis({
    host: '127.0.0.1',
    port,
    protocol: 2,
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
  });
  // Connections are refused until the server listens; only the deadline below fails.
  client.on('error', () => undefined);

  const stop = async () => {
    client.disconnect();
    if (server.exitCode === null && server.signalCode === null) {
      const exited = once(server, 'exit');
      server.kill('SIGKILL');
      await exited;
    }
    await rm(directory, { recursive: true, force: true });
  };

  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  try {
    await Promise.race([
      client.ping(),
      once(server, 'exit').then(() => Promise.reject(new Error(`${program} ended before it answered.`))),
      once(deadline, 'abort').then(() => Promise.reject(new Error(`${program} did not answer in time.`))),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    // ioredis reshapes the replies of some commands, and it knows those by their lower-case names.
    command: (name, ...words) => client.call(name.toUpperCase(), ...words),
    stop,
  };
}

async function findProgram(): Promise<string> {
  for (const program of PROGRAMS) {
    for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(directory, program);
      const runs = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (runs) return path;
    }
  }
  throw new Error('These tests need a Redis: install redis-server or valkey-server and put it on the PATH.');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
