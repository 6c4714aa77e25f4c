import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCursors, type Cursor, cursorSchema } from '@/domain/message';
import { EventRing } from '@/server/realtime/event-ring';
import type { FeedEvent } from '@/server/realtime/wire';

const at = (ms: number, sequence = 0): Cursor => cursorSchema.parse(`${ms}-${sequence}`);
const event = (id: Cursor, size = 10, said: Partial<FeedEvent> = {}): FeedEvent => ({
  id,
  bytes: Buffer.alloc(size),
  stored: true,
  previous: null,
  to: null,
  ends: null,
  moves: null,
  presence: null,
  goesWith: [],
  takesBack: null,
  ...said,
});
const message = (id: Cursor, ...goesWith: string[]) => event(id, 10, { goesWith });
const removal = (id: Cursor, takesBack: string) => event(id, 10, { takesBack });
const ids = (events: FeedEvent[]) => events.map(({ id }) => id);

describe('the ring of recent events', () => {
  it('answers every position from its start on, and none before', () => {
    const ring = new EventRing(at(100));
    expect([ring.covers(at(99, 9)), ring.covers(at(100)), ring.covers(at(7_000))]).toEqual([false, true, true]);
    expect(ring.after(at(100))).toEqual([]);
  });

  it('gives what came after a position that it holds, and after one that lies between', () => {
    const ring = new EventRing(at(0));
    for (const ms of [10, 20, 30]) ring.add(event(at(ms)));
    expect(ids(ring.after(at(0)))).toEqual([at(10), at(20), at(30)]);
    expect(ids(ring.after(at(10)))).toEqual([at(20), at(30)]);
    expect(ids(ring.after(at(25)))).toEqual([at(30)]);
    expect(ring.after(at(30))).toEqual([]);
    expect(ring.after(at(31))).toEqual([]);
  });

  it('compares positions as numbers and not as texts', () => {
    const ring = new EventRing(at(9));
    ring.add(event(at(9, 9)));
    ring.add(event(at(9, 10)));
    ring.add(event(at(10)));
    expect(ids(ring.after(at(9, 9)))).toEqual([at(9, 10), at(10)]);
  });

  it('puts what comes late into its place, and knows what it misses', () => {
    const ring = new EventRing(at(5));
    ring.add(event(at(10)));
    ring.add(event(at(30)));
    expect([ring.misses(at(20)), ring.misses(at(10)), ring.misses(at(5)), ring.misses(at(4))]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    ring.add(event(at(20)));
    expect(ids(ring.after(at(5)))).toEqual([at(10), at(20), at(30)]);
    expect(ring.misses(at(20))).toBe(false);
  });

  it('forgets the oldest events beyond its limit, and says that it cannot answer from there', () => {
    const ring = new EventRing(at(0));
    for (let ms = 1; ms <= 600; ms += 1) ring.add(event(at(ms)));
    expect(ring.covers(at(87))).toBe(false);
    expect(ring.covers(at(88))).toBe(true);
    expect(ring.after(at(88))).toHaveLength(512);
    expect(ring.misses(at(40))).toBe(false);
  });

  it('forgets the oldest events beyond its limit of bytes', () => {
    const ring = new EventRing(at(0));
    for (let ms = 1; ms <= 10; ms += 1) ring.add(event(at(ms), 100_000));
    expect(ring.covers(at(4))).toBe(false);
    expect(ids(ring.after(at(5)))).toEqual([6, 7, 8, 9, 10].map((ms) => at(ms)));
  });

  it('gives, for any order of coming and any position it covers, exactly what a stream would', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }),
        fc.integer({ min: 0, max: 61 }),
        (order, from) => {
          const ring = new EventRing(at(0));
          for (const ms of order) ring.add(event(at(ms)));
          const expected = order
            .map((ms) => at(ms))
            .sort(compareCursors)
            .filter((id) => compareCursors(id, at(from)) > 0);
          expect(ids(ring.after(at(from)))).toEqual(expected);
        },
      ),
    );
  });

  it('gives no message that was taken back, nor its edits, and goes on answering from where they stood', () => {
    const ring = new EventRing(at(0));
    ring.add(message(at(10), 'message-1'));
    ring.add(message(at(20), 'message-2'));
    ring.add(message(at(30), 'the-edit', 'message-1'));
    ring.add(removal(at(40), 'message-1'));
    expect(ids(ring.after(at(0)))).toEqual([at(20), at(40)]);
    expect(ids(ring.after(at(10)))).toEqual([at(20), at(40)]);
    expect(ids(ring.after(at(30)))).toEqual([at(40)]);
    expect(ring.covers(at(0))).toBe(true);
  });

  it('takes an edit alone where only that was taken back', () => {
    const ring = new EventRing(at(0));
    ring.add(message(at(10), 'message-1'));
    ring.add(message(at(20), 'the-edit', 'message-1'));
    ring.add(removal(at(30), 'the-edit'));
    expect(ids(ring.after(at(0)))).toEqual([at(10), at(30)]);
  });

  it('knows what was taken back when it comes late, as long as it would have a place', () => {
    const ring = new EventRing(at(0));
    ring.add(removal(at(40), 'message-1'));
    const late = message(at(10), 'message-1');
    expect([ring.isTakenBack(late), ring.isTakenBack(message(at(20), 'the-edit', 'message-1'))]).toEqual([true, true]);
    expect(ring.isTakenBack(message(at(20), 'message-2'))).toBe(false);
    for (let ms = 41; ms <= 600; ms += 1) ring.add(event(at(ms)));
    // The removal has left the ring, and with it every place that the message could have.
    expect([ring.isTakenBack(late), ring.misses(late.id)]).toEqual([false, false]);
  });

  it('has the space of what was taken back again', () => {
    const ring = new EventRing(at(0));
    for (let ms = 1; ms <= 5; ms += 1) ring.add(event(at(ms), 100_000, { goesWith: [`message-${ms}`] }));
    for (let ms = 1; ms <= 4; ms += 1) ring.add(removal(at(10 + ms), `message-${ms}`));
    for (let ms = 21; ms <= 24; ms += 1) ring.add(event(at(ms), 100_000));
    expect(ring.covers(at(0))).toBe(true);
  });
});
