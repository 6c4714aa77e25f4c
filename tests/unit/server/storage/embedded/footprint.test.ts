import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashToken } from '@/server/auth/tokens';
import { RoomHub } from '@/server/realtime/hub';
import type { ServerContext } from '@/server/services/context';
import { joinRoom } from '@/server/services/join-room';
import { type OpenedRoom, openRoom } from '@/server/services/open-room';
import { sendMessage } from '@/server/services/send-message';
import { textToBytes } from '@/server/storage/embedded/bytes';
import { Engine } from '@/server/storage/embedded/engine';
import { PubSub } from '@/server/storage/embedded/pub-sub';
import { clockedStorage } from '@tests/support/clocked-storage';
import { collectGarbage } from '@tests/support/collect-garbage';
import { embeddedRedis } from '@tests/support/embedded-redis';
import { commandSequence, KEYS, type Words } from '@tests/support/random-commands';
import { walkedFootprint } from '@tests/support/walked-footprint';

const memoryInUse = () => collectGarbage() + process.memoryUsage().arrayBuffers;
const MB = 1_048_576;

describe('the running count of what the engine holds', () => {
  const start = 1_800_000_000_000;
  const step = fc.record({ words: commandSequence, ms: fc.constantFrom(0, 1, 100, 5_000, 200_000) });

  /** Runs words in which `@2` stands for the third id that a stream gave by itself. */
  function runIn(engine: Engine, ids: string[], words: Words): void {
    const idOf = (_: string, bracket: string, index: string) => bracket + (ids[Number(index)] ?? '1-1');
    const given = words.map((word) => word.replace(/^(\(?)@(\d)$/, idOf));
    const reply = engine.execute(given.map(textToBytes));
    if (typeof reply === 'string' && /^\d{13}-\d+$/.test(reply)) ids.push(reply);
  }

  it(
    'equals a count made from scratch, whatever was added, overwritten, trimmed, expired or deleted before, and 0 when nothing is left',
    { timeout: 60_000 },
    () => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
          const clock = { ms: start, now: () => clock.ms };
          const engine = new Engine(clock, new PubSub((error) => expect(error).toBeUndefined()));
          const ids: string[] = [];
          for (const { words, ms } of steps) {
            for (const command of words) {
              runIn(engine, ids, command);
              // Read before the walk, which sweeps; nothing here has expired, as time stands still.
              const { footprint } = engine;
              expect(footprint, JSON.stringify(command)).toBe(walkedFootprint(engine.keyspace));
            }
            clock.ms += ms;
            engine.sweep(Infinity);
            expect(engine.footprint).toBe(walkedFootprint(engine.keyspace));
          }
          engine.execute(['DEL', ...KEYS.map(textToBytes)]);
          expect(engine.keyspace.sizeInMemory).toBe(0);
          expect(engine.footprint).toBe(0);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('is 0 after FLUSHALL, and starts from there', async () => {
    const { run, requester } = embeddedRedis();
    await run('HSET', 'hash', 'field', 'value');
    const once = requester.footprint;
    await run('XADD', 'stream', '*', 'field', 'value');
    await run('FLUSHALL');
    expect(requester.footprint).toBe(0);
    await run('HSET', 'hash', 'field', 'value');
    expect(requester.footprint).toBe(once);
  });

  it('holds what has expired until it is swept', async () => {
    const { run, requester, clock } = embeddedRedis();
    await run('SET', 'key', 'value', 'PX', 1_000);
    const held = requester.footprint;
    clock.ms += 1_001;
    expect(requester.footprint).toBe(held);
    requester.sweep();
    expect(requester.footprint).toBe(0);
  });
});

describe('the count beside the memory that the process takes', () => {
  type Fill = (context: ServerContext) => Promise<unknown>;

  const open = (context: ServerContext) => openRoom(context, { lifetimeMs: 600_000, maxMembers: 10 });
  const send = (context: ServerContext, { room, token }: OpenedRoom, text: string) =>
    sendMessage(context, {
      roomId: room.roomId,
      tokenHash: hashToken(token),
      sender: 'Ann',
      text,
      address: '192.0.2.1',
    });

  async function repeat(times: number, work: (index: number) => Promise<unknown>): Promise<void> {
    for (let index = 0; index < times; index += 1) await work(index);
  }

  const shapes: [string, Fill][] = [
    [
      'many small messages',
      async (context) => {
        const room = await open(context);
        await repeat(6_000, (index) => send(context, room, `Good morning ${index}`));
      },
    ],
    [
      'few large messages',
      async (context) => {
        const room = await open(context);
        await repeat(3_000, (index) => send(context, room, `${'é'.repeat(950)} ${index}`));
      },
    ],
    ['many rooms in which nobody says anything', (context) => repeat(1_000, () => open(context))],
    [
      'rooms with people in them',
      (context) =>
        repeat(300, async () => {
          const { room } = await open(context);
          await repeat(5, () => joinRoom(context, { roomId: room.roomId, tokenHash: '', address: 'here' }));
        }),
    ],
  ];

  it.each(shapes)(
    'is between half and one and a half times that for %s',
    { timeout: 120_000 },
    async (_shape, fill) => {
      const { storage, recorded, footprint } = clockedStorage();
      const hub = new RoomHub({ redis: storage.redis, rateLimits: false });
      const context: ServerContext = { storage, hub, rateLimits: false, files: null, lobby: null };
      // Scripts are compiled and the code that runs them is warm, so that neither is counted.
      const warm = await open(context);
      await joinRoom(context, { roomId: warm.room.roomId, tokenHash: '', address: 'here' });
      await repeat(100, (index) => send(context, warm, `${index}`));
      recorded.length = 0;
      const [memoryBefore, countBefore] = [memoryInUse(), footprint()];
      await fill(context);
      recorded.length = 0;
      const counted = footprint() - countBefore;
      const taken = memoryInUse() - memoryBefore;
      await hub.close();
      expect(counted).toBeGreaterThan(1.5 * MB);
      expect(taken / counted).toBeGreaterThan(0.5);
      expect(taken / counted).toBeLessThan(1.5);
    },
  );

  it('does not miss a body of which a few characters are stored', async () => {
    const { run, requester } = embeddedRedis();
    const bodies = 500;
    const cutOut = (index: number) => `${index} ${'x'.repeat(65_536)}`.slice(0, 40);
    const before = memoryInUse();
    for (let index = 0; index < bodies; index += 1) await run('HSET', 'hash', `${index}`, cutOut(index));
    const taken = memoryInUse() - before;
    expect(requester.footprint).toBeLessThan(bodies * 200);
    // All the bodies together are 32 MB.
    expect(taken).toBeLessThan((bodies * 65_536) / 10);
  });
});
