import { setTimeout as pause } from 'node:timers/promises';
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

/** The hub's waits, so much shorter that a schedule takes a second and not a minute. */
const TIMINGS: StreamTimings = {
  ping: 200,
  linger: 300,
  confirm: 500,
  retryFirst: 10,
  retryLongest: 100,
  publication: 40,
  stall: 1_000,
  heartbeat: 150,
  heartbeatRetry: 50,
  lease: 2_000,
  away: 300,
  gather: 50,
};
const CLOCK_OFF_MS = 30_000;

/** A Redis, an app and people, with a wire to break between each. */
export interface FaultWorld {
  readonly app: TestApp;
  readonly storage: Storage;
  /** Where people reach the app, through the wire with faults. */
  readonly origin: string;
  readonly server: RedisServer;
  /** Puts another server than the app at the end of the people's wire. */
  aim(port: number): void;
  /** Of all chances in this world; a schedule begins its own. */
  seed(seed: number): () => number;
  /** Makes trouble and, when its time is over, ends it. What concerns rooms and pages is done through `hands`. */
  suffer(trouble: Trouble, lastsMs: number, hands: { destroy: () => Promise<unknown>; screens: readonly MemberScreen[] }): Promise<void>;
  /** Everything works again. */
  mend(): void;
  stop(): Promise<void>;
}

/** Scripts are known by the hash of their text: what a run of it sends tells which. */
async function hashOfRangeScript(): Promise<string> {
  const embedded = createEmbeddedRequester();
  const recording = recordRequests(embedded);
  const { redis } = storageOver('embedded', { requester: recording, close: () => Promise.resolve() });
  await readEvents(redis, UNKNOWN_ROOM, CURSOR_START).catch(() => undefined);
  embedded.close();
  return recording.recorded[0]?.args[0] ?? '';
}

export async function startFaultWorld(): Promise<FaultWorld> {
  let random = randomFrom(1);
  const chance = () => random();
  let server = await startRedisServer();
  const redisWire = await startFaultProxy(server.port, chance, await hashOfRangeScript());
  const storage = await openStorage({ kind: 'redis', url: `redis://127.0.0.1:${redisWire.port}` });
  const app = await startApp(storage, { timings: TIMINGS });
  const peopleWire = await startFaultProxy(Number(new URL(app.url).port), chance);

  async function restart(): Promise<void> {
    const before = server;
    server = await startRedisServer();
    redisWire.target = server.port;
    await before.stop();
  }

  async function breakWire(wire: FaultProxy, trouble: Extract<Trouble, { on: 'redis' | 'people' }>, lastsMs: number): Promise<void> {
    wire.begin(trouble.fault);
    await pause(lastsMs);
    wire.mend();
  }

  return {
    app,
    storage,
    origin: `http://127.0.0.1:${peopleWire.port}`,
    get server() {
      return server;
    },
    aim: (port) => {
      peopleWire.target = port;
      // Connections that are kept for later lead to the other server still.
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
          await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub').catch(() => undefined);
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
      redisWire.mend();
      peopleWire.mend();
    },
    stop: async () => {
      await app.close();
      await storage.close();
      await redisWire.stop();
      await peopleWire.stop();
      await server.stop();
    },
  };
}

const trueNow = Date.now.bind(Date);
function setClockOff(ms: number): void {
  // Every world tells the time by this one clock; whoever set it last is right.
  const clock = vi.spyOn(Date, 'now');
  if (ms === 0) clock.mockRestore();
  else clock.mockImplementation(() => trueNow() + ms);
}
