import { expect, it } from 'vitest';
import { deriveStore } from '@/lib/derived-store';
import { createStore } from '@/lib/store';

it('a derived value is there at once, and follows each of its sources', () => {
  const price = createStore(2);
  const count = createStore(3);
  const total = deriveStore([price, count], () => price.get() * count.get());
  const seen: number[] = [];
  total.subscribe(() => seen.push(total.get()));
  expect(total.get()).toBe(6);
  price.set(5);
  count.set(1);
  expect(seen).toEqual([15, 5]);
});

it('a derived value that stays the same notifies nobody', () => {
  const count = createStore(3);
  const isOdd = deriveStore([count], () => count.get() % 2 === 1);
  let changes = 0;
  isOdd.subscribe(() => (changes += 1));
  count.set(5);
  expect(changes).toBe(0);
  count.set(6);
  expect(changes).toBe(1);
});
