import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STREAM_OPENINGS_PER_MEMBER, STREAMS_PER_MEMBER } from '@/domain/limits';
import type { Cursor } from '@/domain/message';
import { hashToken } from '@/server/auth/tokens';
import { type HubOptions, RoomHub } from '@/server/realtime/hub';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { destroyRoom } from '@/server/services/destroy-room';
import { leaveRoom } from '@/server/services/leave-room';
import { listenToRoom } from '@/server/services/listen-to-room';
import { readRoom } from '@/server/services/read-room';
import { removeMember } from '@/server/services/remove-member';
import { memorySink } from '@tests/support/memory-sink';
import { type InMemorySeat, type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const { away: AWAY, gather: GATHER, linger: LINGER } = STREAM_TIMINGS;
const NOT_A_MEMBER = { reason: 'not_a_member' };

describe('a member who comes back to a process', () => {
  let room: RoomInMemory;
  let hubs: RoomHub[];
  beforeEach(async () => {
    vi.useFakeTimers();
    hubs = [];
    room = await roomInMemory(3_600_000);
    await listenToRoom({ ...room.context, storage: room.storage }, requestOf(room.owner)).then((closed) => closed());
    await room.context.hub.close();
    room.recorded.length = 0;
  });
  afterEach(async () => {
    for (const hub of hubs) await hub.close();
    vi.useRealTimers();
  });

  const requestOf = ({ token }: InMemorySeat, lastAck: Cursor | null = null, sink = memorySink()) => ({
    roomId: room.roomId,
    tokenHash: hashToken(token),
    lastAck,
    address: '192.0.2.1',
    openSink: () => sink,
  });

  function open(options: Partial<HubOptions> = {}) {
    const hub = new RoomHub({ redis: room.storage.redis, rateLimits: false, ...options });
    hubs.push(hub);
    async function listen(seat: InMemorySeat = room.owner, lastAck: Cursor | null = null) {
      const sink = memorySink();
      const closed = await listenToRoom(
        { storage: room.storage, hub, rateLimits: false, files: null, lobby: null },
        requestOf(seat, lastAck, sink),
      );
      await room.pass(0);
      return { sink, closed };
    }
    /** How many commands it costs. */
    async function costOf(work: () => Promise<unknown>) {
      const before = room.recorded.length;
      await work();
      return room.recorded.length - before;
    }
    return { hub, listen, costOf };
  }
  const asMember = ({ token }: InMemorySeat) => ({ roomId: room.roomId, tokenHash: hashToken(token) });
  const here = async () => (await readRoom(room.context, asMember(room.owner))).room.here;

  it('costs no command while another stream of theirs is open, and within the time of grace', async () => {
    const { listen, costOf } = open();
    const first = await listen();
    await room.say('one');
    expect(await costOf(() => listen())).toBe(0);
    first.closed();
    const id = await room.say('two');
    await room.pass(AWAY - 1_000);
    const cursor = first.sink.ids.at(-1) as Cursor;
    let sink = memorySink();
    expect(await costOf(async () => ({ sink } = await listen(room.owner, cursor)))).toBe(0);
    expect(sink.ids).toEqual([id]);
    expect(await here()).toBe(1);
  });

  it('costs a check again when nobody vouches for them any more: after the time of grace, or when the room was not followed', async () => {
    const { listen, costOf } = open();
    const guest = await room.join();
    await listen();
    const { closed } = await listen(guest);
    closed();
    await room.pass(AWAY + GATHER);
    expect(await costOf(() => listen(guest))).toBe(1);
    const { listen: listenAlone, costOf: costAlone } = open();
    const alone = await listenAlone(guest);
    alone.closed();
    await room.pass(LINGER + 100);
    expect(await costAlone(() => listenAlone(guest))).toBeGreaterThanOrEqual(1);
  });

  it('is checked by Redis while something of the room may be missing here', async () => {
    const { listen, costOf } = open();
    await listen();
    const release = room.faulty.holdCommands();
    room.faulty.endSubscriptions();
    await room.pass(STREAM_TIMINGS.retry.firstMs);
    const asking = listen();
    await room.pass(0);
    release();
    expect(await costOf(() => asking)).toBeGreaterThanOrEqual(0);
    expect(room.recorded.filter(({ args }) => args.includes(hashToken(room.owner.token)))).toHaveLength(2);
  });

  it.each([
    [
      'was removed',
      (guest: InMemorySeat) => removeMember(room.context, { ...asMember(room.owner), memberId: guest.memberId }),
    ],
    ['left', (guest: InMemorySeat) => leaveRoom(room.context, asMember(guest))],
  ])('and %s does not get in, with any position', async (_, go) => {
    const { listen } = open();
    const guest = await room.join();
    await listen();
    const { sink } = await listen(guest);
    room.clock.ms += 1;
    await go(guest);
    const after = await room.say('not for them');
    await room.pass(0);
    expect(sink.state).toBe('ended');
    for (const lastAck of [null, '0-0', sink.ids.at(-1) ?? null, after, '253402300799999-0']) {
      await expect(listen(guest, lastAck as Cursor | null)).rejects.toMatchObject(NOT_A_MEMBER);
    }
  });

  it('and whose removal crosses the check of the credential hears nothing of what follows, then or later', async () => {
    const { listen } = open();
    const guest = await room.join();
    await listen();
    // Redis has found that the credential holds, and its reply is slow.
    const release = room.faulty.holdAnswers();
    const listening = listen(guest);
    await room.pass(0);
    room.clock.ms += 1;
    await removeMember(room.context, { ...asMember(room.owner), memberId: guest.memberId });
    await room.say('not for them');
    await room.pass(0);
    release();
    const { sink } = await listening;
    expect([sink.state, sink.words.at(-1)]).toMatchObject([
      'ended',
      { event: 'member.left', data: { memberId: guest.memberId } },
    ]);
    await expect(listen(guest)).rejects.toMatchObject(NOT_A_MEMBER);
  });

  it('and was removed while their leave was lost on its way here hears nothing of what follows', async () => {
    const { listen } = open();
    const guest = await room.join();
    await listen();
    const { closed } = await listen(guest);
    closed();
    room.clock.ms += 1;
    room.faulty.losePublications = 1;
    await removeMember(room.context, { ...asMember(room.owner), memberId: guest.memberId });
    // Nothing here can know yet, and nothing has followed.
    const { sink } = await listen(guest);
    await room.say('not for them');
    await room.pass(0);
    expect([sink.state, sink.words.at(-1)]).toMatchObject([
      'ended',
      { event: 'member.left', data: { memberId: guest.memberId } },
    ]);
    await expect(listen(guest)).rejects.toMatchObject(NOT_A_MEMBER);
  });

  it('and claims to have heard more than this process is checked by Redis, as their leave may lie before it', async () => {
    const { listen } = open();
    const guest = await room.join();
    await listen();
    const { closed } = await listen(guest);
    closed();
    room.clock.ms += 1;
    room.faulty.losePublications = 2;
    await removeMember(room.context, { ...asMember(room.owner), memberId: guest.memberId });
    const after = await room.say('not heard here yet');
    for (const lastAck of [after, '253402300799999-0']) {
      await expect(listen(guest, lastAck as Cursor)).rejects.toMatchObject(NOT_A_MEMBER);
    }
  });

  it('and was removed while nobody here followed the room does not get in', async () => {
    const { listen } = open();
    const guest = await room.join();
    const { closed } = await listen(guest);
    closed();
    await room.pass(LINGER + 100);
    await removeMember(room.context, { ...asMember(room.owner), memberId: guest.memberId });
    await room.say('not for them');
    await listen();
    await expect(listen(guest)).rejects.toMatchObject(NOT_A_MEMBER);
  });

  it('finds no room that was destroyed', async () => {
    const { listen } = open();
    await listen();
    await destroyRoom(room.context, asMember(room.owner));
    await room.pass(0);
    await expect(listen()).rejects.toMatchObject({ reason: 'room_not_found' });
  });

  it('whose line has died silently is away within five minutes, and those who renew theirs are not', async () => {
    const { listen } = open();
    const guest = await room.join();
    let living = await listen();
    // Bytes go into the buffers of the kernel, nothing comes back, and the connection never closes.
    const dead = await listen(guest);
    for (let passed = 0; passed < 300_000; passed += 1_000) {
      await room.pass(1_000);
      if (living.sink.state === 'ended') living = await listen(room.owner, living.sink.ids.at(-1) as Cursor | null);
    }
    expect(dead.sink.state).toBe('ended');
    expect(await here()).toBe(1);
    expect(living.sink.words.filter(({ event }) => event === 'presence.changed').at(-1)).toMatchObject({
      data: { here: [room.owner.memberId] },
    });
  });

  describe('too often', () => {
    const openAndClose = async (
      listen: (seat: InMemorySeat) => Promise<{ closed: () => void }>,
      seat: InMemorySeat,
      times: number,
    ) => {
      for (let count = 0; count < times; count += 1) (await listen(seat)).closed();
    };

    it('waits: thirty streams in half a minute are opened, and no other until the first is that old; nobody else is concerned', async () => {
      const { listen } = open({ rateLimits: true });
      const guest = await room.join();
      await openAndClose(listen, room.owner, 1);
      await room.pass(10_000);
      await openAndClose(listen, room.owner, STREAM_OPENINGS_PER_MEMBER.max - 1);
      const commands = room.recorded.length;
      await expect(listen()).rejects.toMatchObject({ reason: 'rate_limited', retryAfterSeconds: 20 });
      expect(room.recorded).toHaveLength(commands);
      await listen(guest);
      await room.pass(20_000);
      await listen();
      await expect(listen()).rejects.toMatchObject({ reason: 'rate_limited', retryAfterSeconds: 10 });
    });

    it('is not reported as here by a stream that is refused', async () => {
      const { listen } = open({ rateLimits: true });
      const guest = await room.join();
      await listen(guest);
      await room.pass(AWAY);
      await openAndClose(listen, room.owner, STREAM_OPENINGS_PER_MEMBER.max);
      await room.pass(AWAY + 2 * GATHER);
      expect(await here()).toBe(1);
      await expect(listen()).rejects.toMatchObject({ reason: 'rate_limited' });
      expect(await here()).toBe(1);
    });

    it('is refused for that only where the credential holds', async () => {
      const { listen } = open({ rateLimits: true });
      const guest = await room.join();
      await openAndClose(listen, guest, STREAM_OPENINGS_PER_MEMBER.max);
      await leaveRoom(room.context, asMember(guest));
      await expect(listen(guest)).rejects.toMatchObject(NOT_A_MEMBER);
    });

    it('is no matter of openings that never were', async () => {
      const { listen } = open({ rateLimits: true });
      await listen(await room.join());
      for (let count = 0; count < STREAM_OPENINGS_PER_MEMBER.max + STREAMS_PER_MEMBER; count += 1) {
        room.faulty.failCommands = 1;
        await expect(listen()).rejects.toThrow();
      }
      await listen();
    });
  });
});
