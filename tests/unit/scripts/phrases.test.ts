import { describe, expect, it } from 'vitest';
import { describeHit, findPhrases, PHRASES, proseOfCode, proseOfDocument } from '../../../scripts/phrases.mjs';

const namesIn = (file: string, text: string) => findPhrases(file, text).map(({ line, phrase }) => [line, phrase.name]);
const tidy = ({ text }: { text: string }) => text.replaceAll(/\s+/g, ' ').trim();

describe('a phrase not to fall back into', () => {
  it.each(PHRASES)('is found by its own example: $name', ({ name, example }) => {
    expect(namesIn('page.md', example).map(([, found]) => found)).toContain(name);
  });

  it.each([
    'Anyone who asks gets a seat that has been empty for five minutes.',
    'The list of who is here is published once a second.',
    'Who is here? Whoever has a stream.',
    'What happens when the line is down? What was sent waits?',
    'A wrong key can be told apart from no key, and the totals tell the truth.',
    'Nobody can tell which room is meant, and there are so many that a list helps nobody.',
    'That is all. That each key ends is checked elsewhere? The server answers whether anybody waits or not.',
    'There is none. The room is gone, and there is none after it.',
    'Any member may open rooms; put the kettle on.',
    'A method called `tell`, and an event called `read_afresh`.',
  ])('is not seen in good English: %s', (sentence) => {
    expect(namesIn('page.md', sentence)).toEqual([]);
  });

  it('is reported with its file, its line, its words, and what to write instead', () => {
    expect(findPhrases('page.md', 'A line\nthat died without a word.').map(describeHit)).toEqual([
      'page.md:2: "without a word" (without a word). Instead: "silently".',
    ]);
  });
});

describe('in code', () => {
  it('comments of every kind are read, each as one text, at the line where the phrase stands', () => {
    const code = [
      '/**',
      ' * A reader that is slow is let',
      ' * go.',
      ' */',
      'const one = 1; // sealed anew',
      '// The answer is late, and',
      '// nobody’s.',
      'const view = <p>{/* said in the open */}</p>;',
    ].join('\n');
    expect(namesIn('file.tsx', code)).toEqual([
      [2, 'let go'],
      [5, 'anew, afresh'],
      [7, 'nobody’s'],
      [8, 'in the open'],
    ]);
  });

  it('the titles of tests are read, and so are the comments of scripts in Lua', () => {
    const code = [
      "describe.each([1])('a room (%s)', () => {",
      "  it('is none of ours', () => run(`",
      'local one = 1',
      '-- what Redis was told',
      '`));',
      '});',
    ].join('\n');
    expect(proseOfCode('rooms.test.ts', code).map(tidy)).toEqual([
      'a room (%s)',
      'is none of ours',
      'what Redis was told',
    ]);
    expect(namesIn('rooms.test.ts', code)).toEqual([
      [2, 'is none'],
      [4, 'tell'],
    ]);
  });

  it('a function with a type parameter is not taken for a tag, which would hide the comments after it', () => {
    const code = 'const times = <Result>(make: () => Result) => make();\n/** Made anew. */\nconst one = 1;';
    expect(namesIn('times.ts', code)).toEqual([[2, 'anew, afresh']]);
  });

  it('everything else is left alone: names, strings, the words of a page, addresses', () => {
    const code =
      "const told = 'as it happens'; const page = <p>told // anew</p>; const url = 'https://tell.example'; tell(`whom ${told} anew`);";
    expect(proseOfCode('page.tsx', code)).toEqual([]);
  });
});

describe('in documents', () => {
  it('blocks of code and quotations are left alone, and paragraphs are read over their lines', () => {
    const text = [
      '# A room',
      '',
      '```sh',
      'tell me # anew',
      '```',
      '',
      'It is `told`, and put',
      'them out.',
      '',
      '- **Who** leaves, left.',
      '',
      '| a cell | `in | two` |',
    ].join('\n');
    expect(proseOfDocument(text).map(tidy)).toEqual([
      'A room',
      'It is , and put them out.',
      'Who leaves, left.',
      'a cell',
    ]);
    expect(namesIn('README.md', text)).toEqual([
      [7, 'put out'],
      [10, 'a clause that begins with a free "who"'],
    ]);
  });
});
