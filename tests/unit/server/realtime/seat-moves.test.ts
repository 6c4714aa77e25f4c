import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CURSOR_START } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { sealedCardSchema } from '@/domain/sealed';
import { hashToken, newMemberId } from '@/server/auth/tokens';
import { RoomHub } from '@/server/realtime/hub';
import { KnownMembers } from '@/server/realtime/known-members';
import { RoomPresence } from '@/server/realtime/room-presence';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { publishedEvent } from '@/server/realtime/wire';
import { joinRoom } from '@/server/services/join-room';
import { listenToRoom } from '@/server/services/listen-to-room';
import { type MemorySink, memorySink } from '@tests/support/memory-sink';
import { type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';
import { cardOf } from '@tests/support/sealed-rooms';

const { away: AWAY, gather: GATHER, heartbeat: HEARTBEAT } = STREAM_TIMINGS;
const A = 'A'.repeat(16) as MemberId;
const B = 'B'.repeat(16) as MemberId;

const left = (data: object) =>
  publishedEvent(JSON.stringify({ data, event: 'member.left', channel: 'R'.repeat(22), id: '5-0' }));

it('a seat that moved ends no stream; one that is given up does', () => {
  expect(left({ memberId: A, reason: 'moved', to: B })).toMatchObject({ ends: null, moves: { from: A, to: B } });
  expect(left({ memberId: A, reason: 'left' })).toMatchObject({ ends: { memberId: A }, moves: null });
  expect(left({ memberId: A, reason: 'moved', to: 'x' })).toMatchObject({ ends: { memberId: A }, moves: null });
});

it('a credential is known under the id that its member has by now', () => {
  const known = new KnownMembers();
  known.remember('hash', A);
  known.move(A, B);
  known.forget(A);
  expect(known.memberOf('hash')).toBe(B);
  known.move(A, newMemberId());
  expect(known.memberOf('hash')).toBe(B);
  known.forget(B);
  expect(known.memberOf('hash')).toBeUndefined();
});

describe('a seat that moves while its member listens', () => {
  let room: RoomInMemory;
  const ended: (() => unknown)[] = [];
  beforeEach(async () => {
    vi.useFakeTimers();
    room = await roomInMemory();
  });
  afterEach(async () => {
    for (const end of ended.splice(0)) await end();
    vi.useRealTimers();
  });

  /** Rooms in memory are plain for those who speak in them, and sealed for as long as a seat moves. */
  async function move({ token }: { token: string }, memberId = newMemberId()) {
    room.clock.ms += 1;
    const { roomId } = room;
    await room.command('HSET', `room:{${roomId}}`, 'sealed', '1');
    const card = sealedCardSchema.parse(cardOf(0, memberId));
    await joinRoom(
      { ...room.context, rateLimits: false },
      { roomId, tokenHash: hashToken(token), address: 'here', memberId, card },
    );
    await room.command('HSET', `room:{${roomId}}`, 'sealed', '0');
    return memberId;
  }

  function open() {
    const hub = new RoomHub({ redis: room.storage.redis, rateLimits: false });
    ended.push(() => hub.close());
    const context = { storage: room.storage, hub, rateLimits: false, files: null, lobby: null };
    return async ({ token }: { token: string }, lastAck: typeof CURSOR_START | null = null) => {
      const sink = memorySink();
      const request = { roomId: room.roomId, tokenHash: hashToken(token), lastAck, address: '192.0.2.1' };
      const closed = await listenToRoom(context, { ...request, openSink: () => sink });
      return { sink, closed };
    };
  }
  const hereOf = ({ words }: MemorySink) => words.filter(({ event }) => event === 'presence.changed').at(-1)?.data;

  it('is here under the new id, and comes back to the process without a command', async () => {
    const listen = open();
    const guest = await room.join();
    const { sink } = await listen(room.owner);
    const theirs = await listen(guest);
    await room.pass(GATHER);
    const to = await move(guest);
    await room.pass(2 * GATHER);
    expect(hereOf(sink)).toEqual({ here: [room.owner.memberId, to].sort() });
    const before = room.recorded.length;
    theirs.closed();
    const again = await listen(guest);
    await room.pass(0);
    expect(room.recorded.length).toBe(before);
    again.closed();
    await room.pass(AWAY + 2 * GATHER);
    expect(hereOf(sink)).toEqual({ here: [room.owner.memberId] });
  });

  it('goes on where the check of its credential crossed the move', async () => {
    const listen = open();
    const guest = await room.join();
    const { sink: others } = await listen(room.owner);
    await room.pass(GATHER);
    // The answer of the check is on its way while the process hears of the move.
    const release = room.faulty.holdAnswers();
    const asking = listen(guest);
    await room.pass(0);
    const to = await move(guest);
    await room.pass(0);
    release();
    const { sink } = await asking;
    await room.pass(2 * GATHER);
    expect(hereOf(others)).toEqual({ here: [room.owner.memberId, to].sort() });
    await room.say('after the move');
    await room.pass(0);
    expect(sink.state).toBe('open');
    expect(sink.words.at(-1)).toMatchObject({ event: 'chat.message' });
  });

  it('does not end those who read of it in a replay, under whatever id they came', async () => {
    const listen = open();
    const guest = await room.join();
    await move(guest);
    await move(guest);
    const { sink } = await listen(guest, CURSOR_START);
    await room.say('still there');
    await room.pass(0);
    expect(sink.words.filter(({ event }) => event === 'member.left')).toHaveLength(2);
    expect(sink.words.at(-1)).toMatchObject({ event: 'chat.message' });
  });

  it('is reported as away under the new id, also where it moved within the time of grace or after it', async () => {
    const guest = await room.join();
    const presence = new RoomPresence(
      { redis: room.storage.redis, roomId: room.roomId, processId: 'p', timings: STREAM_TIMINGS },
      {
        asking: () => ({ turn: 0, learn: () => undefined }),
        away: () => undefined,
        gone: () => undefined,
        empty: () => undefined,
      },
    );
    ended.push(() => presence.stop());
    const here = async () => room.command('ZRANGE', `room:{${room.roomId}}:here`, 0, -1);
    const come = (memberId: MemberId) => presence.arrived(memberId, { askedAt: performance.now(), waitMs: 0 });
    come(guest.memberId);
    await room.pass(HEARTBEAT);
    expect(await here()).toEqual([`${guest.memberId}|p`]);
    presence.departed(guest.memberId);
    const to = await move(guest);
    presence.moved(guest.memberId, to);
    await room.pass(GATHER);
    expect(await here()).toEqual([`${to}|p`]);
    await room.pass(AWAY + 2 * GATHER);
    expect(await here()).toEqual([]);
    // A stream that came under the new id before the move was heard counts with those of the former one.
    come(to);
    const next = await move(guest);
    come(next);
    presence.moved(to, next);
    presence.departed(next);
    await room.pass(AWAY + 2 * GATHER);
    expect(await here()).toEqual([`${next}|p`]);
    presence.departed(next);
    await room.pass(AWAY + 2 * GATHER);
    expect(await here()).toEqual([]);
  });
});
