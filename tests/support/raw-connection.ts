import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A bare connection to a server, which sends exactly what is written and keeps exactly what comes back. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that has come back so far. */
  readonly heard: () => string;
  /** The bodies of the answers so far, each of which announces its length. */
  readonly bodies: () => string[];
  readonly closed: () => boolean;
}

export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  let closed = false;
  // These tests are about how a server cuts a connection, so an error is expected.
  socket.on('error', () => undefined).on('close', () => (closed = true));
  await once(socket, 'connect');
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  return { socket, heard: () => heard, bodies: () => bodiesOf(heard), closed: () => closed };
}

function bodiesOf(heard: string): string[] {
  const bodies: string[] = [];
  for (let rest = heard; ;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return bodies;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
    bodies.push(rest.slice(end + 4, end + 4 + length));
    rest = rest.slice(end + 4 + length);
  }
}

export const rawRequest = (path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body,
  ].join('\r\n');
