import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { RoomError } from '@/domain/errors';
import { SEEN_MEMBERS_MAX } from '@/domain/limits';
import { type Cursor, CURSOR_START } from '@/domain/message';
import type { Signal } from '@/domain/requests';
import { hashToken, newRoomId } from '@/server/auth/tokens';
import { RoomHub } from '@/server/realtime/hub';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import type { ServerContext } from '@/server/services/context';
import { destroyRoom } from '@/server/services/destroy-room';
import { listenToRoom } from '@/server/services/listen-to-room';
import { sendSignal } from '@/server/services/send-signal';
import { publishSignals } from '@/server/storage/signals';
import { memorySink } from '@tests/support/memory-sink';
import { type InMemorySeat, type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const { gather: GATHER } = STREAM_TIMINGS;
const LIFETIME_MS = 3_600_000;

const signalsSchema = z.object({
  event: z.literal('member.signals'),
  data: z.strictObject({
    typing: z.optional(z.array(z.string())),
    seen: z.optional(z.record(z.string(), z.string())),
  }),
});

describe('the signals of a room in one process', () => {
  let room: RoomInMemory;
  let context: ServerContext;
  let seats: InMemorySeat[];
  let sink: ReturnType<typeof memorySink>;
  beforeEach(async () => {
    vi.useFakeTimers();
    room = await roomInMemory(LIFETIME_MS, SEEN_MEMBERS_MAX);
    seats = [room.owner];
    while (seats.length < SEEN_MEMBERS_MAX) seats.push(await room.join());
    const { redis } = room.storage;
    context = {
      storage: room.storage,
      hub: new RoomHub({ redis, rateLimits: false }),
      rateLimits: false,
      files: null,
      lobby: null,
    };
    // The hash of a script is computed outside of virtual time, before its first run.
    await signal(0, { typing: false });
    await publishSignals(redis, room.roomId, {});
    sink = memorySink();
    await listenToRoom(context, {
      roomId: room.roomId,
      tokenHash: hashToken(room.owner.token),
      lastAck: null,
      address: '192.0.2.1',
      openSink: () => sink,
    });
    await room.pass(0);
    room.recorded.length = 0;
  });
  afterEach(async () => {
    await context.hub.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const signal = (seat: number, said: Signal) =>
    sendSignal(context, { roomId: room.roomId, tokenHash: hashToken(seats[seat]?.token ?? ''), ...said });
  const idOf = (seat: number) => seats[seat]?.memberId ?? '';
  const published = () =>
    sink.words.flatMap((word) => {
      const parsed = signalsSchema.safeParse(word);
      return parsed.success ? [parsed.data.data] : [];
    });

  it('cost at most one publication a second where twenty people all write and read on, for a minute', async () => {
    const heard = new Set<string>();
    for (let second = 0; second < 60; second += 1) {
      const cursor = await room.say('hello');
      for (let seat = 0; seat < seats.length; seat += 1) {
        await signal(seat, { typing: true, seen: cursor });
        if (seat % 5 === 4) await room.pass(GATHER / 4);
      }
    }
    await room.pass(2 * GATHER);
    for (const { typing = [] } of published()) for (const memberId of typing) heard.add(memberId);
    expect(heard.size).toBe(SEEN_MEMBERS_MAX);
    expect(published().length).toBeGreaterThan(50);
    // One at the beginning, and one after each second.
    expect(published().length).toBeLessThanOrEqual(62);
  });

  it('the first is published at once, in the one command that checks it', async () => {
    await signal(3, { typing: true });
    await room.pass(0);
    expect(published()).toEqual([{ typing: [idOf(3)] }]);
    expect(room.recorded).toHaveLength(1);
  });

  it('those within the next second are one publication, each with the last that its member said', async () => {
    const first = await room.say('one');
    const second = await room.say('two');
    await signal(0, { typing: true });
    await signal(1, { typing: true, seen: first });
    await signal(2, { typing: true });
    await signal(1, { seen: second });
    await signal(2, { typing: false });
    await room.pass(GATHER - 1);
    expect(published()).toHaveLength(1);
    await room.pass(1);
    expect(published()).toEqual([{ typing: [idOf(0)] }, { typing: [idOf(1)], seen: { [idOf(1)]: second } }]);
  });

  it('of two at the same moment the second waits for its second', async () => {
    await Promise.all([signal(0, { typing: true }), signal(1, { typing: true })]);
    await room.pass(0);
    expect(published()).toHaveLength(1);
    await room.pass(GATHER);
    expect(published()).toEqual([{ typing: [idOf(0)] }, { typing: [idOf(1)] }]);
  });

  it('one that is refused, or says nothing new, holds up no other', async () => {
    const refused = expect(
      sendSignal(context, { roomId: room.roomId, tokenHash: 'nobody', typing: true }),
    ).rejects.toEqual(new RoomError('not_a_member'));
    await Promise.all([refused, signal(1, { typing: true })]);
    await room.pass(0);
    expect(published()).toEqual([{ typing: [idOf(1)] }]);
    await room.pass(GATHER);
    await Promise.all([signal(0, { seen: CURSOR_START }), signal(2, { typing: true })]);
    await room.pass(0);
    expect(published()).toEqual([{ typing: [idOf(1)] }, { typing: [idOf(2)] }]);
  });

  it('what could not be published is not repeated, and the next ones are published', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await signal(0, { typing: true });
    await signal(1, { typing: true });
    room.faulty.failCommands = 1;
    await room.pass(GATHER);
    expect(log.mock.calls.join()).toContain('signals.publish_failed');
    await signal(2, { typing: true });
    await room.pass(2 * GATHER);
    expect(published()).toEqual([{ typing: [idOf(0)] }, { typing: [idOf(2)] }]);
  });

  it('cost nothing where nobody signals: neither a command nor a timer is left', async () => {
    const timers = vi.getTimerCount();
    const cursor: Cursor = await room.say('one');
    await signal(0, { typing: true, seen: cursor });
    await signal(1, { typing: true, seen: cursor });
    await room.pass(3 * GATHER);
    expect(vi.getTimerCount()).toBe(timers);
    room.recorded.length = 0;
    await room.pass(5 * GATHER);
    expect(room.recorded).toEqual([]);
  });

  it('a room that is gone is forgotten, and nothing is logged', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const timers = vi.getTimerCount();
    await expect(sendSignal(context, { roomId: newRoomId(), tokenHash: 'nobody', typing: true })).rejects.toEqual(
      new RoomError('room_not_found'),
    );
    expect(vi.getTimerCount()).toBe(timers);
    await signal(0, { typing: true });
    await signal(1, { typing: true });
    await destroyRoom(context, { roomId: room.roomId, tokenHash: hashToken(room.owner.token) });
    await room.pass(3 * GATHER);
    expect(published()).toEqual([{ typing: [idOf(0)] }]);
    expect(log.mock.calls).toEqual([]);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(timers);
    room.recorded.length = 0;
    await room.pass(3 * GATHER);
    expect(room.recorded).toEqual([]);
  });

  it('a closed process publishes nothing more', async () => {
    await signal(0, { typing: true });
    await signal(1, { typing: true });
    await context.hub.close();
    room.recorded.length = 0;
    await room.pass(2 * GATHER);
    expect(room.recorded.filter(({ args }) => JSON.stringify(args).includes('typing'))).toEqual([]);
  });
});
