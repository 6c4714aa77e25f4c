import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkup, plainWords, type Block } from '@/lib/markup';
import type { Inline } from '@/lib/markup-inline';

const partsOf = (block: Block): readonly Inline[] =>
  'code' in block ? [block.open, block.code, block.close] : block.lines.flatMap(({ parts }) => parts);
const textOf = (parts: readonly Inline[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : textOf(part.parts))).join('');

/** A block on one line: pieces in brackets with their kind, marks left out. */
function shownInline(parts: readonly Inline[]): string {
  return parts
    .map((part) =>
      typeof part === 'string' ? part : 'text' in part ? '' : `[${part.kind} ${shownInline(part.parts)}]`,
    )
    .join('');
}
const shown = (text: string, names?: readonly string[]): string[] =>
  parseMarkup(text, names).map((block) =>
    'code' in block
      ? `code-block ${block.language}: ${block.code}`
      : `${block.kind}: ${block.lines.map(({ parts, value }) => `${value === undefined ? '' : `${value} `}${shownInline(parts)}`).join('|')}`,
  );
const inline = (text: string, names?: readonly string[]) => shown(text, names).join().replace('paragraph: ', '');

describe('signs in a line', () => {
  it.each([
    ['**bold**', '[bold bold]'],
    ['a *slanted* word', 'a [italic slanted] word'],
    ['a _slanted_ word', 'a [italic slanted] word'],
    ['~~struck~~', '[strike struck]'],
    ['`code`', '[code code]'],
    ['``a ` b``', '[code a ` b]'],
    ['```code```', '[code code]'],
    ['***both***', '[bold [italic both]]'],
    ['**bold and *slanted***', '[bold bold and [italic slanted]]'],
    ['*slanted and **bold***', '[italic slanted and [bold bold]]'],
    ['(*a*), "**b**".', '([italic a]), "[bold b]".'],
    ['これは**重要**です', 'これは[bold 重要]です'],
    ['아주 **중요**한', '아주 [bold 중요]한'],
    ['**ein *Haus* am ~~Meer~~**', '[bold ein [italic Haus] am [strike Meer]]'],
    ['*👍*', '[italic 👍]'],
  ])('set what they stand around: %s', (text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it.each([
    'snake_case and other_snake_case',
    '2*3*4',
    '2 * 3 * 4',
    '**kwargs, *args',
    '**open',
    'closed**',
    '**',
    '****',
    '** **',
    '__init__',
    '~one~',
    '~~~~',
    '*_*  -_-  >_<  T_T',
    'a** b **c',
    '`open',
    '``',
    '*️⃣*️⃣',
    '\\o/ ¯\\_(ツ)_/¯',
    '@nobody ann@example.com',
    '#one',
    'a > b',
    '>:(',
    '-5 degrees',
    '1.5 metres',
    '2026. A year',
    '- ',
  ])('stay words where they have no partner, or stand inside a word: %s', (text) => {
    expect(shown(text)).toEqual([`paragraph: ${text}`]);
  });

  it.each([
    ['**a *b** c*', '[bold a *b] c*'],
    ['*a **b* c**', '[italic a **b] c**'],
    ['**a\nb**', '**a\nb**'],
    ['*a* *b* *c', '[italic a] [italic b] *c'],
  ])('never stand across each other or over the end of a line: %s', (text, expected) => {
    expect(inline(text).replaceAll('|', '')).toBe(expected);
  });

  it('set nothing inside code and addresses', () => {
    expect(inline('`**a** _b_ https://a.example @Ann`', ['Ann'])).toBe('[code **a** _b_ https://a.example @Ann]');
    expect(inline('https://a.example/_b_*c*d and _e_')).toBe('[link https://a.example/_b_*c*d] and [italic e]');
  });

  it('go around code, addresses and names', () => {
    expect(inline('**see `x`, https://a.example/b and @Ann**', ['Ann'])).toBe(
      '[bold see [code x], [link https://a.example/b] and [mention @Ann]]',
    );
    expect(inline('**https://a.example/b**')).toBe('[bold [link https://a.example/b]]');
  });

  it('mark a name as it is written, the longest that fits, and not the beginning of another word', () => {
    const names = ['Ann', 'Ann B*r', '@x'];
    expect(inline('@Ann, @Ann B*r! @@x @Anna @ann x@Ann', names)).toBe(
      '[mention @Ann], [mention @Ann B*r]! [mention @@x] @Anna @ann x@Ann',
    );
  });
});

describe('lines that begin with a sign', () => {
  it.each([
    [
      'quotes',
      'so:\n> one *two*\n>\n> three\nno',
      ['paragraph: so:\n', 'quote: one [italic two]\n|\n|three\n', 'paragraph: no'],
    ],
    ['lists', '- a\n- **b**\n1. c\n7. d', ['bullets: a\n|[bold b]\n', 'numbers: 1 c\n|7 d']],
    ['code', 'x\n```ts\n> **a**\n\n- b\n```\ny', ['paragraph: x\n', 'code-block ts: > **a**\n\n- b', 'paragraph: y']],
    ['code without a language, and nothing in it', '```\n```', ['code-block : ']],
    ['paragraphs', 'a\nb\n\n\nc', ['paragraph: a\n|b\n|\n|\n', 'paragraph: c']],
    ['code without an end', '```\na **b**\n```c', ['paragraph: ```\n|a [bold b]\n|```c']],
    ['no language', '```one two\na\n```', ['paragraph: ```one two\n|a\n|```']],
    ['no list in a list', '- - a\n  - b', ['bullets: - a\n', 'paragraph:   - b']],
    ['no quote in a quote', '> > a\n>> b', ['quote: > a\n', 'paragraph: >> b']],
  ])('are %s', (_, text, expected) => {
    expect(shown(text)).toEqual(expected);
  });
});

describe('words without their marks', () => {
  it.each([
    ['**a** `b_c` ~~d~~', 'a b_c d'],
    ['> one\n- two\n```js\nthree()\n```', 'one\ntwo\nthree()'],
    ['snake_case', 'snake_case'],
  ])('%j', (text, expected) => {
    expect(plainWords(text)).toBe(expected);
  });
});

/** Pieces as hostile as a person can make them. */
const hostile = fc.constantFrom(
  ...[
    '*',
    '**',
    '***',
    '_',
    '~~',
    '`',
    '``',
    '```',
    '```\n',
    '\n```\n',
    '> ',
    '>',
    '- ',
    '1. ',
    '\n',
    ' ',
    'a',
    '9',
    '[',
    ']',
  ],
  ...['(', ')', '.', 'http://', 'https://a.b/', '@', '@Ann', '字', '👍', '\ufe0f', '\u202e', 'é', 'שלום', '\ud83d'],
);
const hostileText = fc
  .array(fc.oneof({ weight: 9, arbitrary: hostile }, fc.string()), { maxLength: 400 })
  .map((parts) => parts.join(''));

it('a text that was read is the same text, character for character', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(
        parseMarkup(text, ['Ann'])
          .map((block) => textOf(partsOf(block)))
          .join(''),
      ).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

it('pieces nest no deeper than there are signs', () => {
  const depthOf = (parts: readonly Inline[]): number =>
    Math.max(0, ...parts.map((part) => (typeof part === 'string' || 'text' in part ? 0 : 1 + depthOf(part.parts))));
  fc.assert(
    fc.property(hostileText, (text) => {
      for (const block of parseMarkup(text, ['Ann'])) expect(depthOf(partsOf(block))).toBeLessThanOrEqual(5);
    }),
  );
});

/** The text, and how many of its characters were looked at; a way to look that is not counted throws. */
function counted(text: string) {
  let visited = 0;
  const count = (characters: number) => void (visited += Math.max(0, characters));
  const ways: Record<string, unknown> = {
    length: text.length,
    charAt: (at: number) => (count(1), text.charAt(at)),
    slice: (from: number, to = text.length) => (count(Math.min(to, text.length) - from), text.slice(from, to)),
    startsWith: (part: string, at: number) => (count(part.length), text.startsWith(part, at)),
    indexOf: (part: string, from: number) => {
      const found = text.indexOf(part, from);
      count((found < 0 ? text.length : found) - from + 1);
      return found;
    },
  };
  const proxy: unknown = new Proxy(Object(text) as object, {
    get: (_, way) => {
      if (typeof way === 'string' && way in ways) return ways[way];
      throw new Error(`looked at in a way that is not counted: ${String(way)}`);
    },
  });
  return { text: proxy as string, visited: () => visited };
}

const NAMES = ['Ann', 'a', '*', '@'];
/** Looks for each character, in the worst case: the line, the sign, what stands beside it, the words between signs, the address. */
const LOOKS_MAX = 40;

function visitsOf(text: string): number {
  const { text: looked, visited } = counted(text);
  parseMarkup(looked, NAMES);
  return visited();
}

describe('the characters that are looked at', () => {
  it('are a bounded number for each one of a text, however hostile it is', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visitsOf(text)).toBeLessThanOrEqual(LOOKS_MAX * text.length);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '*',
    '**',
    '*a',
    '*a ',
    '* a',
    '**a *b ',
    '*.',
    '*._',
    '_*.',
    '***',
    '~~',
    '~~a ',
    '_a ',
    '`',
    '`a',
    '``a`',
    '```',
    '```\n',
    '```a\n',
    '> ',
    '>\n',
    '> *a\n',
    '- ',
    '- a\n',
    ' - a\n',
    '1. a\n',
    '[',
    '[[',
    '](',
    'http://',
    'http://[',
    'https://a.b/).',
    'https://a.b/(',
    'https://a.',
    '@',
    '@A',
    '@a',
    '\n',
    ' ',
    '字**',
    '*字',
    'a_',
    '👍*',
  ])('grow with the text and no faster, where it is nothing but %j', (part) => {
    const short = part.repeat(Math.ceil(1_000 / part.length)).slice(0, 1_000);
    const long = part.repeat(Math.ceil(100_000 / part.length)).slice(0, 100_000);
    expect(visitsOf(short)).toBeLessThanOrEqual(LOOKS_MAX * short.length);
    expect(visitsOf(long) / visitsOf(short)).toBeLessThanOrEqual(110);
  });
});
