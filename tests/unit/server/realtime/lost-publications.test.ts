import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CURSOR_START, type Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { Listener } from '@/server/realtime/listener';
import { RoomFeed } from '@/server/realtime/room-feed';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { type MemorySink, memorySink } from '@tests/support/memory-sink';
import { type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const textsOf = ({ words }: MemorySink) =>
  words.filter(({ event }) => event === 'chat.message').map(({ data }) => (data as { text: string }).text);

describe('a publication that is lost while its subscription lives', () => {
  let room: RoomInMemory;
  let feeds: RoomFeed[];
  beforeEach(async () => {
    vi.useFakeTimers();
    feeds = [];
    room = await roomInMemory();
  });
  afterEach(() => {
    for (const feed of feeds) feed.close();
    vi.useRealTimers();
  });

  async function follow(memberId: MemberId = room.owner.memberId, start: Cursor = CURSOR_START) {
    const feed = new RoomFeed(
      { redis: room.storage.redis, roomId: room.roomId, timings: STREAM_TIMINGS },
      start,
      null,
      {
        ended: () => undefined,
        gone: () => undefined,
        left: () => undefined,
        moved: () => undefined,
        dropped: () => undefined,
      },
    );
    feeds.push(feed);
    const sink = memorySink();
    const listener = new Listener(memberId, sink);
    void feed.attach(listener, start);
    await room.pass(0);
    return { feed, sink };
  }
  const reads = () => room.recorded.filter(({ name }) => name === 'EVALSHA' || name === 'EVAL').length;

  it('is found with the next one, read, and given in order before it', async () => {
    const { sink } = await follow();
    await room.say('one');
    await room.pass(0);
    const before = reads();
    room.faulty.losePublications = 1;
    await room.say('lost');
    await room.pass(60_000);
    expect(textsOf(sink)).toEqual(['one']);
    await room.say('three');
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['one', 'lost', 'three']);
    expect(reads() - before).toBe(1);
    expect(room.faulty.subscribed).toBe(1);
  });

  it('costs nothing where none is lost', async () => {
    const { sink } = await follow();
    const before = reads();
    for (let count = 0; count < 20; count += 1) await room.say(`${count}`);
    await room.pass(0);
    expect(textsOf(sink)).toHaveLength(20);
    expect(reads()).toBe(before);
  });

  it('is found also when the next was lost too, and when another is while the gap is read', async () => {
    const { sink } = await follow();
    room.faulty.losePublications = 2;
    for (const text of ['lost', 'lost too']) await room.say(text);
    const release = room.faulty.holdCommands();
    await room.say('shows it');
    room.faulty.losePublications = 1;
    await room.say('lost meanwhile');
    await room.say('shows that');
    release();
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['lost', 'lost too', 'shows it', 'lost meanwhile', 'shows that']);
  });

  it('is found with the next also when that follows a read that did not show it yet', async () => {
    const { sink } = await follow();
    room.faulty.failCommands = 1;
    room.faulty.losePublications = 1;
    await room.say('lost');
    await room.say('shows it');
    await room.pass(STREAM_TIMINGS.retry.longestMs);
    await room.say('later');
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['lost', 'shows it', 'later']);
  });

  it('is not missed for ever when the entry before it is not one of our events', async () => {
    const { feed, sink } = await follow();
    await room.say('one');
    const id = await room.command('XADD', room.roomId, '*', 'something', 'else');
    const before = reads();
    for (const text of ['two', 'three']) await room.say(text);
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['one', 'two', 'three']);
    expect(reads() - before).toBe(1);
    const last = await room.command('XADD', room.roomId, '*', 'something', 'else');
    for (const seen of [id, last]) feed.verify(seen as Cursor);
    await room.pass(STREAM_TIMINGS.publication);
    const subscribed = room.faulty.subscribed;
    feed.verify(last as Cursor);
    await room.pass(STREAM_TIMINGS.publication);
    expect(room.faulty.subscribed).toBe(subscribed);
  });

  it('is never shown out of order or twice, whichever are lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (losses) => {
        const start = await room.say('start');
        const { feed, sink } = await follow(room.owner.memberId, start);
        for (const [index, isLost] of losses.entries()) {
          room.faulty.losePublications = isLost ? 1 : 0;
          await room.say(`${index}`);
          await room.pass(0);
        }
        room.faulty.losePublications = 0;
        await room.say('last');
        await room.pass(0);
        expect(textsOf(sink)).toEqual([...losses.keys(), 'last'].map(String));
        feed.close();
      }),
      { numRuns: 40 },
    );
  }, 30_000);

  it('is for one member’s streams alone where it says so, and pages receive the same bytes as ever', async () => {
    const guest = await room.join();
    const start = await room.say('start');
    const [{ sink: owners }, { sink: guests }] = [
      await follow(room.owner.memberId, start),
      await follow(guest.memberId, start),
    ];
    const written = vi.spyOn(owners, 'write');
    const word = `{"data":{},"event":"room.waited","channel":"${room.roomId}","id":"${start}"`;
    await room.command('PUBLISH', room.roomId, `${word},"to":"${room.owner.memberId}"}`);
    const id = await room.say('for all');
    await room.pass(0);
    expect(guests.words.map(({ event }) => event)).toEqual([undefined, 'chat.message']);
    expect(owners.words.map(({ event }) => event)).toEqual([undefined, 'room.waited', 'chat.message']);
    const bytes = written.mock.calls.map(([said]) => String(said));
    expect(bytes[0]).toBe(`data: ${word}}\n\n`);
    expect(bytes[1]).toMatch(new RegExp(`,"channel":"${room.roomId}","id":"${id}"\\}\n\n$`));
  });
});
