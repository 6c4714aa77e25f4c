import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to a server that a test can cut, as happens when networks and servers fail. */
export interface TcpProxy {
  readonly port: number;
  /** The first bytes of the last connection. */
  readonly firstBytes: Buffer;
  /** How many connections have ended, whichever side ended them. */
  readonly ended: number;
  /** Breaks every connection. New ones are broken, too, until `mend`. */
  cut(): void;
  /** Until `mend`, passes on nothing, or nothing from the server, without breaking a connection. */
  stall(what: 'everything' | 'answers'): void;
  /**
   * Loses this many of the next messages of subscriptions, and nothing else. Messages that are apart in time come in
   * separate pieces.
   */
  loseMessages(count: number): void;
  /** How many of them are still to be lost. */
  readonly messagesToLose: number;
  /**
   * The present connections of subscriptions pass on no more messages, and answer everything else as if nothing were
   * wrong.
   */
  deafen(): void;
  mend(): void;
  stop(): Promise<void>;
}

const SUBSCRIBES = /\r\nsubscribe\r\n/i;
const IS_MESSAGE = /\*3\r\n\$7\r\nmessage\r\n/;

/** Starts a proxy on a free port of 127.0.0.1 to `targetPort` there. Without a target it only listens. */
export async function startTcpProxy(targetPort?: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const subscribers = new Set<Socket>();
  const deaf = new Set<Socket>();
  let toLose = 0;
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
    client.on('data', (bytes) => {
      if (SUBSCRIBES.test(bytes.toString('latin1'))) subscribers.add(client);
    });
    client.on('close', () => subscribers.delete(client));
    const isLost = (bytes: Buffer) => {
      if (!subscribers.has(client) || !IS_MESSAGE.test(bytes.toString('latin1'))) return false;
      if (deaf.has(client)) return true;
      if (toLose === 0) return false;
      toLose -= 1;
      return true;
    };
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (from === target && isLost(bytes)) return;
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
    loseMessages: (count) => {
      toLose = count;
    },
    get messagesToLose() {
      return toLose;
    },
    deafen: () => {
      for (const socket of subscribers) deaf.add(socket);
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
