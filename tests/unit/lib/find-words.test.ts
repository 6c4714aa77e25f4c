import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { findWords, fold, wordsOf } from '@/lib/find-words';

function marked(text: string, query: string): string | null {
  const spans = findWords(fold(text), wordsOf(query));
  if (spans === null) return null;
  let shown = '';
  let at = 0;
  for (const { from, to } of spans) {
    shown += `${text.slice(at, from)}[${text.slice(from, to)}]`;
    at = to;
  }
  return shown + text.slice(at);
}

describe('words in a text', () => {
  it.each([
    ['any case', 'Hello HELLO', 'hello', '[Hello] [HELLO]'],
    ['a part of a word', 'snowstorm', 'storm', 'snow[storm]'],
    ['without accents', 'Él llegó', 'el LLEGO', '[Él] [llegó]'],
    ['with accents', 'el llego', 'él llegó', '[el] [llego]'],
    ['decomposed', 'e\u0301te\u0301 ete', 'été', '[e\u0301te\u0301] [ete]'],
    ['ß and ss', 'Straße STRASSE', 'strasse', '[Straße] [STRASSE]'],
    ['sigmas', 'ΟΔΟΣ οδος', 'οδός', '[ΟΔΟΣ] [οδος]'],
    ['the dotless i', 'İstanbul ıstanbul', 'istanbul', '[İstanbul] [ıstanbul]'],
    ['vowel points', 'שָׁלוֹם مَرْحَبًا', 'שלום مرحبا', '[שָׁלוֹם] [مَرْحَبًا]'],
    ['widths and ligatures', 'ﬁne ＡＢＣ', 'fine abc', '[ﬁne] [ＡＢＣ]'],
    ['several, in any order', 'one two three', 'three one', '[one] two [three]'],
    ['overlapping', 'abcd', 'abc bcd', '[abcd]'],
    ['emoji', 'so 👍🏽 it is', '👍🏽', 'so [👍🏽] it is'],
    ['scripts whose vowels are signs', 'किताब', 'कि', '[कि]ताब'],
    ['all or none', 'one two', 'one three', null],
    ['not another vowel', 'कु', 'कि', null],
    ['no pattern', 'a.c abc', 'a.c', '[a.c] abc'],
  ])('are found: %s', (_, text, query, expected) => {
    expect(marked(text, query)).toBe(expected);
  });

  it('are found in any text that contains them, at whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }), (before, word) => {
        fc.pre(wordsOf(word).length === 1 && !/\s/u.test(word));
        const spans = findWords(fold(`${before} ${word} end`), wordsOf(word));
        expect(spans).not.toBeNull();
        for (const { from, to } of spans ?? []) {
          expect(from).toBeLessThan(to);
          expect(/\p{Surrogate}/u.test(`${before} ${word} end`.slice(from, to))).toBe(false);
        }
      }),
    );
  });
});

it('each character of a long talk is folded once, and one of thousands of characters as any other', () => {
  const normalize = vi.spyOn(String.prototype, 'normalize');
  const text = 'Ünd so weiter, ';
  fold(text.repeat(1_000));
  expect(normalize.mock.calls.length).toBeLessThanOrEqual(new Set(text).size);
  const all = Array.from({ length: 10_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  expect(fold(all).text).toHaveLength(fold(all).from.length - 1);
  expect(fold(text).text).toBe('und so weiter, ');
  normalize.mockRestore();
});
