import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExpiryHeap } from '@/server/storage/embedded/expiry-heap';

interface Item {
  expiresAt: number;
  heapIndex: number;
}

const step = fc.record({ item: fc.nat(9), expiresAt: fc.option(fc.nat(100), { freq: 3 }) });

it('has the soonest on top after any changes, and holds each item once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new ExpiryHeap<Item>();
      const items = Array.from({ length: 10 }, (): Item => ({ expiresAt: 0, heapIndex: -1 }));
      const inside = new Set<Item>();
      for (const { item: index, expiresAt } of steps) {
        const item = items[index] ?? { expiresAt: 0, heapIndex: -1 };
        if (expiresAt === null) {
          heap.remove(item);
          inside.delete(item);
        } else {
          item.expiresAt = expiresAt;
          heap.place(item);
          inside.add(item);
        }
        expect(heap.size).toBe(inside.size);
        const soonest = Math.min(...[...inside].map((other) => other.expiresAt));
        expect(heap.soonest?.expiresAt ?? Infinity).toBe(soonest);
      }
    }),
  );
});
