import { describe, expect, it } from 'vitest';
import { suggestName } from '@/domain/names';
import { NAME_WORDS } from '@tests/support/name-words';

describe('a suggested name', () => {
  it('is two words, for any random number', () => {
    for (const random of [0, 0.25, 0.5, 0.75, 1 - Number.EPSILON])
      expect(suggestName(NAME_WORDS, () => random)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  });

  it('is one of more than a thousand', () => {
    const names = new Set<string>();
    for (let left = 0; left < 40; left += 1) {
      for (let right = 0; right < 40; right += 1) {
        const numbers = [left / 40, right / 40];
        names.add(suggestName(NAME_WORDS, () => numbers.shift() ?? 0));
      }
    }
    expect(names.size).toBe(1_600);
  });
});
