import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { handle, Realtime } from '@upstash/realtime';
import { Redis } from '@upstash/redis';
import { roomEvents } from '@/domain/events';
import { messageIdSchema } from '@/domain/message';
import { type RoomId, roomIdSchema } from '@/domain/room';
import { newMemberId } from '@/server/auth/tokens';
import type { Storage } from '@/server/storage/client';
import { eventSourceClass } from './event-source';

/** A chat by the unmodified route and `emit` of Upstash Realtime: `GET /api/realtime`, `POST /?roomId=&id=`. */
export interface StockServer {
  readonly port: number;
  stop(): Promise<void>;
}

export async function startStockServer(storage: Storage): Promise<StockServer> {
  const realtime = new Realtime({ schema: roomEvents, redis: new Redis(storage.requester) });
  const listen = handle({ realtime });
  const memberId = newMemberId();

  async function send(query: URLSearchParams): Promise<void> {
    const roomId = roomIdSchema.parse(query.get('roomId'));
    const id = messageIdSchema.parse(query.get('id'));
    await realtime
      .channel(roomId)
      .emit('chat.message', { id, roomId, memberId, sender: 'x', text: 'said', timestamp: Date.now() });
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    if (request.method === 'POST') {
      send(url.searchParams).then(
        () => response.end('{}'),
        () => response.writeHead(503).end(),
      );
      return;
    }
    void listen(new Request(url, { signal: gone.signal })).then((answer) => {
      if (!answer?.body) return response.writeHead(500).end();
      response.writeHead(answer.status, { 'content-type': 'text/event-stream' });
      // Node's streams and the web's have separate types, but are the same here.
      return Readable.fromWeb(answer.body as NodeReadableStream)
        .on('error', () => undefined)
        .pipe(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The messages that a room shows when every event that arrives is shown. */
export interface StockScreen {
  readonly shown: { id: string; cursor: string }[];
  close(): void;
}

/**
 * The browser provider's own rules, without React around them: an EventSource that reconnects by itself to its old
 * address, and a new one after `reconnect`, with the last event's id.
 */
export function openStockScreen(origin: string, roomId: RoomId): StockScreen {
  const Source = eventSourceClass({ headers: {}, asked: [] });
  const shown: { id: string; cursor: string }[] = [];
  let lastAck = String(Date.now());
  let source: InstanceType<typeof Source> | undefined;
  let closed = false;

  function connect(): void {
    source?.close();
    if (closed) return;
    source = new Source(`${origin}/api/realtime?channel=${roomId}&last_ack_${roomId}=${lastAck}`);
    source.onmessage = ({ data }) => {
      const word = JSON.parse(data) as { type?: string; event?: string; id?: string; data?: { id: string } };
      if (word.type === 'reconnect') connect();
      if (word.event === undefined || word.id === undefined) return;
      lastAck = word.id;
      if (word.event === 'chat.message') shown.push({ id: word.data?.id ?? '', cursor: word.id });
    };
    source.onerror = () => {
      if (source?.readyState === Source.CLOSED) setTimeout(connect, 20);
    };
  }
  connect();
  return {
    shown,
    close: () => {
      closed = true;
      source?.close();
    },
  };
}

/**
 * Unhandled rejections are among the library's shortcomings. While `work` runs they are counted instead of failing the
 * tests.
 */
export async function countingUnhandled(work: () => Promise<unknown>): Promise<number> {
  const others = process.listeners('unhandledRejection');
  let count = 0;
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', () => (count += 1));
  try {
    await work();
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
  return count;
}
