import { describe, expect, it } from 'vitest';
import { fitsQuery, mentionQueryAt } from '@/domain/mention-query';
import { createHandleBook, handleOf } from '@/domain/mentions';
import { MENTIONS_MAX } from '@/domain/limits';
import { memberIdSchema } from '@/domain/room';

const idOf = (name: string) => memberIdSchema.parse(name.replace(/\W/gu, '').padEnd(16, 'x').slice(0, 16));
const NAMES = ['Ann', 'Ann Lee', 'Rowan', 'Rowan · 2', '小明', 'Zoë', 'anna.b', 'Οδυσσευς', 'İdil', '𐐀𐐀'];

function bookOf(names: readonly string[]) {
  const book = createHandleBook();
  for (const name of names) book.add(name, idOf(`m${names.indexOf(name)}`));
  return book;
}
const found = (text: string) =>
  bookOf(NAMES)
    .find(text)
    .map(({ name }) => name);

describe('a name behind an @', () => {
  it.each([
    ['@Ann', ['Ann']],
    ['hello @Ann, and @Rowan!', ['Ann', 'Rowan']],
    ['@Ann Lee knows', ['Ann Lee']],
    ['@Ann Leeds knows', ['Ann']],
    ['@rowan · 2?', ['rowan · 2']],
    ['@Rowan · 23', ['Rowan']],
    ['@ANN @ann', ['ANN']],
    ['@ΟΔΥΣΣΕΥΣ', ['ΟΔΥΣΣΕΥΣ']],
    ['@οδυσσευς', ['οδυσσευς']],
    ['@İdil', ['İdil']],
    ['@𐐨𐐨', ['𐐨𐐨']],
    ['@小明你好', ['小明']],
    ['你好@小明', ['小明']],
    ['@Zoë', ['Zoë']],
    ['(@anna.b)', ['anna.b']],
  ])('%j speaks to %j', (text, names) => {
    expect(found(text)).toEqual(names);
  });

  it.each(['Ann', 'mail@Ann', '@Annabel', '@Rowanä', '@', '@ Ann', '@Annn', 'a@b@c', '@Ann\u0301'])(
    'nobody is spoken to by %j',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

describe('a hostile text', () => {
  /** A text that counts how many of its characters are looked at behind an `@`. */
  function counted(text: string) {
    let visited = 0;
    const ways = {
      codePointAt: (at: number) => ((visited += 1), text.codePointAt(at)),
      slice: (from: number, to: number) => ((visited += Math.min(to, text.length) - from), text.slice(from, to)),
      indexOf: (part: string, at: number) => text.indexOf(part, at),
    };
    const looked = new Proxy(
      {},
      {
        get: (_, way: string) => (way in ways ? ways[way as keyof typeof ways] : text[Number(way)]),
      },
    );
    return { text: looked as unknown as string, visited: () => visited };
  }
  const NAME_CHARACTERS = 100;

  it.each(['@', '@a', 'a @', '@@ ', '@ab'])('of nothing but %j is looked at no longer than one of a few', (part) => {
    const text = part.repeat(1_000).slice(0, 1_000);
    const visits = ['@', 'a', 'b'].map((letter) => {
      const names = Array.from({ length: NAME_CHARACTERS }, (_, index) => `${letter.repeat(index)}!`);
      const { text: looked, visited } = counted(text);
      bookOf(names).find(looked);
      return visited();
    });
    expect(Math.max(...visits)).toBeLessThanOrEqual(2 * MENTIONS_MAX * (NAME_CHARACTERS + 1));
  });

  it('speaks to as many people as a message may mention', () => {
    const names = Array.from({ length: 2 * MENTIONS_MAX }, (_, index) => `Guest ${index}`);
    const everybody = names.map((name) => `@${name}`);
    expect(
      bookOf(names)
        .find(everybody.join(' '))
        .map(({ name }) => name),
    ).toEqual(names.slice(0, MENTIONS_MAX));
  });
});

it('second same names are called with their marks, and whoever has no name is not', () => {
  expect(handleOf({ name: 'Rowan' })).toBe('Rowan');
  expect(handleOf({ name: 'Rowan', mark: 2 })).toBe('Rowan · 2');
  expect(handleOf({ name: null })).toBeNull();
  expect(handleOf({ name: '\u202e' })).toBeNull();
});

describe('what is typed behind an @', () => {
  it.each([
    ['@', 1, { start: 0, text: '' }],
    ['hi @an', 6, { start: 3, text: 'an' }],
    ['hi @ann lee', 11, { start: 3, text: 'ann lee' }],
    ['hi @an there', 6, { start: 3, text: 'an' }],
    ['你好@小', 4, { start: 2, text: '小' }],
  ])('of %j at %i is sought', (text, cursor, query) => {
    expect(mentionQueryAt(text, cursor)).toEqual(query);
  });

  it.each([
    ['me@example', 10],
    ['hi @an', 3],
    ['no', 2],
    ['@a\nb', 4],
  ])('of %j at %i is not', (text, cursor) => {
    expect(mentionQueryAt(text, cursor)).toBeNull();
  });

  it.each([
    ['Ann Lee', '', true],
    ['Ann Lee', 'ann', true],
    ['Ann Lee', 'LEE', true],
    ['Ann Lee', 'ann l', true],
    ['Zoë', 'zoe', true],
    ['Ann', 'nn', false],
  ])('%j fits %j: %s', (handle, query, fits) => {
    expect(fitsQuery(handle, query)).toBe(fits);
  });
});
