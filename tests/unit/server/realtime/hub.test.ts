import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STREAMS_PER_ADDRESS, STREAMS_PER_MEMBER } from '@/domain/limits';
import type { Cursor } from '@/domain/message';
import { hashToken } from '@/server/auth/tokens';
import { type HubOptions, RoomHub } from '@/server/realtime/hub';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { listenToRoom } from '@/server/services/listen-to-room';
import { memorySink } from '@tests/support/memory-sink';
import { type InMemorySeat, type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const LIFETIME_MS = 600_000;
/** For what is about one stream until the end of its room. */
const UNRENEWED = { timings: { renewal: 2 * LIFETIME_MS } };
const REFUSED = { reason: 'rate_limited', retryAfterSeconds: expect.any(Number) as number };

describe('the streams of a process', () => {
  let room: RoomInMemory;
  let hubs: RoomHub[];
  /** The storage's own. */
  let timers: number;
  beforeEach(async () => {
    vi.useFakeTimers();
    hubs = [];
    room = await roomInMemory(LIFETIME_MS);
    // The hash of the script is made outside of virtual time.
    await listenToRoom({ ...room.context, storage: room.storage }, requestOf(room.owner)).then((closed) => closed());
    await room.context.hub.close();
    room.recorded.length = 0;
    timers = vi.getTimerCount();
  });
  afterEach(async () => {
    for (const hub of hubs) await hub.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const requestOf = (
    { token }: InMemorySeat,
    lastAck: Cursor | null = null,
    address = '192.0.2.1',
    sink = memorySink(),
  ) => ({
    roomId: room.roomId,
    tokenHash: hashToken(token),
    lastAck,
    address,
    openSink: () => sink,
  });

  function open(options: Partial<HubOptions> = {}) {
    const hub = new RoomHub({ redis: room.storage.redis, rateLimits: false, ...options });
    hubs.push(hub);
    async function listen(seat: InMemorySeat = room.owner, address?: string) {
      const sink = memorySink();
      const closed = await listenToRoom(
        { storage: room.storage, hub, rateLimits: false, files: null, lobby: null },
        requestOf(seat, null, address, sink),
      );
      await room.pass(0);
      return { sink, closed };
    }
    return { hub, listen };
  }

  it('end with the room at the moment of its expiry, and say so', async () => {
    const { listen } = open(UNRENEWED);
    const { sink } = await listen();
    await room.pass(LIFETIME_MS - 1_000);
    expect(sink.state).toBe('open');
    await room.pass(1_000);
    expect([sink.state, sink.words.at(-1)]).toMatchObject([
      'ended',
      { event: 'chat.destroy', data: { reason: 'expired' } },
    ]);
    expect(room.faulty.subscriptions).toBe(0);
  });

  it.each([
    ['destroyed', LIFETIME_MS / 2],
    ['expired', LIFETIME_MS - 1_500],
  ])('report a room that is gone without an event as %s, %i ms after it was made', async (reason, atMs) => {
    const { listen } = open(UNRENEWED);
    const { sink } = await listen();
    await room.pass(atMs);
    await room.command('DEL', `room:{${room.roomId}}`);
    room.faulty.hear(`subscribe,${room.roomId},1`);
    await room.pass(0);
    expect(sink.words.at(-1)).toMatchObject({ event: 'chat.destroy', data: { reason } });
  });

  it('say every twenty seconds that they are alive, with the same bytes for all', async () => {
    const { listen } = open();
    const [one, other] = [await listen(), await listen()];
    const writes = [vi.spyOn(one.sink, 'write'), vi.spyOn(other.sink, 'write')];
    await room.pass(60_000);
    expect(one.sink.words.filter(({ type }) => type === 'ping')).toHaveLength(3);
    const bytes = writes.map((write) =>
      write.mock.calls.map(([said]) => said).filter((said) => String(said).includes('ping')),
    );
    expect(bytes[0]).toHaveLength(3);
    bytes[0]?.forEach((said, index) => expect(bytes[1]?.[index]).toBe(said));
  });

  it('share one subscription, which outlives the last of them by a moment', async () => {
    const { listen } = open();
    const streams = [await listen(), await listen(), await listen()];
    expect([room.faulty.subscriptions, room.faulty.subscribed]).toEqual([1, 1]);
    for (const { closed } of streams) closed();
    await room.pass(STREAM_TIMINGS.linger - 100);
    const { closed } = await listen();
    closed();
    await room.pass(STREAM_TIMINGS.linger - 100);
    expect([room.faulty.subscriptions, room.faulty.subscribed]).toEqual([1, 1]);
    await room.pass(100);
    expect(room.faulty.subscriptions).toBe(0);
  });

  it('leave nothing behind when the last member has been away long enough', async () => {
    const { listen } = open();
    const { closed } = await listen();
    closed();
    closed();
    await room.pass(STREAM_TIMINGS.away + STREAM_TIMINGS.gather);
    const before = room.recorded.length;
    await room.pass(300_000);
    expect(room.recorded).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(timers);
  });

  it('end themselves after three to four minutes, each at its own moment', async () => {
    const { listen } = open();
    vi.spyOn(Math, 'random').mockReturnValueOnce(0).mockReturnValueOnce(0.999);
    const [first, last] = [await listen(), await listen()];
    await room.pass(179_000);
    expect([first.sink.state, last.sink.state]).toEqual(['open', 'open']);
    await room.pass(1_000);
    expect([first.sink.state, last.sink.state]).toEqual(['ended', 'open']);
    expect(first.sink.words.at(-1)).toMatchObject({ type: 'reconnect' });
    await room.pass(60_000);
    expect(last.sink.state).toBe('ended');
  });

  it('ask their clients to come back when the process stops, and no other begins', async () => {
    const { hub, listen } = open();
    const streams = [await listen(), await listen()];
    await hub.close();
    for (const { sink } of streams)
      expect([sink.state, sink.words.at(-1)]).toMatchObject(['ended', { type: 'reconnect' }]);
    const before = room.recorded.length;
    await expect(listen()).rejects.toMatchObject({ reason: 'storage_unavailable' });
    expect(room.recorded).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(timers);
  });

  it('are limited for a member, and one more may begin when one has ended', async () => {
    const { listen } = open({ rateLimits: true });
    const streams = [];
    for (let count = 0; count < STREAMS_PER_MEMBER; count += 1) streams.push(await listen());
    await expect(listen()).rejects.toMatchObject(REFUSED);
    streams[0]?.closed();
    await listen();
    await expect(listen()).rejects.toMatchObject(REFUSED);
  });

  it('are limited for an address, whoever listens there, and no other address is affected', async () => {
    const { listen } = open({ rateLimits: true });
    const streams = [];
    while (streams.length < STREAMS_PER_ADDRESS) {
      const guest = await room.join();
      for (let count = 0; count < STREAMS_PER_MEMBER; count += 1) streams.push(await listen(guest));
    }
    expect(streams).toHaveLength(STREAMS_PER_ADDRESS);
    await expect(listen()).rejects.toMatchObject(REFUSED);
    await listen(room.owner, '192.0.2.2');
    streams[0]?.closed();
    await listen();
  }, 30_000);
});
