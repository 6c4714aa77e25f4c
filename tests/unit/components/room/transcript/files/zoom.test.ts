import { expect, it } from 'vitest';
import { FITTED, moved, zoomed } from '@/components/room/transcript/files/zoom';

const boxes = { stage: { width: 400, height: 300 }, picture: { width: 400, height: 200 } };
const middle = { x: 0, y: 0 };

it('what lies under the finger stays there', () => {
  const view = zoomed(FITTED, 2, { x: 100, y: 0 }, boxes);
  expect(view).toEqual({ scale: 2, x: -100, y: 0 });
  // The point that lay 100 to the right of the middle still does.
  expect(view.x + 100 * view.scale).toBe(100);
});

it('never gets smaller than the whole, nor larger than eight times that', () => {
  expect(zoomed(FITTED, 0.1, middle, boxes)).toEqual(FITTED);
  expect(zoomed(FITTED, 100, middle, boxes).scale).toBe(8);
});

it('moves no further than there is picture', () => {
  const large = zoomed(FITTED, 2, middle, boxes);
  expect(moved(large, { x: 1_000, y: 1_000 }, boxes)).toEqual({ scale: 2, x: 200, y: 50 });
  expect(moved(FITTED, { x: 50, y: 50 }, boxes)).toEqual(FITTED);
});

it('lies in the middle again once it is whole again', () => {
  const away = moved(zoomed(FITTED, 4, middle, boxes), { x: 300, y: 0 }, boxes);
  expect(zoomed(away, 1 / 4, middle, boxes)).toEqual(FITTED);
});
