import 'server-only';
import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '@upstash/redis';
import { type ChainableCommander, Cluster } from 'ioredis';
import { type OpenRequester, type RedisAnswer, type RedisCommand, requesterOver, withBytes } from './requester';
import { connectTcp, isReply, REPLY_ERROR, type TcpConnection } from './tcp-connection';
import { TcpSubscriber } from './tcp-subscriber';
import { STORAGE_WAIT_MS, refusalText, storageUnavailable, withinWait } from '../unavailable';

const PAUSE_MS = 20;

/** Upper case, because the client reshapes the replies of commands that it knows by their lower-case names. */
function parts([name = '', ...args]: RedisCommand): [string, ...(string | Buffer)[]] {
  return [
    String(name).toUpperCase(),
    ...args.map((arg) =>
      arg instanceof Uint8Array ? Buffer.from(arg.buffer, arg.byteOffset, arg.length) : String(arg),
    ),
  ];
}

const isBuffer = (value: unknown): value is Buffer => Buffer.isBuffer(value);
const BUFFERS = { toText: (bytes: Buffer) => bytes.toString(), toBytes: (bytes: Buffer) => bytes };

/** A reply with the errors inside it as their texts, as they would be in JSON. */
function plain(reply: unknown): unknown {
  if (reply instanceof Uint8Array) return reply;
  if (Array.isArray(reply)) return reply.map(plain);
  return reply instanceof Error ? reply.message : reply;
}

function answered(reply: unknown): RedisAnswer {
  return reply instanceof Error ? { error: reply.message } : { result: plain(reply) };
}

/** Waits until commands can be sent again, or never will be. */
function readiness(client: TcpConnection['client']): () => Promise<void> {
  let next: Promise<void> | null = null;
  return () => {
    if (client.status === 'ready') return Promise.resolve();
    next ??= new Promise<void>((resolve) => {
      const proceed = () => {
        client.off('ready', proceed);
        client.off('end', proceed);
        next = null;
        resolve();
      };
      client.on('ready', proceed);
      client.on('end', proceed);
    });
    return next;
  };
}

/** The replies to `batch`, each a reply or Redis's own error; throws when the connection failed any of them. */
async function repliesTo(batch: ChainableCommander): Promise<unknown[]> {
  const replies = (await batch.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null && error.name !== REPLY_ERROR) throw error;
    return error ?? reply;
  });
}

type Persist = <Reply>(attempt: () => Promise<Reply>) => Promise<Reply>;

/** Makes an attempt again until the wait is over, each time that the connection is there. */
function persistOver(client: TcpConnection['client'], isClosed: () => boolean): Persist {
  const ready = readiness(client);
  return (attempt) => {
    const givenUpAt = Date.now() + STORAGE_WAIT_MS;
    const work = async () => {
      for (;;) {
        await ready();
        if (isClosed()) throw storageUnavailable('The storage is closed');
        // Its caller has got an error by now, so the command must not run any more.
        if (Date.now() >= givenUpAt) throw storageUnavailable('Redis cannot be reached');
        try {
          return await attempt();
        } catch (error) {
          if (isReply(error)) throw error;
          await pause(PAUSE_MS);
        }
      }
    };
    return withinWait(work());
  };
}

function refused(error: unknown): RedisAnswer {
  if (isReply(error)) return answered(error);
  throw error;
}

/** The connection for bytes: nothing small waits behind a quarter of a megabyte. It is made when the first piece of a file comes. */
function openBytes(newClient: TcpConnection['newClient'], isClosed: () => boolean) {
  const client = newClient();
  // The command that waits for it says that it is not there.
  client.on('error', () => undefined);
  client.connect().catch(() => undefined);
  const persist = persistOver(client, isClosed);
  const exchange = (asked: RedisCommand) =>
    persist(() => client.callBuffer(...parts(asked))).then(
      (reply) => answered(withBytes(reply, isBuffer, BUFFERS)),
      refused,
    );
  return { exchange, close: () => client.disconnect() };
}

/**
 * Any Redis or Valkey over TCP, a cluster included. Commands under way when the connection broke are
 * sent again until the wait is over, as the client of Upstash does over HTTP, and for the same
 * reason every script that goes through here repeats harmlessly.
 *
 * @throws RoomError `storage_unavailable` when there is no Redis within the wait.
 */
export async function openTcpRequester(url: string): Promise<OpenRequester> {
  const { client, newClient, newSubscriber } = await connectTcp(url);
  const subscriber = new TcpSubscriber(newSubscriber);
  let closed = false;
  const persist = persistOver(client, () => closed);
  let bytes: ReturnType<typeof openBytes> | undefined;

  const command = (asked: RedisCommand) => persist(() => client.call(...parts(asked))).then(answered, refused);

  const exchange = (asked: RedisCommand): Promise<RedisAnswer> => {
    bytes ??= openBytes(newClient, () => closed);
    return bytes.exchange(asked);
  };

  const replies = (commands: readonly RedisCommand[]) =>
    persist(() => {
      const batch = client.pipeline();
      for (const asked of commands) batch.call(...parts(asked));
      return repliesTo(batch);
    });

  async function transaction(commands: readonly RedisCommand[]): Promise<RedisAnswer[]> {
    const executed = (await replies([['MULTI'], ...commands, ['EXEC']])).at(-1);
    if (Array.isArray(executed)) return executed.map(answered);
    throw new errors.UpstashError(refusalText(executed instanceof Error ? executed.message : 'EXECABORT'));
  }

  /** The client takes only one node's slots in a pipeline. Commands that are sent without waiting for each other cost the same. */
  const pipeline = async (commands: readonly RedisCommand[]): Promise<RedisAnswer[]> =>
    client instanceof Cluster ? Promise.all(commands.map(command)) : (await replies(commands)).map(answered);

  return {
    requester: requesterOver({
      command,
      exchange,
      pipeline,
      transaction,
      subscribe: (channel, onLine, signal) => subscriber.subscribe(channel, onLine, signal),
    }),
    close: () => {
      closed = true;
      subscriber.close();
      client.disconnect();
      bytes?.close();
      return Promise.resolve();
    },
  };
}
