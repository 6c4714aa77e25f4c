import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';
import { onTestFinished, vi } from 'vitest';
import type { Answer, Seat } from './rooms';
import { read } from './rooms';

/** A member's stream, read as it arrives. */
export interface RoomStream {
  /** Every event and every signal from the server, parsed. */
  readonly heard: unknown[];
  readonly ended: boolean;
  /** The data of events of that name, in order. */
  data(event: string): unknown[];
  close(): void;
}

type Listening = Pick<Seat, 'roomId'> & { token?: string | undefined };

/**
 * Over a connection of its own, because a kept one may be closed by the time that a busy test sends its next request.
 */
const ask = (url: string, { roomId, token }: Listening, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    get(`${url}/api/realtime?channel=${roomId}`, { agent: false, headers, signal }, resolve).on('error', reject);
  });

/** The status of the stream: 200 when it would begin, in which case it is not read, or that of the refusal. */
export async function askForStream(url: string, who: Listening): Promise<Answer> {
  const controller = new AbortController();
  const incoming = await ask(url, who, controller.signal);
  const status = incoming.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  if (status !== 200) return read(new Response(await text(incoming), { status, headers }));
  controller.abort();
  return { status, headers, body: null };
}

/** Listens until the test is over; resolves once the stream is connected. */
export async function listenTo(url: string, who: Listening): Promise<RoomStream> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const incoming = await ask(url, who, controller.signal);
  if (incoming.statusCode !== 200) throw new Error(`The stream was refused: ${incoming.statusCode}`);
  const heard: unknown[] = [];
  let ended = false;
  const parser = createParser({ onEvent: ({ data }) => heard.push(JSON.parse(data)) });
  incoming.setEncoding('utf8');
  incoming.on('data', (chunk: string) => parser.feed(chunk));
  // However the stream ended, tests ask only for the events received until then.
  incoming
    .on('error', () => undefined)
    .on('close', () => {
      ended = true;
    });
  const connected = () => {
    if (heard.length === 0) throw new Error('The stream has not begun');
  };
  await vi.waitFor(connected, { timeout: 10_000, interval: 5 });
  return {
    heard,
    get ended() {
      return ended;
    },
    data: (name) => heard.flatMap((one) => (isEvent(one) && one.event === name ? [one.data] : [])),
    close: () => controller.abort(),
  };
}

function isEvent(value: unknown): value is { event: string; data: unknown } {
  return typeof value === 'object' && value !== null && 'event' in value && 'data' in value;
}
