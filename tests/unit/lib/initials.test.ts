import { expect, it } from 'vitest';
import { initialsOf } from '@/lib/initials';

it.each([
  ['two words', 'Misty Marten', 'MM'],
  ['one word', 'bob', 'B'],
  ['many words', 'ann of the green hill', 'AH'],
  ['an accent of its own', 'e\u0301mile zola', 'ÉZ'],
  ['a letter whose capital is two', 'ßen', 'ß'],
  ['brackets and signs in front', '“bob” (the) #builder', 'BB'],
  ['an emoji in front', '🦋 Zoë', '🦋'],
  ['an emoji behind', 'Zoë 🦋', 'Z'],
  ['an emoji of many parts', '👩‍👩‍👧‍👦 family', '👩‍👩‍👧‍👦'],
  ['Arabic, whose letters join', 'علی رضا', 'ع'],
  ['Hebrew', 'שלום עולם', 'ש'],
  ['Chinese', '王小明', '王'],
  ['Devanagari, with its vowel', 'नि शा', 'नि'],
  ['digits', '007 bond', '0'],
  ['a mark that somebody typed', 'Bob · 2', 'B'],
  ['no letter at all', '***', '*'],
])('of a name with %s', (_what, name, initials) => {
  expect(initialsOf(name, 'en')).toBe(initials);
});

it('has the capitals of the reader’s language', () => {
  expect(initialsOf('ilker ışık', 'tr')).toBe('İI');
  expect(initialsOf('ilker', 'en')).toBe('I');
});
