import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { memberIdSchema } from '@/domain/room';
import { createMeanwhile } from '@/session/meanwhile';
import { createSeats, type Seats } from '@/session/people/seats';

const [ME, NEW, OTHER] = ['Member0000000000', 'Newcomer00000000', 'Other00000000000'].map((id) =>
  memberIdSchema.parse(id),
);
if (ME === undefined || NEW === undefined || OTHER === undefined) throw new Error('three members are needed');

let seats: Seats;
const isHere = () => seats.list.get().find(({ memberId }) => memberId === NEW)?.here;

beforeEach(() => {
  vi.useFakeTimers();
  seats = createSeats(ME, () => ({ name: null, tint: 0 }), createMeanwhile());
  seats.join(NEW, 1);
});
afterEach(() => vi.useRealTimers());

it('a newcomer is here from the first moment, whoever else is named before their stream is open', () => {
  expect(isHere()).toBe(true);
  seats.setHere([ME]);
  expect(isHere()).toBe(true);
  seats.setHere([ME, NEW]);
  vi.advanceTimersByTime(60_000);
  expect(isHere()).toBe(true);
});

it('a newcomer who never listens is away after five seconds', () => {
  seats.setHere([ME]);
  vi.advanceTimersByTime(4_999);
  expect(isHere()).toBe(true);
  vi.advanceTimersByTime(1);
  expect(isHere()).toBe(false);
});

it('one who came and went is away at once', () => {
  seats.setHere([ME, NEW]);
  seats.setHere([ME]);
  expect(isHere()).toBe(false);
});

it('in a large room one who came stays here, and one who went is away', () => {
  seats.moveHere({ came: [NEW] });
  vi.advanceTimersByTime(5_000);
  expect(isHere()).toBe(true);
  seats.moveHere({ went: [NEW] });
  expect(isHere()).toBe(false);
});

it('one who left meanwhile stays gone from the list', () => {
  seats.leave(NEW);
  seats.setHere([ME, OTHER]);
  vi.advanceTimersByTime(5_000);
  expect(seats.list.get()).toEqual([]);
});
