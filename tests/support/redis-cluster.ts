import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { vi } from 'vitest';

const NODES = 3;
const SLOTS = 16_384;

export interface RedisCluster {
  /** The address of one node; the others are found through it. */
  readonly url: string;
  /** A connection to each node, to look at what it holds. */
  readonly nodes: readonly Redis[];
  stop(): Promise<void>;
}

interface Node {
  readonly port: number;
  readonly busPort: number;
  readonly process: ChildProcess;
  readonly redis: Redis;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function startNode(directory: string): Promise<Node> {
  const [port, busPort] = [await freePort(), await freePort()];
  const settings = {
    port,
    'cluster-port': busPort,
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'no',
  };
  const child = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: 'ignore' },
  );
  const redis = new Redis({
    port,
    host: '127.0.0.1',
    protocol: 2,
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  return { port, busPort, process: child, redis };
}

/** Starts three nodes on free ports of 127.0.0.1, which share the slots evenly and have no replicas. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'mayfly-cluster-'));
  const nodes: Node[] = [];
  for (let count = 0; count < NODES; count += 1) nodes.push(await startNode(directory));
  const [first] = nodes;
  if (first === undefined) throw new Error('The cluster has no nodes');

  for (const [index, node] of nodes.entries()) {
    const from = Math.floor((index * SLOTS) / NODES);
    const to = Math.floor(((index + 1) * SLOTS) / NODES) - 1;
    await node.redis.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    if (node !== first) await node.redis.call('CLUSTER', 'MEET', '127.0.0.1', first.port, first.busPort);
  }
  await vi.waitFor(
    async () => {
      for (const { redis } of nodes) {
        const info = await redis.call('CLUSTER', 'INFO');
        const nodesKnown = `cluster_known_nodes:${NODES}`;
        if (typeof info !== 'string' || !info.includes('cluster_state:ok') || !info.includes(nodesKnown)) {
          throw new Error('The cluster is not whole yet');
        }
      }
    },
    { timeout: 20_000, interval: 50 },
  );

  return {
    url: `redis://127.0.0.1:${first.port}`,
    nodes: nodes.map(({ redis }) => redis),
    stop: async () => {
      for (const { redis, process: child } of nodes) {
        redis.disconnect();
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill();
        await ended;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}
