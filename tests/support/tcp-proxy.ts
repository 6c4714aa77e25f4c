import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to a server that a test can cut: what happens to a connection when networks and servers fail. */
export interface TcpProxy {
  readonly port: number;
  /** The bytes that came in first, of the last connection. */
  readonly firstBytes: Buffer;
  /** How many connections have ended, by whomever. */
  readonly ended: number;
  /** Breaks every connection; new ones are broken too until `mend`. */
  cut(): void;
  /** Passes nothing on, or nothing that the server says, and breaks nothing, until `mend`. */
  stall(what: 'everything' | 'answers'): void;
  mend(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port of 127.0.0.1 to `targetPort` there; without a target it only listens. */
export async function startTcpProxy(targetPort?: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'cut' | 'everything' | 'answers' = 'whole';
  let ended = 0;
  let firstBytes = Buffer.alloc(0);

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    track(client);
    client.on('close', () => {
      ended += 1;
    });
    client.once('data', (bytes) => {
      firstBytes = bytes;
    });
    if (state === 'cut') client.destroy();
    if (targetPort === undefined || state === 'cut') return;
    const target = connect(targetPort, '127.0.0.1');
    track(target);
    for (const [from, to] of [[client, target], [target, client]] as const) {
      from.on('data', (bytes) => {
        if (state !== 'everything' && !(state === 'answers' && from === target)) to.write(bytes);
      });
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    get firstBytes() {
      return firstBytes;
    },
    get ended() {
      return ended;
    },
    cut: () => {
      state = 'cut';
      breakAll();
    },
    stall: (what) => {
      state = what;
    },
    mend: () => {
      state = 'whole';
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}
