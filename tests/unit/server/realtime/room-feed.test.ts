import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CURSOR_START, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { hashToken } from '@/server/auth/tokens';
import type { PublishedHere } from '@/server/storage/presence';
import { Listener } from '@/server/realtime/listener';
import { RoomFeed } from '@/server/realtime/room-feed';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { endOfRoom, pingFrame, type SeatMove } from '@/server/realtime/wire';
import { leaveRoom } from '@/server/services/leave-room';
import { type MemorySink, memorySink } from '@tests/support/memory-sink';
import { type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const textsOf = ({ words }: MemorySink) =>
  words.filter(({ event }) => event === 'chat.message').map(({ data }) => (data as { text: string }).text);

describe('the feed of a room', () => {
  let room: RoomInMemory;
  let feeds: RoomFeed[];
  beforeEach(async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    feeds = [];
    room = await roomInMemory();
  });
  afterEach(() => {
    for (const feed of feeds) feed.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  function follow(start: Cursor = CURSOR_START, told: PublishedHere | null = null) {
    const heard = { ended: 0, gone: 0, left: [] as string[], moved: [] as SeatMove[], dropped: [] as Listener[] };
    const feed = new RoomFeed(
      { redis: room.storage.redis, roomId: room.roomId, timings: STREAM_TIMINGS },
      start,
      told,
      {
        ended: () => (heard.ended += 1),
        gone: () => (heard.gone += 1),
        left: (memberId) => heard.left.push(memberId),
        moved: (move) => heard.moved.push(move),
        dropped: (listener) => heard.dropped.push(listener),
      },
    );
    feeds.push(feed);
    async function attach(cursor: Cursor = CURSOR_START, memberId: MemberId = room.owner.memberId) {
      const sink = memorySink();
      const listener = new Listener(memberId, sink);
      const attached = feed.attach(listener, cursor);
      await room.pass(0);
      return { sink, listener, attached };
    }
    return { feed, told: heard, attach };
  }

  describe('gives every event once, in the order of the stream', () => {
    it('to those who listen, and to those who come later', async () => {
      await room.say('before');
      const { attach } = follow();
      const { sink: first } = await attach();
      const middle = await room.say('one');
      await room.say('two');
      const { sink: all } = await attach();
      const { sink: rest } = await attach(middle);
      await room.say('three');
      await room.pass(0);
      expect(textsOf(first)).toEqual(['before', 'one', 'two', 'three']);
      expect(textsOf(all)).toEqual(['before', 'one', 'two', 'three']);
      expect(textsOf(rest)).toEqual(['two', 'three']);
      expect(first.words[0]).toEqual({ type: 'connected', channel: room.roomId, cursor: CURSOR_START });
    });

    it('as the same bytes to everybody', async () => {
      const { attach } = follow();
      const { sink: one } = await attach();
      const { sink: other } = await attach();
      const write = [vi.spyOn(one, 'write'), vi.spyOn(other, 'write')];
      await room.say('shared');
      await room.pass(0);
      const [left, right] = write.map((spy) => spy.mock.calls[0]?.[0]);
      expect(left).toBeDefined();
      expect(left).toBe(right);
    });

    it('when publications come while what was before them is still being read', async () => {
      await room.say('old');
      const release = room.faulty.holdCommands();
      const { attach } = follow();
      const { sink } = await attach();
      await room.say('new');
      await room.pass(0);
      expect(textsOf(sink)).toEqual([]);
      release();
      await room.pass(0);
      await room.say('newer');
      await room.pass(0);
      expect(textsOf(sink)).toEqual(['old', 'new', 'newer']);
    });

    it('when a listener’s replay has events that the subscription has not delivered yet', async () => {
      const { attach } = follow(await room.say('start'));
      const { sink: first } = await attach(await room.say('known'));
      room.faulty.deaf = true;
      await room.say('unheard');
      room.faulty.deaf = false;
      const { sink: second } = await attach();
      expect(textsOf(second)).toEqual(['start', 'known', 'unheard']);
      expect(textsOf(first)).toEqual(['unheard']);
      await room.say('heard');
      await room.pass(0);
      for (const sink of [first, second]) expect(textsOf(sink).slice(-2)).toEqual(['unheard', 'heard']);
    });

    it('to a listener who has come further by another way, from there on', async () => {
      const { feed, attach } = follow();
      const { sink: first } = await attach();
      room.faulty.deaf = true;
      await room.say('one');
      const further = await room.say('two');
      room.faulty.deaf = false;
      const { sink } = await attach(further);
      feed.verify(further);
      await room.pass(STREAM_TIMINGS.publication);
      await room.say('three');
      await room.pass(0);
      expect(textsOf(first)).toEqual(['one', 'two', 'three']);
      expect(textsOf(sink)).toEqual(['three']);
    });

    it('also when it was published late, by a writer that stores and publishes separately', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      const [one, two] = [await room.store('one'), await room.store('two')];
      await room.publish(two, 'two');
      await room.publish(one, 'one');
      await room.publish(one, 'one');
      await room.publish(two, 'two');
      await room.pass(0);
      expect(textsOf(sink)).toEqual(['two', 'one']);
      const { sink: later } = await attach();
      expect(textsOf(later)).toEqual(['one', 'two']);
    });

    it('also when that was while nobody heard, after a newer one had been', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      await room.say('first');
      const [one, two] = [await room.store('one'), await room.store('two')];
      await room.publish(two, 'two');
      await room.pass(0);
      room.faulty.deaf = true;
      await room.publish(one, 'one');
      room.faulty.deaf = false;
      room.faulty.endSubscriptions();
      await room.pass(STREAM_TIMINGS.retry.firstMs);
      expect(textsOf(sink)).toEqual(['first', 'two', 'one']);
    });

    it('and nothing that is not an event of the room', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      for (const text of ['counting', '{"type":"ping","timestamp":1}', ''])
        await room.command('PUBLISH', room.roomId, text);
      await room.pass(0);
      expect(sink.words).toHaveLength(1);
    });
  });

  describe('notices that it has missed something, and reads it', () => {
    it('when the subscription ended', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      room.faulty.endSubscriptions();
      await room.say('missed');
      await room.pass(0);
      expect(textsOf(sink)).toEqual([]);
      await room.pass(STREAM_TIMINGS.retry.firstMs);
      expect(textsOf(sink)).toEqual(['missed']);
    });

    it('when the connection to Redis reports that it subscribed again', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      room.faulty.deaf = true;
      await room.say('missed');
      room.faulty.deaf = false;
      room.faulty.hear(`subscribe,${room.roomId},1`);
      await room.say('live');
      await room.pass(0);
      expect(textsOf(sink)).toEqual(['missed', 'live']);
    });

    it('when reading what was missed fails, and fails again', async () => {
      await room.say('old');
      room.faulty.failCommands = 3;
      const { attach } = follow();
      const { sink } = await attach();
      await room.say('new');
      await room.pass(10_000);
      expect(textsOf(sink)).toEqual(['old', 'new']);
    });

    it('when the newest id by another way stays unseen: the subscription is dead', async () => {
      const { feed, attach } = follow();
      const { sink } = await attach();
      room.faulty.deaf = true;
      const unseen = await room.say('missed');
      await room.pass(60_000);
      expect(textsOf(sink)).toEqual([]);
      feed.verify(unseen);
      await room.pass(STREAM_TIMINGS.publication - 1);
      expect(textsOf(sink)).toEqual([]);
      room.faulty.deaf = false;
      await room.pass(1);
      expect(textsOf(sink)).toEqual(['missed']);
      expect([room.faulty.subscriptions, room.faulty.subscribed]).toEqual([1, 2]);
    });

    it('also when it learns of one new id after another, each just in time', async () => {
      const { feed, attach } = follow();
      const { sink } = await attach();
      room.faulty.deaf = true;
      for (let count = 0; count < 10; count += 1) {
        feed.verify(await room.say(`missed ${count}`));
        await room.pass(STREAM_TIMINGS.publication / 4);
      }
      expect(textsOf(sink).length).toBeGreaterThanOrEqual(4);
    });

    it('when an event that is only published names an id that it has not seen', async () => {
      const { attach } = follow();
      const { sink } = await attach();
      room.faulty.deaf = true;
      const id = await room.say('missed');
      room.faulty.deaf = false;
      const presence = { data: { here: [] }, event: 'presence.changed', channel: room.roomId, id };
      await room.command('PUBLISH', room.roomId, JSON.stringify(presence));
      await room.pass(STREAM_TIMINGS.publication);
      expect(textsOf(sink)).toEqual(['missed']);
    });

    it('and leaves a subscription alone that is merely a moment behind', async () => {
      const { feed, attach } = follow();
      await attach();
      room.faulty.deaf = true;
      const id = await room.store('on its way');
      room.faulty.deaf = false;
      feed.verify(id);
      await room.pass(STREAM_TIMINGS.publication / 2);
      await room.publish(id, 'on its way');
      await room.pass(STREAM_TIMINGS.publication);
      expect(room.faulty.subscribed).toBe(1);
    });
  });

  describe('a listener', () => {
    it('waits for its first word until the room is followed', async () => {
      room.faulty.refuseSubscriptions = 2;
      const { attach } = follow();
      const { sink } = await attach();
      expect(sink.words).toEqual([]);
      await room.pass(10_000);
      expect(sink.words).toEqual([{ type: 'connected', channel: room.roomId, cursor: CURSOR_START }]);
    });

    it('hears its own leave last, live or in a replay, and the others go on', async () => {
      const guest = await room.join();
      const { attach, told } = follow();
      const { sink: going, listener } = await attach(CURSOR_START, guest.memberId);
      const { sink: staying } = await attach();
      room.clock.ms += 1;
      await leaveRoom(room.context, { roomId: room.roomId, tokenHash: hashToken(guest.token) });
      await room.say('after');
      await room.pass(0);
      const { sink: late } = await attach(CURSOR_START, guest.memberId);
      for (const sink of [going, late]) {
        expect(sink.state).toBe('ended');
        expect(sink.words.at(-1)).toMatchObject({ event: 'member.left', data: { memberId: guest.memberId } });
      }
      expect(told.dropped).toHaveLength(2);
      expect(told.dropped[0]).toBe(listener);
      expect(textsOf(staying)).toEqual(['after']);
    });

    it('that has stalled is dropped, by an event or by a ping, and no other is', async () => {
      const { attach, feed, told } = follow();
      const { sink: stalled, listener } = await attach();
      const { sink: reading } = await attach();
      stalled.stall();
      const text = '.'.repeat(100_000);
      for (let count = 0; count < 11; count += 1) await room.publish(await room.store(text), text);
      await room.pass(10_000);
      feed.sendTo(listener, pingFrame(1));
      expect(stalled.state).toBe('destroyed');
      expect(told.dropped).toEqual([listener]);
      expect(textsOf(reading)).toHaveLength(11);
    });

    it('that reads a long replay slowly gets all of it, and what was said meanwhile', async () => {
      for (let count = 0; count < 600; count += 1) await room.store(`${count} ${'.'.repeat(3_000)}`);
      const { attach } = follow(await room.say('600'));
      await attach();
      const sink = memorySink();
      sink.stall();
      void feeds[0]?.attach(new Listener(room.owner.memberId, sink), CURSOR_START);
      for (let turn = 0; turn < 40; turn += 1) {
        await room.pass(100);
        if (turn === 5) await room.say('601');
        expect(sink.backlogBytes).toBeLessThan(100_000);
        sink.drain();
        sink.stall();
      }
      expect(sink.state).toBe('open');
      expect(textsOf(sink).map((text) => parseInt(text))).toEqual(Array.from({ length: 602 }, (_, index) => index));
    });

    it('whose replay cannot be read is asked to come back, and hears of the end of a room that is gone', async () => {
      const { attach, told } = follow(await room.say('start'));
      await attach(await room.say('known'));
      room.faulty.failCommands = 1;
      const { sink } = await attach();
      expect([sink.state, sink.words.at(-1)]).toEqual([
        'ended',
        { type: 'reconnect', timestamp: expect.any(Number) as number },
      ]);
      await room.command('DEL', `room:{${room.roomId}}`);
      await attach();
      expect(told.gone).toBe(1);
    });

    it('that arrives as the room ends hears the end', async () => {
      const { attach, feed } = follow();
      await attach();
      const release = room.faulty.holdCommands();
      const { feed: other, attach: attachOther } = follow();
      const { sink } = await attachOther();
      other.end(endOfRoom(room.roomId, feed.newest, 'expired'));
      release();
      await room.pass(0);
      expect([sink.state, sink.words.at(-1)]).toMatchObject([
        'ended',
        { event: 'chat.destroy', data: { reason: 'expired' } },
      ]);
    });
  });

  describe('who is here', () => {
    const here = ({ words }: MemorySink) =>
      words.filter(({ event }) => event === 'presence.changed').map(({ data }) => (data as { here: string[] }).here);
    const publishHere = (ids: string[], id: Cursor) =>
      room.command(
        'PUBLISH',
        room.roomId,
        JSON.stringify({ data: { here: ids }, event: 'presence.changed', channel: room.roomId, id }),
      );

    it('is sent to a listener that arrives, as it was last heard', async () => {
      const { attach } = follow(CURSOR_START, { here: ['a'], turn: 1 });
      const { sink: first } = await attach();
      await publishHere(['a', 'b'], CURSOR_START);
      await room.pass(0);
      const { sink: second } = await attach();
      expect(here(first)).toEqual([['a'], ['a', 'b']]);
      expect(here(second)).toEqual([['a', 'b']]);
    });

    it('is corrected from another source when it differs, and only then', async () => {
      const { attach, feed } = follow();
      const { sink } = await attach();
      feed.correctHere({ here: [], turn: 1 });
      feed.correctHere({ here: ['a'], turn: 2 });
      feed.correctHere({ here: ['a'], turn: 3 });
      expect(here(sink)).toEqual([['a']]);
      feed.correctHere({ here: ['b'], turn: 2 });
      expect([here(sink), feed.hereTurn]).toEqual([[['a']], 3]);
    });
  });
});
