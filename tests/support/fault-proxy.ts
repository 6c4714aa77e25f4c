import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The faults that a wire can have. Each lasts until `mend`. */
export type WireFault =
  /** Every connection breaks, and so does every new one. */
  | 'cut'
  /** Data from either side is lost, and neither side notices until `mend` breaks the connection. */
  | 'half-open'
  /** Only the server's data is lost: commands that reach the server are still executed. */
  | 'lost-answers'
  /**
   * Each piece is delayed by a time of its own. Pieces of one connection stay in order; pieces of different connections
   * do not.
   */
  | 'delayed'
  /** Everything arrives in small pieces. */
  | 'fragmented'
  /** Redis refuses every subscription. */
  | 'refused-subscribe'
  /** Redis fails to read a range of a stream. */
  | 'failing-range';

/** A wire to a server on 127.0.0.1 that tests can break in every way they need. */
export interface FaultProxy {
  readonly port: number;
  /** Where new connections lead. */
  target: number;
  begin(fault: WireFault): void;
  mend(): void;
  stop(): Promise<void>;
}

const DELAY_MS_MAX = 60;

/**
 * The replacements have the same length, so that no count of bytes is wrong. Redis knows neither word: it refuses the
 * command by name, and a script that uses the other fails. `evalsha` is made to miss, so that the script itself is
 * sent.
 */
function spoilt(fault: WireFault | null, bytes: Buffer, rangeScript: string): Buffer {
  if (fault === 'refused-subscribe') {
    return Buffer.from(bytes.toString('latin1').replace(/(?<!un)subscribe/gi, 'subscribX'), 'latin1');
  }
  if (fault === 'failing-range') {
    const text = bytes.toString('latin1').replaceAll(rangeScript, 'f'.repeat(40));
    return Buffer.from(text.replaceAll("{'ok', redis.call('XRANGE'", "{'ok', redis.call('XRANGX'"), 'latin1');
  }
  return bytes;
}

function pieces(bytes: Buffer, random: () => number): Buffer[] {
  const found: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const size = 1 + Math.floor(random() * Math.max(8, bytes.length / 4));
    found.push(bytes.subarray(from, from + size));
    from += size;
  }
  return found;
}

/** `rangeScript`: the hash of the script that reads a range, when the server is a Redis. */
export async function startFaultProxy(target: number, random: () => number, rangeScript = ''): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  /** Connections that have lost something. They are broken when the fault is over. */
  const broken = new Set<Socket>();
  let fault: WireFault | null = null;

  const server = createServer((client) => {
    const upstream = connect(proxy.target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        broken.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    if (fault === 'cut') client.destroy();
    pass(client, upstream, true);
    pass(upstream, client, false);
  });

  function pass(from: Socket, to: Socket, towardsServer: boolean): void {
    const queue: { at: number; part: Buffer }[] = [];
    let lastAt = 0;
    /** One queue in one order, so that the bytes of a connection never overtake one another, however long they wait. */
    const pump = () => {
      for (let next = queue[0]; next !== undefined && !to.destroyed; next = queue[0]) {
        const leftMs = next.at - performance.now();
        if (leftMs > 0) {
          setTimeout(pump, leftMs);
          return;
        }
        queue.shift();
        to.write(next.part);
      }
    };
    from.on('data', (bytes) => {
      if (fault === 'half-open' || (fault === 'lost-answers' && !towardsServer)) {
        broken.add(from);
        return;
      }
      const said = towardsServer ? spoilt(fault, bytes, rangeScript) : bytes;
      const parts = fault === 'fragmented' ? pieces(said, random) : [said];
      lastAt = Math.max(lastAt, performance.now() + (fault === 'delayed' ? random() * DELAY_MS_MAX : 0));
      const idle = queue.length === 0;
      // Pieces that leave together would arrive together, so each has a moment of its own.
      for (const [index, part] of parts.entries()) queue.push({ at: (lastAt += index === 0 ? 0 : 0.5), part });
      if (idle) pump();
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = (which: Set<Socket>) => {
    for (const socket of [...which]) socket.destroy();
  };
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    begin: (next) => {
      proxy.mend();
      fault = next;
      if (next === 'cut') breakAll(sockets);
    },
    mend: () => {
      fault = null;
      breakAll(broken);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll(sockets);
      }),
  };
  return proxy;
}
