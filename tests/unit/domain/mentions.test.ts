import { describe, expect, it } from 'vitest';
import { createHandleBook, fitsQuery, handleOf, mentionQueryAt } from '@/domain/mentions';
import { memberIdSchema } from '@/domain/room';

const idOf = (name: string) => memberIdSchema.parse(name.replace(/\W/gu, '').padEnd(16, 'x').slice(0, 16));
const NAMES = ['Ann', 'Ann Lee', 'Rowan', 'Rowan · 2', '小明', 'Zoë', 'anna.b'];

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
