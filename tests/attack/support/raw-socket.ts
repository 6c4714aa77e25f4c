import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection that does as it pleases: it writes anything, and reads when it likes. */
export interface RawSocket {
  write(text: string): void;
  /** Reads the next bytes that have arrived, `count` at most. */
  sip(count: number): void;
}

/** Opens a connection that reads nothing until it sips. It is closed when the test is over. */
export function openSocket(port: number): RawSocket {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  let closed = false;
  socket.pause();
  // Being cut off is an outcome that a test may check, not a fault of the test.
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  onTestFinished(() => void socket.destroy());
  return {
    write: (text) => {
      if (!closed) socket.write(text);
    },
    sip: (count) => void socket.read(count),
  };
}

interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly token: string;
  readonly address: string;
  readonly headers?: readonly string[];
}

/** The head of a request, without the empty line that ends it. */
export const headOf = ({ method = 'GET', path, token, address, headers = [] }: RawRequest): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${token}`,
    `X-Forwarded-For: ${address}`,
    ...headers,
    '',
  ].join('\r\n');

/** A whole request without a body. */
export const requestOf = (request: RawRequest): string => `${headOf(request)}\r\n`;
