import { expect, it } from 'vitest';
import { ringOf } from '@/components/room/header/ring-of';

it.each([
  [600, 1],
  [330, 0.5],
  [61, 1 / 540],
])('with %i of 600 seconds left, an arc of what is left until the last minute', (secondsLeft, share) => {
  expect(ringOf(secondsLeft, 600)).toEqual({ phase: 'left', share });
});

it.each([
  [60, 0],
  [30, 0.5],
  [0, 1],
])('closes in the last minute, of whatever lifetime: %i seconds left', (secondsLeft, share) => {
  for (const lifetime of [60, 600, 3_600]) expect(ringOf(secondsLeft, lifetime)).toEqual({ phase: 'closing', share });
});

it('never turns past its end, also where the lifetime is said to be shorter than what is left', () => {
  expect(ringOf(700, 600)).toEqual({ phase: 'left', share: 1 });
});
