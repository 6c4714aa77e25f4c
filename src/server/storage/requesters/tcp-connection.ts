import 'server-only';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { STORAGE_WAIT_MS, storageUnavailable, systemErrorCode, withinWait, withoutArguments } from '../unavailable';

/**
 * The requester itself decides which commands are sent again after a lost connection, and for how long:
 * the client neither queues nor repeats, so that nothing is done long after its caller got an error.
 */
const CONNECTION = {
  // Replies in the shapes that Upstash gives, such as a flat array from HGETALL.
  protocol: 2,
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  connectTimeout: STORAGE_WAIT_MS,
  // A peer that vanished without closing is noticed by its silence.
  socketTimeout: STORAGE_WAIT_MS,
  // A primary replies READONLY after a failover: its name may lead elsewhere now.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

const reconnectAfterMs = (attempts: number) => Math.min(attempts * 100, 1_000);

export interface TcpConnection {
  readonly client: Redis | Cluster;
  /** A connection beside it for what is large, so that no small command waits behind it on the way. Not connected yet. */
  readonly newClient: () => Redis | Cluster;
  /** A connection that serves subscriptions alone; not connected yet, and it does not reconnect. */
  readonly newSubscriber: () => Redis;
}

/** The name of errors that are Redis's own refusals, as opposed to faults of the connection. */
export const REPLY_ERROR = 'ReplyError';
export const isReply = (error: unknown): error is Error => error instanceof Error && error.name === REPLY_ERROR;

/** Resolves when commands can be sent; a refusal of Redis (a wrong password) ends the wait at once. */
function connected(client: Redis | Cluster): Promise<void> {
  let last: unknown;
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', (error: unknown) => {
      last = error;
      if (isReply(error) && !error.message.startsWith('LOADING')) {
        reject(storageUnavailable(`Redis refused the connection: ${withoutArguments(error.message)}`));
      }
    });
  });
  // The client tries again by itself; the error of the first try is in `last`.
  client.connect().catch(() => undefined);
  return withinWait(ready).catch((error: unknown) => {
    client.disconnect();
    const code = systemErrorCode(last);
    throw code === null ? error : storageUnavailable(`Redis cannot be reached (${code})`);
  });
}

/** INFO says so; where that is not permitted, it counts as a single server. */
async function isCluster(client: Redis): Promise<boolean> {
  const info = await client.info('cluster').catch(() => '');
  return info.includes('cluster_enabled:1');
}

async function connectCluster(seed: Redis): Promise<TcpConnection> {
  const { host, port, username, password, tls, db } = seed.options;
  seed.disconnect();
  if (db !== undefined && db !== 0) throw storageUnavailable(`On a cluster the rooms live in database 0, not ${db}`);
  const account = {
    ...CONNECTION,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls } : {}),
  };
  const newClient = () =>
    new Cluster([{ host: host ?? 'localhost', port: port ?? 6_379 }], {
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectAfterMs,
      // Certificates name hosts, not the addresses that they resolve to.
      dnsLookup: (address, callback) => callback(null, address),
      redisOptions: account,
    });
  const client = newClient();
  await connected(client);
  return {
    client,
    newClient,
    newSubscriber: () => {
      // The cluster's bus carries every publication to every node.
      const nodes = client.nodes('master');
      const node = nodes[Math.floor(Math.random() * nodes.length)];
      const address = node ? { host: node.options.host, port: node.options.port } : { host, port };
      return new Redis({
        ...account,
        host: address.host ?? 'localhost',
        port: address.port ?? 6_379,
        retryStrategy: () => null,
      });
    },
  };
}

/**
 * A connection to what `url` names, a cluster if it is part of one.
 *
 * @throws RoomError `storage_unavailable` when it cannot be reached, or is not a whole cluster, within the wait.
 */
export async function connectTcp(url: string): Promise<TcpConnection> {
  const newClient = () => new Redis(url, { ...CONNECTION, retryStrategy: reconnectAfterMs });
  const client = newClient();
  await connected(client);
  if (await isCluster(client)) return connectCluster(client);
  return { client, newClient, newSubscriber: () => new Redis(url, { ...CONNECTION, retryStrategy: () => null }) };
}
