import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RoomError } from '@/domain/errors';
import { problemOf } from '../errors';
import { octetsOf } from '../octets';
import { bodyBytesMax } from '../request-body';
import { FORMAT_HEADERS } from './format-header';
import { UnreadAnswers } from './unread-answers';

/** Elysia never looks at it, so whatever host a client names decides nothing. */
const ORIGIN = 'http://localhost';

export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/**
 * Reads all of a body, or as much as shows that it is too large: the rest is dropped as it arrives, so that its sender
 * reads the answer instead of finding the connection reset.
 */
function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    request.on('data', (chunk: Uint8Array) => {
      if (length > bytesMax) return;
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > bytesMax) resolve(Buffer.concat(chunks));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    // The request was cut off: nobody is left to read the answer.
    request.on('error', (cause) => reject(new RoomError('malformed_body', { cause })));
  });
}

/** A body that is only read when asked for, in one piece: most refusals never ask. Null when none was sent. */
function bodyOf(request: IncomingMessage, bytesMax: number): ReadableStream<Uint8Array> | null {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && length === '0') return null;
  return new ReadableStream(
    {
      pull: async (controller) => {
        const bytes = await readBody(request, bytesMax);
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Turns Node’s request into a web `Request`. */
function webRequestOf(request: IncomingMessage): Request {
  const { method = 'GET', url = '' } = request;
  const address = `${ORIGIN}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) throw new RoomError('not_found');
  const headers = headersOf(request);
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers });
  // `duplex` is required for every stream, but missing from the type.
  const options: RequestInit & { duplex: 'half' } = {
    method,
    headers,
    body: bodyOf(request, bodyBytesMax(address)),
    duplex: 'half',
  };
  return new Request(address, options);
}

const responses = new WeakMap<Request, ServerResponse>();

/** Returns the response that will carry a request’s answer; undefined where there is no socket, as in tests. */
export const responseTo = (request: Request): ServerResponse | undefined => responses.get(request);

/** Pieces of files are held apart, so that no reader of theirs costs another one a page of messages. */
export interface Unread {
  readonly texts: UnreadAnswers;
  readonly pieces: UnreadAnswers;
}
const unreadAnswers: Unread = { texts: new UnreadAnswers(), pieces: new UnreadAnswers() };

/** Sends an answer whole, with its length in front, so that nothing compresses an answer that fits into one packet. */
async function send(response: ServerResponse, answer: Response, unread: Unread): Promise<void> {
  const piece = octetsOf(answer);
  const body = piece ?? (await answer.text());
  response.statusCode = answer.status;
  response.setHeaders(answer.headers);
  response.setHeaders(new Headers(FORMAT_HEADERS));
  if (answer.status !== 204) response.setHeader('content-length', Buffer.byteLength(body));
  await (piece === null ? unread.texts : unread.pieces).send(response, body);
}

/** Answers one of Node’s requests with an API that speaks web requests. */
export async function serve(
  api: { fetch: (request: Request) => Response | Promise<Response> },
  request: IncomingMessage,
  response: ServerResponse,
  unread = unreadAnswers,
): Promise<void> {
  const sent = webRequestOf(request);
  // HEAD is GET without the body, which Node leaves out.
  const asked = sent.method === 'HEAD' ? new Request(sent, { method: 'GET' }) : sent;
  responses.set(asked, response);
  await send(response, await api.fetch(asked), unread);
}

export function refuse(response: ServerResponse, error: unknown): void {
  const { status, headers, body } = problemOf(error);
  response.writeHead(status, { ...headers, ...FORMAT_HEADERS }).end(JSON.stringify(body));
}
