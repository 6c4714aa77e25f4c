import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeTokens } from '@/lib/code-tokens';

const shown = (code: string, language?: string) =>
  codeTokens(code, language)
    .map(({ kind, text }) => (kind === 'plain' ? text : `[${kind} ${text}]`))
    .join('');

describe('the parts of a program', () => {
  it.each([
    ['const a = "b\\"c" + 1.5; // d', '[keyword const] a = [string "b\\"c"] + [number 1.5]; [comment // d]'],
    ["x = 'y' # z\nreturn", "x = [string 'y'] [comment # z]\n[keyword return]"],
    ['/* a\nb */ if', '[comment /* a\nb */] [keyword if]'],
    ['#fff .a#b', '#fff .a#b'],
    ['SELECT 1 -- one', '[keyword SELECT] [number 1] [comment -- one]'],
    ['<!-- a --> b', '[comment <!-- a -->] b'],
    ['`a\n${b}` 0xff', '[string `a\n${b}`] [number 0xff]'],
    ['constant a1 été', 'constant a1 été'],
    ['"open\nif', '[string "open]\n[keyword if]'],
  ])('are told apart: %s', (code, expected) => {
    expect(shown(code)).toBe(expected);
  });

  it('are not looked for in what is no program', () => {
    expect(shown('don’t if 1', 'text')).toBe('don’t if 1');
  });

  it('are the whole text', () => {
    const part = fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '/*',
      '*/',
      '//',
      '#',
      '--',
      '<!--',
      '-->',
      '\n',
      ' ',
      'if',
      '1',
      'é',
      '👍',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(part, fc.string())).map((parts) => parts.join('')),
        (code) => {
          expect(
            codeTokens(code)
              .map(({ text }) => text)
              .join(''),
          ).toBe(code);
        },
      ),
    );
  });
});
