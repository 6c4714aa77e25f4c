import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CURSOR_START, type Cursor } from '@/domain/message';
import { Listener } from '@/server/realtime/listener';
import { RoomFeed } from '@/server/realtime/room-feed';
import { STREAM_TIMINGS } from '@/server/realtime/stream-timings';
import { type MemorySink, memorySink } from '@tests/support/memory-sink';
import { type RoomInMemory, roomInMemory } from '@tests/support/room-in-memory';

const textsOf = ({ words }: MemorySink) =>
  words.filter(({ event }) => event === 'chat.message').map(({ data }) => (data as { text: string }).text);
const takenBackOf = ({ words }: MemorySink) =>
  words.filter(({ event }) => event === 'message.removed').map(({ data }) => (data as { id: string }).id);

describe('a message that was taken back', () => {
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

  function follow(start: Cursor = CURSOR_START) {
    const nothing = () => undefined;
    const feed = new RoomFeed(
      { redis: room.storage.redis, roomId: room.roomId, timings: STREAM_TIMINGS },
      start,
      null,
      { ended: nothing, gone: nothing, left: nothing, moved: nothing, dropped: nothing },
    );
    feeds.push(feed);
    return {
      feed,
      attach: async (cursor: Cursor = start) => {
        const sink = memorySink();
        void feed.attach(new Listener(room.owner.memberId, sink), cursor);
        await room.pass(0);
        return sink;
      },
    };
  }
  const reads = () => room.recorded.filter(({ name }) => name === 'EVALSHA' || name === 'EVAL').length;

  it('is heard by nobody who comes back, from the ring or from Redis: they hear that it is gone', async () => {
    const { attach } = follow();
    const live = await attach();
    const before = await room.say('before');
    const place = await room.say('secret', { id: 'message-1' });
    await room.say('secret too', { id: 'edit-no-1', edits: 'message-1' });
    const between = await room.say('between');
    await room.takeBack('message-1');
    await room.say('after');
    await room.pass(0);
    expect(textsOf(live)).toEqual(['before', 'secret', 'secret too', 'between', 'after']);
    expect(takenBackOf(live)).toEqual(['message-1']);
    const fromRedis = follow(before);
    for (const { attach: comeBack } of [{ attach }, fromRedis]) {
      for (const [cursor, texts] of [
        [before, ['between', 'after']],
        [place, ['between', 'after']],
        [between, ['after']],
      ] as const) {
        const sink = await comeBack(cursor);
        expect(textsOf(sink)).toEqual(texts);
        expect(takenBackOf(sink)).toEqual(['message-1']);
      }
    }
  });

  it('leaves no gap that is looked for, when its publication was lost', async () => {
    const { feed, attach } = follow();
    const sink = await attach();
    await room.say('one');
    await room.pass(0);
    room.faulty.losePublications = 1;
    const lost = await room.say('secret', { id: 'message-1' });
    await room.takeBack('message-1');
    await room.pass(0);
    const before = reads();
    for (const text of ['two', 'three']) await room.say(text);
    feed.verify(lost);
    await room.pass(60_000);
    expect(textsOf(sink)).toEqual(['one', 'two', 'three']);
    expect(takenBackOf(sink)).toEqual(['message-1']);
    expect(reads()).toBe(before);
    expect(room.faulty.subscribed).toBe(1);
  });

  it('is found to be gone with the next event when the word of it was lost, for one read', async () => {
    const { attach } = follow();
    const sink = await attach();
    await room.say('secret', { id: 'message-1' });
    await room.pass(0);
    const before = reads();
    room.faulty.losePublications = 1;
    await room.takeBack('message-1');
    await room.say('two');
    await room.say('three');
    await room.pass(60_000);
    expect(textsOf(sink)).toEqual(['secret', 'two', 'three']);
    expect(takenBackOf(sink)).toEqual(['message-1']);
    expect(reads() - before).toBe(1);
  });

  it('and what followed it, both lost and both taken back, cost one read', async () => {
    const { attach } = follow();
    const sink = await attach();
    room.faulty.losePublications = 3;
    await room.say('secret', { id: 'message-1' });
    await room.say('secret too', { id: 'message-2' });
    await room.takeBack('message-1');
    const before = reads();
    await room.takeBack('message-2');
    await room.say('last');
    await room.pass(60_000);
    expect(textsOf(sink)).toEqual(['last']);
    expect(takenBackOf(sink)).toEqual(['message-1', 'message-2']);
    expect(reads() - before).toBe(1);
  });

  it('is not given from what was held back while a gap was read', async () => {
    const { attach } = follow();
    const sink = await attach();
    room.faulty.losePublications = 1;
    await room.say('lost');
    const release = room.faulty.holdCommands();
    // Shows the gap, waits for the read, and is taken back before that begins.
    await room.say('secret', { id: 'message-1' });
    await room.takeBack('message-1');
    release();
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['lost']);
    expect(takenBackOf(sink)).toEqual(['message-1']);
    await room.say('last');
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['lost', 'last']);
  });

  it('is not given to a slow reader in the middle of a replay', async () => {
    for (let index = 0; index < 3; index += 1) await room.say(`old ${index}`);
    await room.say('secret', { id: 'message-1' });
    const newest = await room.say('newest');
    const { feed } = follow(newest);
    const other = memorySink();
    void feed.attach(new Listener(room.owner.memberId, other), newest);
    await room.pass(0);
    const sink = memorySink();
    let drain: () => void = () => undefined;
    const drained = new Promise<void>((resolve) => {
      drain = resolve;
    });
    vi.spyOn(sink, 'backlogBytes', 'get').mockImplementation(() => (textsOf(sink).length > 0 ? 100_000 : 0));
    vi.spyOn(sink, 'drained').mockReturnValue(drained);
    void feed.attach(new Listener(room.owner.memberId, sink), CURSOR_START);
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['old 0']);
    await room.takeBack('message-1');
    await room.pass(0);
    drain();
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['old 0', 'old 1', 'old 2', 'newest']);
    expect(takenBackOf(sink)).toEqual(['message-1']);
  });

  it('is not heard from a stock writer who publishes it late, or stores it again', async () => {
    const { attach } = follow();
    const sink = await attach();
    const place = await room.store('said late');
    const removal = { id: 'by-another', memberId: room.owner.memberId, by: room.owner.memberId };
    const words = ['data', JSON.stringify(removal), 'event', 'message.removed', 'channel', room.roomId];
    const id = await room.command('XADD', room.roomId, '*', ...words);
    await room.command(
      'PUBLISH',
      room.roomId,
      JSON.stringify({ data: removal, event: 'message.removed', channel: room.roomId, id }),
    );
    await room.publish(place, 'said late');
    const again = await room.store('said again');
    await room.publish(again, 'said again');
    await room.pass(0);
    const before = reads();
    await room.say('last');
    await room.pass(0);
    expect(textsOf(sink)).toEqual(['last']);
    expect(reads()).toBe(before);
    expect(textsOf(await attach(CURSOR_START))).toEqual(['last']);
  });
});
