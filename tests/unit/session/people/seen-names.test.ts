import { expect, it } from 'vitest';
import { createSeenNames } from '@/session/people/seen-names';
import { ME, OTHER } from '@tests/unit/session/fake-room';

it('a name is new once for each seat, however it is written', () => {
  const seen = createSeenNames();
  expect(['Ann', 'ann', 'ＡＮＮ', 'Ben'].map((name) => seen.note(ME, name, 1))).toEqual([true, false, false, true]);
  expect(seen.note(OTHER, 'Ann', 1)).toBe(true);
  seen.clear();
  expect(seen.note(ME, 'Ann', 1)).toBe(true);
});

it('the last message under another name is known, whatever order messages are read in', () => {
  const seen = createSeenNames();
  expect(seen.lastUnderAnother(ME, 'Ann')).toBe(-Infinity);
  for (const [name, at] of [
    ['Ben', 30],
    ['Ben', 10],
    ['Ann', 50],
    ['Cid', 20],
  ] as const)
    seen.note(ME, name, at);
  expect(seen.lastUnderAnother(ME, 'ANN')).toBe(30);
  expect(seen.lastUnderAnother(ME, 'Ben')).toBe(50);
  expect(seen.lastUnderAnother(ME, null)).toBe(50);
  expect(seen.lastUnderAnother(OTHER, 'Ann')).toBe(-Infinity);
});
