import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMarkup } from '@/lib/markup';
import type { Inline } from '@/lib/markup-inline';

const partsOf = (text: string): readonly Inline[] =>
  parseMarkup(text).flatMap((block) => ('code' in block ? [] : block.lines.flatMap(({ parts }) => parts)));
const linksOf = (parts: readonly Inline[]): string[] =>
  parts.flatMap((part) =>
    typeof part === 'string' || 'text' in part
      ? []
      : part.kind === 'link'
        ? part.parts.map(String)
        : linksOf(part.parts),
  );
const linksIn = (text: string) => linksOf(partsOf(text));

describe('links in a text', () => {
  it.each([
    ['none', 'nothing to press', []],
    ['one among words', 'see https://example.com/a?b=c#d for it', ['https://example.com/a?b=c#d']],
    ['several', 'http://a.example\nHTTPS://b.example', ['http://a.example', 'HTTPS://b.example']],
    [
      'the end of a sentence',
      'Is it https://example.com/a? Yes, (https://example.com/b).',
      ['https://example.com/a', 'https://example.com/b'],
    ],
    ['brackets of its own', 'https://example.com/a_(b)', ['https://example.com/a_(b)']],
    ['quotes', '"https://example.com" <https://example.org>', ['https://example.com', 'https://example.org']],
    ['another script', 'siehe https://example.com/straße, مرحبا', ['https://example.com/straße']],
    ['no other scheme', 'javascript:alert(1) data:text/html,x ftp://example.com //example.com', []],
    [
      'nothing that turns it around',
      'https://example.com/\u202egpj.exe https://a.example\u2069b',
      ['https://example.com/', 'https://a.example'],
    ],
    ['no address', 'https:// https://. http://[', []],
  ])('are found: %s', (_, text, links) => {
    expect(linksIn(text)).toEqual(links);
  });

  it('lead by http only', () => {
    const part = fc.constantFrom(
      'https://',
      'http://a.b',
      ' ',
      '(',
      ')',
      '.',
      'javascript:',
      '\n',
      '"',
      'x',
      '[',
      ']',
      '?',
      '\u202e',
      '#',
      '@',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(part, fc.string())).map((parts) => parts.join('')),
        (text) => {
          for (const link of linksIn(text)) expect(new URL(link).protocol).toMatch(/^https?:$/);
        },
      ),
    );
  });
});
