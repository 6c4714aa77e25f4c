type Compare<T> = (left: T, right: T) => number;

/** Where an item belongs in a list that is in order: behind those that compare the same. At the end it takes one comparison. */
function placeOf<T>(list: readonly T[], item: T, compare: Compare<T>): number {
  let low = 0;
  let high = list.length;
  let middle = high - 1;
  while (low < high) {
    const candidate = list[middle];
    if (candidate === undefined || compare(candidate, item) <= 0) low = middle + 1;
    else high = middle;
    middle = (low + high) >> 1;
  }
  return low;
}

export function insertInOrder<T>(list: T[], item: T, compare: Compare<T>): void {
  list.splice(placeOf(list, item, compare), 0, item);
}

/**
 * The same for items that are in order themselves: a page that belongs between two neighbours is moved in at once. Returns
 * whether all of them came to the end.
 */
export function insertAllInOrder<T>(list: T[], items: readonly T[], compare: Compare<T>): boolean {
  const [first] = items;
  const last = items.at(-1);
  if (first === undefined || last === undefined) return true;
  const place = placeOf(list, first, compare);
  const isEnd = place === list.length;
  if (isEnd || place === placeOf(list, last, compare)) list.splice(place, 0, ...items);
  else for (const item of items) insertInOrder(list, item, compare);
  return isEnd;
}
