import { expect, it } from 'vitest';
import { createMeanwhile } from '@/session/meanwhile';

it('each call is given the changes made while it was under way, in order, and no others', () => {
  const meanwhile = createMeanwhile<string>();
  meanwhile.note('before both');
  const finishFirst = meanwhile.begin();
  meanwhile.note('during the first');
  const finishSecond = meanwhile.begin();
  meanwhile.note('during both');
  expect(finishFirst()).toEqual(['during the first', 'during both']);
  meanwhile.note('during the second');
  expect(finishSecond()).toEqual(['during both', 'during the second']);
  expect(finishFirst()).toHaveLength(2);
});
