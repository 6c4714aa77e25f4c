import { request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { io } from 'socket.io-client';
import * as z from 'zod';
import { atOnce } from './at-once';

const OPEN_MS = 20_000;
const JOINING_AT_ONCE = 8;

/** What people write: a sentence or two. */
const CONTENT = {
  sender: 'Quiet Otter',
  text: 'The ferry leaves at ten past six, so we should be at the pier by six; bring the small tent. '.repeat(2),
};

/** Calls `onMessage` for each chat message until it is closed. */
export type OpenStream = (onMessage: () => void) => Promise<{ close: () => void }>;

/** A room as the load sees it: listening seats, one of which also speaks. */
export interface Room {
  /** One for each listener. */
  readonly streams: readonly OpenStream[];
  readonly send: () => Promise<undefined>;
}

async function post<Answer>(
  url: string,
  body: unknown,
  { headers = {}, read }: { headers?: Record<string, string>; read: (answer: unknown) => Answer },
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${JSON.stringify(answer)}`);
  return read(answer);
}

const ignore = () => undefined;

/** Reads an event stream as a browser does, which accepts gzip. Resolves once the server says `connected`. */
export function eventStream(url: string, headers: Record<string, string> = {}): OpenStream {
  return (onMessage) =>
    new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(timer);
        outgoing.destroy();
        reject(error);
      };
      const timer = setTimeout(() => fail(new Error(`${url} did not open.`)), OPEN_MS);
      const outgoing = request(
        url,
        { agent: false, headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip, deflate, br', ...headers } },
        (response) => {
          if (response.statusCode !== 200) fail(new Error(`${url} was answered ${response.statusCode ?? 0}.`));
          const body = response.headers['content-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
          // After that, the end of a stream shows as missing deliveries.
          for (const stream of [response, body]) stream.on('error', fail);
          response.once('close', () => fail(new Error(`${url} was closed.`)));
          let rest = '';
          body.setEncoding('utf8').on('data', (text: string) => {
            const frames = (rest + text).split('\n\n');
            rest = frames.pop() ?? '';
            for (const frame of frames) {
              if (frame.includes('"event":"chat.message"')) onMessage();
              else if (frame.includes('"type":"connected"')) {
                clearTimeout(timer);
                resolve({ close: () => outgoing.destroy() });
              }
            }
          });
        },
      );
      outgoing.on('error', fail);
      outgoing.end();
    });
}

function socketIoStream(url: string): OpenStream {
  return (onMessage) =>
    new Promise((resolve, reject) => {
      const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, timeout: OPEN_MS });
      socket.on('chat.message', onMessage);
      socket.once('connect', () => resolve({ close: () => socket.close() }));
      socket.once('connect_error', reject);
    });
}

const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** The message that Mayfly would make, for servers that make none of their own. */
const BARE_MESSAGE = {
  id: 'M'.repeat(22),
  roomId: 'R'.repeat(22),
  memberId: 'S'.repeat(16),
  ...CONTENT,
  timestamp: 1_800_000_000_000,
};

export function rawRoom(url: string, members: number): Room {
  return { streams: times(members, () => eventStream(url)), send: () => post(url, BARE_MESSAGE, { read: ignore }) };
}

export function socketIoRoom(url: string, members: number): Room {
  return {
    streams: times(members, () => socketIoStream(url)),
    send: () => post(`${url}/messages`, BARE_MESSAGE, { read: ignore }),
  };
}

/** Anyone may listen to any channel, so there are no seats to take. */
export function stockRoom(url: string, members: number): Room {
  const roomId = times(22, () => Math.floor(Math.random() * 10)).join('');
  const base = `${url}/api/bench/stock`;
  return {
    streams: times(members, () => eventStream(`${base}/realtime?channel=${roomId}`)),
    send: () => post(`${base}/messages?roomId=${roomId}`, CONTENT, { read: ignore }),
  };
}

const seatSchema = z.object({ roomId: z.string(), token: z.string() });
const readSeat = (answer: unknown) => seatSchema.parse(answer);

/** A room of Mayfly with every seat taken by a different visitor. `streamPath` is where its event stream is. */
export async function mayflyRoom(url: string, members: number, streamPath = '/api/realtime'): Promise<Room> {
  const credentials = 'bearer';
  const room = { credentials, maxMembers: Math.max(2, members), lifetimeSeconds: 3_600 };
  const owner = await post(`${url}/api/room`, room, { read: readSeat });
  const { roomId } = owner;
  const others = await atOnce(
    JOINING_AT_ONCE,
    times(members - 1, (index) => index),
    () => post(`${url}/api/room/join?roomId=${roomId}`, { credentials }, { read: readSeat }),
  );
  const authorization = (token: string) => ({ authorization: `Bearer ${token}` });
  return {
    streams: [owner, ...others].map(({ token }) =>
      eventStream(`${url}${streamPath}?channel=${roomId}`, authorization(token)),
    ),
    send: () =>
      post(`${url}/api/messages?roomId=${roomId}`, CONTENT, { headers: authorization(owner.token), read: ignore }),
  };
}
