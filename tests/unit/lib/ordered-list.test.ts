import fc from 'fast-check';
import { expect, it } from 'vitest';
import { insertAllInOrder, insertInOrder } from '@/lib/ordered-list';

const byKey = (left: { key: number }, right: { key: number }) => left.key - right.key;
const items = fc.array(fc.record({ key: fc.nat(9), name: fc.string() }));

it('keeps a list in order, items that compare the same in the order of insertion', () => {
  fc.assert(
    fc.property(items, (all) => {
      const list: typeof all = [];
      for (const item of all) insertInOrder(list, item, byKey);
      expect(list).toEqual(all.toSorted(byKey));
    }),
  );
});

it('takes in a page as if its items came one by one', () => {
  fc.assert(
    fc.property(items, items, (before, page) => {
      const list = before.toSorted(byKey);
      insertAllInOrder(list, page.toSorted(byKey), byKey);
      expect(list).toEqual([...before.toSorted(byKey), ...page.toSorted(byKey)].toSorted(byKey));
    }),
  );
});

it('puts an item at the end with one comparison', () => {
  const list = Array.from({ length: 1_000 }, (_, key) => ({ key }));
  let comparisons = 0;
  insertInOrder(list, { key: 1_000 }, (left, right) => {
    comparisons += 1;
    return byKey(left, right);
  });
  expect([comparisons, list.at(-1)]).toEqual([1, { key: 1_000 }]);
});
