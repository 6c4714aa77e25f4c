import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compareCursors, cursorSchema, messageWithCursorSchema, type MessageWithCursor } from '@/domain/message';
import { newMessageId, newRoomId } from '@/server/auth/tokens';
import { run, type Schedule, schedules } from '@tests/support/fault-schedule';
import { type FaultWorld, type FaultWorldKind, startFaultWorld } from '@tests/support/fault-world';
import { type MemberScreen, openScreen } from '@tests/support/member-screen';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { countingUnhandled, openStockScreen, startStockServer } from '@tests/support/stock-room';

/** Schedules run side by side, each with a Redis and an app of its own. Some reach Redis as Upstash is reached. */
const WORLDS: readonly FaultWorldKind[] = [
  'redis',
  'redis',
  'redis',
  'redis',
  'redis',
  'upstash',
  'upstash',
  'upstash',
];
const SCHEDULES_PER_WORLD = 25;
const SENDERS_AT_ONCE = 16;
const SETTLED_MS = 20_000;
const STOCK_SCHEDULES = 16;
/** An event that has not arrived by then will not arrive: the library's next chance is after five minutes. */
const STOCK_SETTLED_MS = 2_000;
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);

/** Sends until the message is accepted, as the browser's outbox does, or until the room is gone. */
async function sendUntilTold(origin: string, { roomId, token }: Seat): Promise<MessageWithCursor | null> {
  const body = JSON.stringify({ id: newMessageId(), sender: 'x', text: 'said' });
  for (;;) {
    try {
      const response = await fetch(`${origin}/api/messages?roomId=${roomId}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
      if (response.ok) return messageWithCursorSchema.parse(await response.json());
      await response.body?.cancel();
      if (response.status < 500) return null;
    } catch {
      // Cut off. Only sending again shows whether it was accepted.
    }
    await pause(10);
  }
}

async function seatsOf({ app }: FaultWorld, listeners: number, burst: boolean): Promise<[Seat, ...Seat[]]> {
  const api = roomsApi(app);
  // A wire that has just been mended may still refuse the first.
  const owner = await vi.waitFor(() => api.open({ maxMembers: 30 }), { timeout: 10_000, interval: 20 });
  const others = listeners - 1 + (burst ? SENDERS_AT_ONCE : 0);
  return [owner, ...(await Promise.all(Array.from({ length: others }, () => api.join(owner.roomId))))];
}

/** The stream as Redis itself has it; null when the room is gone. */
async function storedIds({ server }: FaultWorld, { roomId }: Seat): Promise<string[] | null> {
  const entries = z
    .array(z.tuple([cursorSchema, z.array(z.string())]))
    .parse(await server.command('XRANGE', roomId, '-', '+'));
  if ((await server.command('EXISTS', `room:{${roomId}}`)) === 0) return null;
  return entries.flatMap(([, [, data = '', , event]]) =>
    event === 'chat.message' ? [z.object({ id: z.string() }).parse(JSON.parse(data)).id] : [],
  );
}

/** The observations of all schedules, printed at the end. */
const seen = { schedules: 0, messages: 0, screens: 0, roomsGone: 0 };

async function live(world: FaultWorld, schedule: Schedule): Promise<void> {
  const random = world.seed(schedule.seed);
  const burst = schedule.burstAtMs !== null;
  const seats = await seatsOf(world, schedule.listeners, burst);
  const [owner] = seats;
  const listeners = seats.slice(0, schedule.listeners);
  const screens = listeners.map((seat) => openScreen(world.origin, seat, random));
  const accepted: MessageWithCursor[] = [];
  const send = async (seat: Seat) => {
    const message = await sendUntilTold(world.origin, seat);
    if (message !== null) accepted.push(message);
  };
  const hands = { destroy: () => owner.destroy(), screens };
  await run([
    ...schedule.troubles.map(({ atMs, lastsMs, ...trouble }) => ({
      atMs,
      work: () => world.suffer(trouble, lastsMs, hands),
    })),
    ...schedule.sendsAtMs.map((atMs, index) => ({
      atMs,
      work: () => send(listeners[index % listeners.length] ?? owner),
    })),
    ...(burst
      ? seats.slice(schedule.listeners).map((seat) => ({ atMs: schedule.burstAtMs ?? 0, work: () => send(seat) }))
      : []),
  ]);
  world.mend();
  try {
    await expectTruth(world, owner, screens, accepted);
    for (const { heard, shown } of screens) {
      expect(new Set(heard).size).toBe(heard.length);
      // Only publications that arrive in another order than the stored one are heard so; on the screen the order is
      // always the stream's.
      if (schedule.troubles.every(({ fault }) => fault !== 'reordered')) expect(heard).toEqual(shown);
    }
    seen.schedules += 1;
    seen.messages += accepted.length;
    seen.screens += screens.length;
  } finally {
    for (const screen of screens) screen.close();
  }
}

/** The same for the library on its own server. A message that is still missing after a while counts as lost. */
async function liveOnStock(world: FaultWorld, schedule: Schedule) {
  world.seed(schedule.seed);
  const server = await startStockServer(world.storage);
  world.aim(server.port);
  const roomId = newRoomId();
  const screens = Array.from({ length: schedule.listeners }, () => openStockScreen(world.origin, roomId));
  const accepted: string[] = [];
  const send = async () => {
    const id = newMessageId();
    const ask = () =>
      fetch(`${world.origin}/?roomId=${roomId}&id=${id}`, { method: 'POST' }).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await ask())) await pause(10);
    accepted.push(id);
  };
  const burst =
    schedule.burstAtMs === null ? [] : Array.from({ length: SENDERS_AT_ONCE }, () => schedule.burstAtMs ?? 0);
  await run([
    ...schedule.troubles.map(({ atMs, lastsMs, ...trouble }) => ({
      atMs,
      work: () => world.suffer(trouble, lastsMs, { destroy: pause, screens: [] }),
    })),
    ...[...schedule.sendsAtMs, ...burst].map((atMs) => ({ atMs, work: send })),
  ]);
  world.mend();
  const missing = () => screens.flatMap(({ shown }) => accepted.filter((id) => !shown.some((one) => one.id === id)));
  await vi
    .waitFor(() => expect(missing()).toEqual([]), { timeout: STOCK_SETTLED_MS, interval: 20 })
    .catch(() => undefined);
  const found = {
    accepted: accepted.length * screens.length,
    lost: missing().length,
    repeated: sum(screens.map(({ shown }) => shown.length - new Set(shown.map(({ id }) => id)).size)),
    outOfOrder: sum(
      screens.map(
        ({ shown }) => shown.filter(({ cursor }, index) => isBefore(cursor, shown[index - 1]?.cursor)).length,
      ),
    ),
  };
  for (const screen of screens) screen.close();
  await server.stop();
  return found;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const isBefore = (cursor: string, other: string | undefined) =>
  other !== undefined && compareCursors(cursorSchema.parse(cursor), cursorSchema.parse(other)) < 0;

async function expectTruth(
  world: FaultWorld,
  owner: Seat,
  screens: MemberScreen[],
  accepted: MessageWithCursor[],
): Promise<void> {
  const inOrder = accepted
    .toSorted((left, right) => compareCursors(left.cursor, right.cursor))
    .map(({ id }): string => id);
  const stored = await vi.waitFor(() => storedIds(world, owner), { timeout: SETTLED_MS, interval: 20 });
  if (stored === null) {
    seen.roomsGone += 1;
    // The room is gone. Everybody has heard of it, and the screens show messages of the stream only, once and in order.
    await vi.waitFor(() => expect(screens.map(({ end }) => end === null)).not.toContain(true), {
      timeout: SETTLED_MS,
      interval: 20,
    });
    for (const { shown } of screens) {
      const known = new Set(shown);
      expect(shown.filter((id) => inOrder.includes(id))).toEqual(inOrder.filter((id) => known.has(id)));
    }
    return;
  }
  expect(stored).toEqual(inOrder);
  await vi.waitFor(
    () => {
      for (const { shown } of screens) expect(shown).toEqual(inOrder);
    },
    { timeout: SETTLED_MS, interval: 20 },
  );
  expect(screens.map(({ end }) => end)).toEqual(screens.map(() => null));
}

describe(`whatever goes wrong between Redis, app and people (seed ${seed})`, () => {
  let worlds: FaultWorld[];
  beforeAll(async () => {
    worlds = await Promise.all(WORLDS.map(startFaultWorld));
  });
  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.stop()));
  });

  it(`shows every accepted message on every member’s screen, exactly once and in order, in ${WORLDS.length * SCHEDULES_PER_WORLD} schedules`, async () => {
    const logged = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const inWorld = (world: FaultWorld, index: number) =>
      fc.assert(
        fc.asyncProperty(schedules, (schedule) => live(world, schedule)),
        { numRuns: SCHEDULES_PER_WORLD, seed: seed + index, endOnFailure: true },
      );
    await Promise.all(worlds.map(inWorld)).finally(() => logged.mockRestore());
    console.log(
      `${seen.schedules} schedules of faults, seed ${seed}: ${seen.messages} messages accepted on ${seen.screens} screens, ` +
        `0 lost, 0 repeated, 0 out of order; ${seen.roomsGone} rooms ended on the way and said so`,
    );
  }, 300_000);

  it('would not have been shown so by the stock handler and client, whose losses are printed beside', async () => {
    const some = fc
      .sample(schedules, { seed, numRuns: 60 })
      .filter(({ troubles }) =>
        troubles.every(({ on }) => on === 'redis' || on === 'people' || on === 'server' || on === 'publications'),
      )
      .filter(({ troubles }) => troubles.every(({ fault }) => fault !== 'restart'))
      .slice(0, STOCK_SCHEDULES);
    const total = { accepted: 0, lost: 0, repeated: 0, outOfOrder: 0 };
    const unhandled = await countingUnhandled(() =>
      Promise.all(
        worlds.map(async (world, index) => {
          for (const schedule of some.filter((_, turn) => turn % WORLDS.length === index)) {
            const found = await liveOnStock(world, schedule);
            for (const key of ['accepted', 'lost', 'repeated', 'outOfOrder'] as const) total[key] += found[key];
          }
        }),
      ),
    );
    console.log(
      `the stock handler and client in ${some.length} of them: ${total.accepted} accepted, ${total.lost} lost, ${total.repeated} repeated, ` +
        `${total.outOfOrder} out of order, ${unhandled} unhandled rejections`,
    );
    expect(total.accepted).toBeGreaterThan(0);
  }, 120_000);
});
