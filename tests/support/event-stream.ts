import { isPublishedOnly } from '@/domain/stored-events';
import { type ClientRequest, get, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { createParser } from 'eventsource-parser';
import { onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';
import type { Seat } from './rooms';

const wordSchema = z.looseObject({
  type: z.optional(z.string()),
  cursor: z.optional(z.string()),
  error: z.optional(z.string()),
  id: z.optional(z.string()),
  event: z.optional(z.string()),
  channel: z.optional(z.string()),
  data: z.optional(z.unknown()),
});
/** An event of the stream (`id`, `event`, `channel`, `data`), or a signal from the server itself (`type`). */
export type Word = z.infer<typeof wordSchema>;

/** One event stream, read from its socket, which never reconnects. */
export interface EventStream {
  readonly headers: IncomingHttpHeaders;
  /** Everything received, in order. */
  readonly words: readonly Word[];
  readonly ended: boolean;
  /** The events of that name. */
  of(event: string): Word[];
  /** The texts of the messages received. */
  texts(): string[];
  /** The position after the last numbered event, or the one that the server announced at the start. */
  readonly cursor: string;
  /** Pauses and resumes reading from the socket. */
  pause(): void;
  resume(): void;
  /** Breaks the connection. */
  close(): void;
}

type Who = Pick<Seat, 'roomId' | 'token'>;

export interface StreamOptions {
  lastAck?: string | undefined;
  headers?: Record<string, string>;
}

export const streamPath = (roomId: string, lastAck?: string): string =>
  `/api/realtime?channel=${roomId}${lastAck === undefined ? '' : `&last_ack_${roomId}=${lastAck}`}`;

/** Requests exactly this path, and returns the head of the response. */
export function askRaw(
  url: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ response: IncomingMessage; asked: ClientRequest }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { path, method, headers, agent: false }, (response) => resolve({ response, asked }));
    asked.on('error', reject);
    asked.end();
  });
}

/** Reads a response to its end. */
export async function readRaw(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

/** Opens a stream, and fails if it is refused. The stream is closed when the test is over. */
export async function openStream(
  url: string,
  { roomId, token }: Who,
  { lastAck, headers }: StreamOptions = {},
): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = get(
      `${url}${streamPath(roomId, lastAck)}`,
      { agent: false, headers: { authorization: `Bearer ${token}`, ...headers } },
      resolve,
    );
    asked.on('error', reject);
    onTestFinished(() => void asked.destroy());
  });
  if (response.statusCode !== 200) throw new Error(`The stream was refused: ${response.statusCode ?? 0}`);
  return follow(response);
}

/** The events and signals of a stream, as they arrive. */
export function readEventStream(body: ReadableStream<Uint8Array>): Word[] {
  const words: Word[] = [];
  const parser = createParser({ onEvent: ({ data }) => words.push(wordSchema.parse(JSON.parse(data))) });
  const decoder = new TextDecoder();
  const reading = async () => {
    for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
  };
  // However it ends, only the events received until then count.
  void reading().catch(() => undefined);
  return words;
}

function follow(response: IncomingMessage): EventStream {
  const words: Word[] = [];
  let ended = false;
  let cursor = '';
  const parser = createParser({
    onEvent: ({ data }) => {
      const word = wordSchema.parse(JSON.parse(data));
      words.push(word);
      if (word.type === 'connected') cursor = word.cursor ?? '';
      if (word.id !== undefined && !isPublishedOnly(word.event ?? '')) cursor = word.id;
    },
  });
  const decoder = new TextDecoder();
  response.on('data', (bytes: Buffer) => parser.feed(decoder.decode(bytes, { stream: true })));
  response.on('error', () => undefined);
  response.on('close', () => {
    ended = true;
  });
  const of = (event: string) => words.filter((word) => word.event === event);
  return {
    headers: response.headers,
    words,
    get ended() {
      return ended;
    },
    get cursor() {
      return cursor;
    },
    of,
    texts: () => of('chat.message').map(({ data }) => textSchema.parse(data).text),
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void response.destroy(),
  };
}

const textSchema = z.looseObject({ text: z.string() });

/** Opens a stream and waits until it is live. */
export async function listen(url: string, who: Who, options: StreamOptions = {}): Promise<EventStream> {
  const stream = await openStream(url, who, options);
  await soon(() => {
    if (!stream.words.some(({ type }) => type === 'connected')) throw new Error('The stream is not connected');
  });
  return stream;
}

/** Polls until `check` passes. */
export const soon = <Found>(check: () => Found | Promise<Found>, timeout = 10_000): Promise<Found> =>
  vi.waitFor(check, { timeout, interval: 5 });
