import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memberIdSchema, type MemberId } from '@/domain/room';
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

describe('a list that was made before a newcomer’s stream was open', () => {
  const listed = (memberId: MemberId, here: boolean) => ({ memberId, joinedAt: 1, owner: false, here });

  it('does not show the newcomer away, not even for a moment', () => {
    const shown: boolean[] = [];
    seats.list.subscribe(() => shown.push(isHere() ?? false));
    seats.replace([listed(ME, true), listed(NEW, false)]);
    seats.setHere([ME, NEW]);
    vi.advanceTimersByTime(60_000);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown).not.toContain(false);
  });

  it('shows them away once they do not listen in time, and somebody who was seated before at once', () => {
    seats.replace([listed(ME, true), listed(NEW, false), listed(OTHER, false)]);
    expect(seats.list.get().map(({ here }) => here)).toEqual([true, true, false]);
    vi.advanceTimersByTime(5_000);
    expect(isHere()).toBe(false);
  });

  it('that names the newcomer ends the waiting for them', () => {
    seats.replace([listed(ME, true), listed(NEW, true)]);
    vi.advanceTimersByTime(60_000);
    expect(isHere()).toBe(true);
  });
});

it('whoever reads the list is here, whatever it says', () => {
  const self = () => seats.list.get().find((person) => person.self)?.here;
  seats.replace([{ memberId: ME, joinedAt: 1, owner: false, here: false }]);
  expect(self()).toBe(true);
  seats.setHere([]);
  expect(self()).toBe(true);
  seats.moveHere({ went: [ME] });
  expect(self()).toBe(true);
});
