import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import * as z from 'zod/mini';
import { readEnv } from '@/server/env';
import { openStorage, storageOver, type Storage } from '@/server/storage/client';
import { type AfterRoundTrip, recordRequests, type RecordedCommand } from './recording-requester';
import { type RedisServer, startRedisServer } from './redis-server';
import { startUpstashBridge, type UpstashBridge } from './upstash-bridge';

export interface TestStorage {
  readonly storage: Storage;
  /** Every command that went through `storage`, in order. It is emptied before each test. */
  readonly recorded: RecordedCommand[];
  /** Runs a command past the recording and the bridge, to look at the stored data. */
  command: (name: string, ...args: (string | number)[]) => Promise<unknown>;
  /** Runs `hook` after each round trip, before its answer is given. Null removes it, and so does the next test. */
  afterEveryCommand: (hook: AfterRoundTrip | null) => void;
  /** Breaks every active subscription, from Redis's side. The embedded storage has nothing in between to break. */
  breakSubscriptions(): Promise<void>;
  /** Empties Redis and the record. */
  flush(): Promise<void>;
  /** The real server behind it; null for the embedded storage. */
  readonly server: RedisServer | null;
  /** The HTTP side, with its faults to set; null for the others. */
  readonly bridge: UpstashBridge | null;
}

interface OpenedForTest extends TestStorage {
  close(): Promise<void>;
}

const storageKindSchema = z.enum(['embedded', 'redis', 'upstash']);

/**
 * `MAYFLY_TEST_STORAGES` chooses some of the three, separated by commas. With `embedded` alone, no redis-server is
 * needed.
 */
function chosenKinds(chosen: string | undefined): readonly Storage['kind'][] {
  return chosen ? z.array(storageKindSchema).parse(chosen.split(',')) : storageKindSchema.options;
}

export const STORAGE_KINDS = chosenKinds(process.env.MAYFLY_TEST_STORAGES);

async function openUnderTest(kind: Storage['kind']): Promise<OpenedForTest> {
  const server = kind === 'embedded' ? null : await startRedisServer();
  const bridge = kind === 'upstash' && server ? await startUpstashBridge(server.url) : null;
  const inner = bridge
    ? await openStorage({ kind: 'upstash', url: bridge.url, token: bridge.token })
    : await openStorage(server ? { kind: 'redis', url: server.url } : readEnv({}).storage);
  const recording = recordRequests(inner.requester);
  const { recorded } = recording;

  async function command(name: string, ...args: (string | number)[]): Promise<unknown> {
    if (server) return server.command(name, ...args.map(String));
    const { result, error } = await inner.requester.request({ body: [name, ...args] });
    if (error !== undefined) throw new Error(error);
    return result;
  }

  return {
    storage: storageOver(kind, { requester: recording, isFull: inner.isFull, close: inner.close }),
    recorded,
    command,
    afterEveryCommand: (hook) => recording.afterEveryCommand(hook),
    breakSubscriptions: async () => {
      if (bridge) bridge.endStreams();
      else if (server) await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    },
    flush: async () => {
      await command('FLUSHALL');
      recorded.length = 0;
    },
    server,
    bridge,
    close: async () => {
      await inner.close();
      await bridge?.stop();
      await server?.stop();
    },
  };
}

/**
 * Runs the same suite on the embedded storage, on a redis-server over TCP and on Upstash's REST interface in front of
 * one. Each has servers of its own, started once for the suite; every test begins with an empty Redis and an empty
 * record. `suite` receives a function to call inside the tests.
 */
export function describeOnEveryStorage(title: string, suite: (current: () => TestStorage) => void): void {
  describe.each(STORAGE_KINDS)(`${title} (%s)`, (kind) => {
    let opened: OpenedForTest | undefined;
    const current = (): TestStorage => {
      if (opened === undefined) throw new Error('The storage is open inside tests only');
      return opened;
    };
    beforeAll(async () => {
      opened = await openUnderTest(kind);
    });
    beforeEach(async () => {
      opened?.afterEveryCommand(null);
      await opened?.flush();
    });
    afterAll(async () => {
      await opened?.close();
    });
    suite(current);
  });
}
