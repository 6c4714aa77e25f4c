import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { isCommand, isCommands, type RedisCommand } from '@/server/storage/requesters/requester';

/** The same for every bridge, so that one can take another's place. */
export const UPSTASH_BRIDGE_TOKEN = 'a-token-of-the-tests';

/** Upstash's REST interface in front of a real Redis: https://upstash.com/docs/redis/features/restapi */
export interface UpstashBridge {
  readonly url: string;
  readonly token: string;
  /** Paths of the requests that came in, refused and cut off ones too. */
  readonly requests: string[];
  /** The next `count` requests are executed, and their answers cut off. */
  dropNextResponses(count: number): void;
  /** The next `count` requests are answered with `status` and this body, and nothing is executed. */
  refuse(count: number, status?: number, body?: string): void;
  /** Every answer waits this long; 0 ends it. */
  delay(milliseconds: number): void;
  /** Loses the next so many messages of event streams, and nothing else. */
  loseMessages(count: number): void;
  /** How many of them are still to be lost. */
  readonly messagesToLose: number;
  /** The event streams that there are now pass on no message any more, and stay open. */
  deafen(): void;
  /** Ends every event stream, as a proxy does after its time. */
  endStreams(): void;
  readonly openStreams: number;
  stop(): Promise<void>;
}

interface Answer {
  result?: unknown;
  error?: string;
}

function encodePart(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(encodePart);
  if (reply instanceof Error) return encodePart(reply.message);
  return typeof reply === 'string' ? Buffer.from(reply, 'utf8').toString('base64') : reply;
}

/** Texts in base64, but for the one status that Upstash leaves as it is. */
function encode(reply: unknown): unknown {
  return reply === 'OK' ? reply : encodePart(reply);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? null : JSON.parse(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'upstash-sync-token': 'AAAAAA==' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** `[name, ...args]` in upper case, which keeps the client from reshaping the reply. */
function parts([name = '', ...args]: RedisCommand): [string, ...string[]] {
  return [String(name).toUpperCase(), ...args.map(String)];
}

async function execute(redis: Redis, command: RedisCommand): Promise<Answer> {
  try {
    return { result: await redis.call(...parts(command)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function executeTransaction(redis: Redis, commands: readonly RedisCommand[]): Promise<Answer | Answer[]> {
  const batch = redis.pipeline();
  batch.call('MULTI');
  for (const command of commands) batch.call(...parts(command));
  batch.call('EXEC');
  const [error, replies] = (await batch.exec())?.at(-1) ?? [];
  if (!Array.isArray(replies)) return { error: error?.message ?? 'EXECABORT' };
  return replies.map((reply: unknown): Answer =>
    reply instanceof Error ? { error: reply.message } : { result: reply },
  );
}

/** Starts the bridge on a free port of 127.0.0.1, in front of the Redis at `redisUrl`. */
export async function startUpstashBridge(redisUrl: string): Promise<UpstashBridge> {
  const redis = new Redis(redisUrl, { protocol: 2 });
  const streams = new Map<ServerResponse, Redis>();
  const requests: string[] = [];
  const deaf = new WeakSet<ServerResponse>();
  let toLose = 0;
  let toDrop = 0;
  let toRefuse = 0;
  let refusal = { status: 503, body: '' };
  let delayMs = 0;

  async function stream(channel: string, response: ServerResponse): Promise<void> {
    const subscriber = new Redis(redisUrl, { protocol: 2, maxRetriesPerRequest: 1 });
    subscriber.on('error', () => undefined);
    streams.set(response, subscriber);
    response.on('close', () => {
      streams.delete(response);
      subscriber.disconnect();
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    subscriber.on('message', (from, payload) => {
      if (deaf.has(response)) return;
      if (toLose > 0) toLose -= 1;
      else response.write(`data: message,${from},${payload}\n\n`);
    });
    await subscriber.subscribe(channel).then(
      () => response.write(`data: subscribe,${channel},1\n\n`),
      () => response.destroy(),
    );
  }

  async function answerTo(path: string, body: unknown): Promise<Answer | Answer[]> {
    if (path === '/' && isCommand(body)) return execute(redis, body);
    if (path === '/pipeline' && isCommands(body)) return Promise.all(body.map((command) => execute(redis, command)));
    if (path === '/multi-exec' && isCommands(body)) return executeTransaction(redis, body);
    return { error: 'ERR the bridge does not know this request' };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://bridge').pathname);
    requests.push(path);
    const body = await readBody(request);
    if (delayMs > 0) await pause(delayMs);
    if (toRefuse > 0) {
      toRefuse -= 1;
      send(response, refusal.status, refusal.body);
      return;
    }
    if (request.headers.authorization !== `Bearer ${UPSTASH_BRIDGE_TOKEN}`) {
      send(response, 401, { error: 'WRONGPASS invalid or missing auth token' });
      return;
    }
    if (path.startsWith('/subscribe/')) {
      await stream(path.slice('/subscribe/'.length), response);
      return;
    }
    const answer = await answerTo(path, body);
    if (toDrop > 0) {
      toDrop -= 1;
      response.destroy();
      return;
    }
    const base64 = request.headers['upstash-encoding'] === 'base64';
    const encoded = (one: Answer): Answer => (base64 && one.error === undefined ? { result: encode(one.result) } : one);
    if (Array.isArray(answer)) send(response, 200, answer.map(encoded));
    else send(response, answer.error === undefined ? 200 : 400, encoded(answer));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    token: UPSTASH_BRIDGE_TOKEN,
    requests,
    dropNextResponses: (count) => {
      toDrop = count;
    },
    refuse: (count, status = 503, body = JSON.stringify({ error: 'ERR the database is not available' })) => {
      toRefuse = count;
      refusal = { status, body };
    },
    delay: (milliseconds) => {
      delayMs = milliseconds;
    },
    loseMessages: (count) => {
      toLose = count;
    },
    get messagesToLose() {
      return toLose;
    },
    deafen: () => {
      for (const response of streams.keys()) deaf.add(response);
    },
    endStreams: () => {
      for (const response of streams.keys()) response.end();
    },
    get openStreams() {
      return streams.size;
    },
    stop: async () => {
      for (const response of streams.keys()) response.destroy();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      redis.disconnect();
    },
  };
}
