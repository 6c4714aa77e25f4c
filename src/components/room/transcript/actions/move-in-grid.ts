import type { KeyboardEvent } from 'react';

const middleOf = (element: Element) => {
  const { left, width, top } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top };
};

/** The nearest element of the next row that has one, upwards or downwards. */
function inNextRow(items: readonly HTMLElement[], current: HTMLElement, step: -1 | 1): HTMLElement | undefined {
  const from = middleOf(current);
  const beyond = items.map((item) => ({ item, ...middleOf(item) })).filter(({ y }) => (y - from.y) * step > 1);
  const rowY = step > 0 ? Math.min(...beyond.map(({ y }) => y)) : Math.max(...beyond.map(({ y }) => y));
  return beyond
    .filter(({ y }) => Math.abs(y - rowY) <= 1)
    .sort((one, other) => Math.abs(one.x - from.x) - Math.abs(other.x - from.x))[0]?.item;
}

/**
 * Moves the focus among the elements of a list or a grid with the arrow keys, Home and End, as they stand on the screen: rows may
 * be of any length. One of them is a stop of the Tab key.
 */
export function moveInGrid(event: KeyboardEvent<HTMLElement>, selector: string): void {
  if (!(event.target instanceof HTMLElement) || !event.target.matches(selector)) return;
  const items = Array.from(event.currentTarget.querySelectorAll<HTMLElement>(selector));
  const index = items.indexOf(event.target);
  const isMirrored = getComputedStyle(event.target).direction === 'rtl';
  const nextOf: Record<string, () => HTMLElement | undefined> = {
    ArrowRight: () => items[index + (isMirrored ? -1 : 1)],
    ArrowLeft: () => items[index + (isMirrored ? 1 : -1)],
    ArrowDown: () => inNextRow(items, items[index] ?? event.currentTarget, 1),
    ArrowUp: () => inNextRow(items, items[index] ?? event.currentTarget, -1),
    Home: () => items[0],
    End: () => items.at(-1),
  };
  const find = nextOf[event.key];
  if (find === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const next = find();
  if (next === undefined) return;
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
