import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemberId } from '@/domain/room';
import { hashToken } from '@/server/auth/tokens';
import { HereList } from '@/server/realtime/here-list';
import { RoomHub } from '@/server/realtime/hub';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { listenToRoom } from '@/server/services/listen-to-room';
import { readRoom } from '@/server/services/read-room';
import { foldHere } from '@tests/support/here-fold';
import { memorySink } from '@tests/support/memory-sink';
import { type InMemorySeat, type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const { away: AWAY, gather: GATHER, heartbeat: HEARTBEAT } = STREAM_TIMINGS;

describe('who is here where many are', () => {
  let room: RoomInMemory;
  let hubs: RoomHub[];
  beforeEach(async () => {
    vi.useFakeTimers();
    hubs = [];
    room = await roomInMemory(3_600_000);
    await listenToRoom({ ...room.context, storage: room.storage }, requestOf(room.owner)).then((closed) => closed());
    await room.context.hub.close();
    await room.pass(AWAY + HEARTBEAT);
  });
  afterEach(async () => {
    for (const hub of hubs) await hub.close();
    vi.useRealTimers();
  });

  const requestOf = ({ token }: InMemorySeat, sink = memorySink()) => ({
    roomId: room.roomId,
    tokenHash: hashToken(token),
    lastAck: null,
    address: '192.0.2.1',
    openSink: () => sink,
  });

  function openHub() {
    const hub = new RoomHub({ redis: room.storage.redis, rateLimits: false, timings: { renewal: 7_200_000 } });
    hubs.push(hub);
    return async (seat: InMemorySeat) => {
      const sink = memorySink();
      const heard = countPresence(sink);
      const closed = await listenToRoom(
        { storage: room.storage, hub, rateLimits: false, files: null, lobby: null },
        requestOf(seat, sink),
      );
      return { ...seat, sink, heard, closed };
    };
  }
  const EMPTY_WORD_BYTES = 100;
  type Streaming = Awaited<ReturnType<ReturnType<typeof openHub>>>;

  /** The size of the events about who is here, and their size if each were the whole list. */
  function countPresence(sink: ReturnType<typeof memorySink>) {
    const counted = { bytes: 0, asWholeLists: 0 };
    const here = new Set<string>();
    const write = sink.write.bind(sink);
    vi.spyOn(sink, 'write').mockImplementation((bytes) => {
      write(bytes);
      const { event, data } = sink.words.at(-1) ?? {};
      if (event !== 'presence.changed' && event !== 'presence.moved') return;
      const word = data as { here?: string[]; came?: string[]; went?: string[] };
      if (word.here) here.clear();
      for (const id of [...(word.here ?? []), ...(word.came ?? [])]) here.add(id);
      for (const id of word.went ?? []) here.delete(id);
      counted.bytes += bytes.byteLength;
      counted.asWholeLists += EMPTY_WORD_BYTES + 19 * here.size;
    });
    return counted;
  }
  const guests = (count: number) => Promise.all(Array.from({ length: count }, () => room.join()));
  const idsOf = (seats: readonly InMemorySeat[]) => seats.map(({ memberId }): string => memberId).sort();
  const presenceWords = ({ sink }: Streaming) =>
    sink.words.filter(({ event }) => String(event).startsWith('presence.'));
  const sum = (streams: readonly Streaming[], of: (stream: Streaming) => number) =>
    streams.reduce((total, stream) => total + of(stream), 0);
  const expectTruth = (streams: readonly Streaming[], present: readonly InMemorySeat[]) => {
    for (const stream of streams) expect(foldHere(stream.sink.words)).toEqual(idsOf(present));
  };

  it('is published as a whole list up to fifty, above that as arrivals and departures, and whole again from fifty down; a stream begins with the whole list', async () => {
    const listen = openHub();
    const seats = [room.owner, ...(await guests(51))];
    const streams: Streaming[] = [];
    for (const seat of seats.slice(0, 50)) streams.push(await listen(seat));
    await room.pass(2 * GATHER);
    const [first] = streams as [Streaming];
    expect(presenceWords(first).at(-1)).toMatchObject({
      event: 'presence.changed',
      data: { here: idsOf(seats.slice(0, 50)) },
    });
    for (const seat of seats.slice(50)) {
      const stream = await listen(seat);
      streams.push(stream);
      await room.pass(2 * GATHER);
      expect(presenceWords(first).at(-1)).toMatchObject({ event: 'presence.moved', data: { came: [seat.memberId] } });
      expect(presenceWords(stream)[0]).toMatchObject({ event: 'presence.changed' });
    }
    expectTruth(streams, seats);
    streams[51]?.closed();
    await room.pass(AWAY + 2 * GATHER);
    expect(presenceWords(first).at(-1)).toEqual(
      expect.objectContaining({ event: 'presence.moved', data: { went: [seats[51]?.memberId] } }),
    );
    streams[50]?.closed();
    await room.pass(AWAY + 2 * GATHER);
    expect(presenceWords(first).at(-1)).toMatchObject({
      event: 'presence.changed',
      data: { here: idsOf(seats.slice(0, 50)) },
    });
    expectTruth(streams.slice(0, 50), seats.slice(0, 50));
  });

  it('costs a sixth of the bytes where a hundred and twenty arrive one by one, and is exact at the end', async () => {
    const listen = openHub();
    const seats = await guests(120);
    const streams: Streaming[] = [];
    for (const seat of seats) {
      streams.push(await listen(seat));
      await room.pass(GATHER);
    }
    await room.pass(2 * GATHER);
    expectTruth(streams, seats);
    expect(sum(streams, ({ heard }) => heard.asWholeLists) / sum(streams, ({ heard }) => heard.bytes)).toBeGreaterThan(
      6,
    );
    expect((await readRoom(room.context, { roomId: room.roomId, tokenHash: '' })).room.here).toBe(120);
  }, 60_000);

  it('is published to everybody once for each member when two hundred arrive within two seconds', async () => {
    const listen = openHub();
    const seats = await guests(200);
    const streams: Streaming[] = [];
    for (const seat of seats) {
      streams.push(await listen(seat));
      await room.pass(10);
    }
    await room.pass(3 * GATHER);
    expectTruth(streams, seats);
    const bytes = sum(streams, ({ heard }) => heard.bytes);
    // Each member id is 19 bytes in a list; the names of events and rooms come on top.
    expect(bytes / (200 * 200 * 19)).toBeLessThan(1.2);
    expect(bytes / sum(streams, ({ heard }) => heard.asWholeLists)).toBeLessThan(0.8);
  }, 60_000);

  it('is repaired with the whole list where such an event was lost: with the next one, or with a heartbeat', async () => {
    const listen = openHub();
    const listenElsewhere = openHub();
    const seats = await guests(56);
    const streams: Streaming[] = [];
    for (const seat of seats.slice(0, 52)) streams.push(await listen(seat));
    await room.pass(2 * GATHER);
    // The event is lost on its way to both processes.
    room.faulty.losePublications = 1;
    await listenElsewhere(seats[52] as InMemorySeat);
    await room.pass(10);
    room.faulty.losePublications = 0;
    await room.pass(2 * GATHER);
    const before = presenceWords(streams[0] as Streaming).length;
    streams.push(await listenElsewhere(seats[53] as InMemorySeat));
    await room.pass(2 * GATHER);
    expect(presenceWords(streams[0] as Streaming).slice(before)).toMatchObject([{ event: 'presence.changed' }]);
    expectTruth(streams, seats.slice(0, 54));
    room.faulty.losePublications = 2;
    await listenElsewhere(seats[54] as InMemorySeat);
    await room.pass(10);
    room.faulty.losePublications = 0;
    await room.pass(HEARTBEAT + 2 * GATHER);
    expectTruth(streams, seats.slice(0, 55));
  }, 60_000);

  it('is exact after any coming and going, whatever was lost of it, once a heartbeat has passed', async () => {
    const seats = await guests(70);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.nat(69), process: fc.nat(1), lose: fc.nat(3), waitMs: fc.nat(1_500) }), {
          minLength: 5,
          maxLength: 25,
        }),
        async (steps) => {
          const processes = [openHub(), openHub()] as const;
          const open = new Map<MemberId, Streaming>();
          for (const seat of seats.slice(0, 50)) open.set(seat.memberId, await processes[0](seat));
          await room.pass(2 * GATHER);
          for (const { who, process, lose, waitMs } of steps) {
            room.faulty.losePublications = lose === 0 ? 1 : 0;
            const seat = seats[who] as InMemorySeat;
            const stream = open.get(seat.memberId);
            if (stream === undefined)
              open.set(seat.memberId, await (process === 0 ? processes[0] : processes[1])(seat));
            else stream.closed();
            if (stream !== undefined) open.delete(seat.memberId);
            await room.pass(waitMs);
          }
          room.faulty.losePublications = 0;
          await room.pass(AWAY + 2 * HEARTBEAT);
          expectTruth([...open.values()], [...open.values()]);
          for (const { closed } of open.values()) closed();
          await room.pass(AWAY + HEARTBEAT);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);

  it('takes each word once, in turn, and knows which one it lacks', () => {
    const list = new HereList();
    expect(list.take({ here: ['b', 'a'], turn: 4 })).toBe(true);
    expect(list.take({ here: [], turn: 3 })).toBe(false);
    expect([
      list.lacks({ came: ['c'], went: [], turn: 5 }),
      list.lacks({ came: ['c'], went: [], turn: 6 }),
      list.lacks({ here: [], turn: 9 }),
    ]).toEqual([false, true, false]);
    expect(list.take({ came: ['c'], went: ['a'], turn: 5 })).toBe(true);
    expect(list.take({ came: ['c'], went: ['a'], turn: 5 })).toBe(false);
    expect([list.ids, list.turn]).toEqual([['b', 'c'], 5]);
  });
});
