import 'server-only';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RoomError } from '@/domain/errors';
import { BODY_BYTES_MAX } from '@/domain/limits';
import { problemOf } from './errors';

/** Elysia never looks at it; what a client put into its address decides nothing. */
const ORIGIN = 'http://localhost';

export function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/**
 * The body, or as much of it as shows that it is too large: the rest is let go as it comes, so that
 * its sender reads the answer and no reset connection.
 */
function bodyOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    request.on('data', (chunk: Uint8Array) => {
      if (length > BODY_BYTES_MAX) return;
      chunks.push(chunk);
      length += chunk.byteLength;
      if (length > BODY_BYTES_MAX) resolve(Buffer.concat(chunks));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    // It broke off; nobody is left to read the answer.
    request.on('error', (cause) => reject(new RoomError('malformed_body', { cause })));
  });
}

/** A request of Node's as one of the web's, its body read. */
async function webRequestOf(request: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '' } = request;
  const address = `${ORIGIN}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) throw new RoomError('not_found');
  const headers = headersOf(request);
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers });
  const body = await bodyOf(request);
  return new Request(address, { method, headers, ...(body.length > 0 && { body }) });
}

/** Sends an answer whole. Its length goes ahead, so that nobody compresses what fits into one packet. */
async function send(response: ServerResponse, answer: Response): Promise<void> {
  const text = await answer.text();
  response.statusCode = answer.status;
  response.setHeaders(answer.headers);
  if (answer.status !== 204) response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

/** Answers one request of Node's by an API of the web's. */
export async function serve(
  api: { fetch: (request: Request) => Response | Promise<Response> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await webRequestOf(request);
  // HEAD is GET without the body, which Node leaves out.
  await send(response, await api.fetch(asked.method === 'HEAD' ? new Request(asked, { method: 'GET' }) : asked));
}

export function refuse(response: ServerResponse, error: unknown): void {
  const { status, headers, body } = problemOf(error);
  response.writeHead(status, headers).end(JSON.stringify(body));
}
