import { setTimeout as pause } from 'node:timers/promises';
import type { Requester } from '@upstash/redis';
import { vi } from 'vitest';
import { CURSOR_START } from '@/domain/message';
import { readEvents } from '@/server/realtime/read-events';
import type { StreamTimings } from '@/server/realtime/stream-timings';
import { openStorage, type Storage, storageOver } from '@/server/storage/client';
import { createEmbeddedRequester } from '@/server/storage/embedded/requester';
import { type TestApp, startApp } from './app';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { randomFrom, type Trouble } from './fault-schedule';
import type { MemberScreen } from './member-screen';
import { recordRequests } from './recording-requester';
import { type RedisServer, startRedisServer } from './redis-server';
import { UNKNOWN_ROOM } from './rooms';
import { startUpstashBridge, UPSTASH_BRIDGE_TOKEN } from './upstash-bridge';

/** The hub's waits, shortened so that a schedule takes a second instead of a minute. */
const TIMINGS: StreamTimings = {
  ping: 200,
  renewal: 600,
  linger: 300,
  confirm: 500,
  retry: { firstMs: 10, longestMs: 100 },
  publication: 40,
  stall: 1_000,
  heartbeat: 150,
  heartbeatRetry: 50,
  lease: 2_000,
  away: 300,
  gather: 50,
};
const CLOCK_OFF_MS = 30_000;
const OVERTAKING_MS_MAX = 30;
const LOST_SHARE = 0.5;

export type FaultWorldKind = 'redis' | 'upstash';

/** A Redis, an app and people, with a wire between each that can be broken. */
export interface FaultWorld {
  readonly app: TestApp;
  readonly storage: Storage;
  /** Where people reach the app, through the wire with faults. */
  readonly origin: string;
  readonly server: RedisServer;
  /** Puts another server than the app at the end of the people's wire. */
  aim(port: number): void;
  /** The source of all random choices in this world; a schedule begins a source of its own. */
  seed(seed: number): () => number;
  /** Makes trouble and ends it when its time is over. It reaches rooms and pages through `hands`. */
  suffer(
    trouble: Trouble,
    lastsMs: number,
    hands: { destroy: () => Promise<unknown>; screens: readonly MemberScreen[] },
  ): Promise<void>;
  /** Everything works again. */
  mend(): void;
  stop(): Promise<void>;
}

/** Scripts are known by the hash of their text, so the bytes of a command show which script it runs. */
async function hashOfRangeScript(): Promise<string> {
  const embedded = createEmbeddedRequester();
  const recording = recordRequests(embedded);
  const { redis } = storageOver('embedded', { requester: recording, close: () => Promise.resolve() });
  await readEvents(redis, UNKNOWN_ROOM, CURSOR_START).catch(() => undefined);
  embedded.close();
  return recording.recorded[0]?.args[0] ?? '';
}

/** A Redis, reached over TCP or through Upstash's interface in front of it. */
interface Backend {
  readonly server: RedisServer;
  /** Where the app's wire leads. */
  readonly port: number;
  endSubscriptions(): Promise<unknown>;
  stop(): Promise<void>;
}

async function startBackend(kind: FaultWorldKind): Promise<Backend> {
  const server = await startRedisServer();
  if (kind === 'redis') {
    const endSubscriptions = () => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub').catch(() => undefined);
    return { server, port: server.port, endSubscriptions, stop: () => server.stop() };
  }
  const bridge = await startUpstashBridge(server.url);
  return {
    server,
    port: Number(new URL(bridge.url).port),
    endSubscriptions: () => {
      bridge.endStreams();
      return Promise.resolve();
    },
    stop: async () => {
      await bridge.stop();
      await server.stop();
    },
  };
}

type PublicationFault = Extract<Trouble, { on: 'publications' }>['fault'];

/** `inner`, whose publications overtake one another or are lost while `fault` says so. */
function troubling(inner: Requester, fault: () => PublicationFault | null, chance: () => number): Requester {
  return {
    request: (asked) => {
      const { onMessage } = asked;
      if (onMessage === undefined) return inner.request(asked);
      const deliver = (line: string) => {
        const trouble = line.startsWith('message,') ? fault() : null;
        if (trouble === 'lost' && chance() < LOST_SHARE) return;
        if (trouble === 'reordered') setTimeout(() => onMessage(line), chance() * OVERTAKING_MS_MAX);
        else onMessage(line);
      };
      return inner.request({ ...asked, onMessage: deliver });
    },
  };
}

export async function startFaultWorld(kind: FaultWorldKind): Promise<FaultWorld> {
  let random = randomFrom(1);
  const chance = () => random();
  let backend = await startBackend(kind);
  let publications: PublicationFault | null = null;
  const redisWire = await startFaultProxy(backend.port, chance, await hashOfRangeScript());
  const address = `127.0.0.1:${redisWire.port}`;
  const opened = await openStorage(
    kind === 'redis'
      ? { kind, url: `redis://${address}` }
      : { kind, url: `http://${address}`, token: UPSTASH_BRIDGE_TOKEN },
  );
  const storage = storageOver(kind, { ...opened, requester: troubling(opened.requester, () => publications, chance) });
  const app = await startApp(storage, { timings: TIMINGS });
  const peopleWire = await startFaultProxy(Number(new URL(app.url).port), chance);

  /** One after the other: two at the same time would each leave a server behind that the app still talks to. */
  let restarted = Promise.resolve();
  function restart(): Promise<void> {
    restarted = restarted.then(async () => {
      const before = backend;
      backend = await startBackend(kind);
      redisWire.target = backend.port;
      await before.stop();
    });
    return restarted;
  }

  async function breakWire(
    wire: FaultProxy,
    trouble: Extract<Trouble, { on: 'redis' | 'people' }>,
    lastsMs: number,
  ): Promise<void> {
    wire.begin(trouble.fault);
    await pause(lastsMs);
    wire.mend();
  }

  return {
    app,
    storage,
    origin: `http://127.0.0.1:${peopleWire.port}`,
    get server() {
      return backend.server;
    },
    aim: (port) => {
      peopleWire.target = port;
      // Connections that are kept for later still lead to the other server.
      peopleWire.begin('cut');
      peopleWire.mend();
    },
    seed: (seed) => {
      random = randomFrom(seed);
      return chance;
    },
    suffer: async (trouble, lastsMs, { destroy, screens }) => {
      switch (trouble.on) {
        case 'redis':
          return breakWire(redisWire, trouble, lastsMs);
        case 'people':
          return breakWire(peopleWire, trouble, lastsMs);
        case 'server':
          if (trouble.fault === 'restart') return restart();
          await backend.endSubscriptions();
          return;
        case 'publications':
          publications = trouble.fault;
          await pause(lastsMs);
          publications = null;
          return;
        case 'clock':
          setClockOff(trouble.fault === 'fast' ? CLOCK_OFF_MS : -CLOCK_OFF_MS);
          await pause(lastsMs);
          setClockOff(0);
          return;
        case 'room':
          await destroy();
          return;
        case 'page':
          for (const screen of screens) {
            screen.signal('offline');
            screen.signal('online');
          }
      }
    },
    mend: () => {
      setClockOff(0);
      publications = null;
      redisWire.mend();
      peopleWire.mend();
    },
    stop: async () => {
      await app.close();
      await storage.close();
      await redisWire.stop();
      await peopleWire.stop();
      await backend.stop();
    },
  };
}

const trueNow = Date.now.bind(Date);
function setClockOff(ms: number): void {
  // Every world reads the time from this one clock, and the last setting counts.
  const clock = vi.spyOn(Date, 'now');
  if (ms === 0) clock.mockRestore();
  else clock.mockImplementation(() => trueNow() + ms);
}
