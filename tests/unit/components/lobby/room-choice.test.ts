import { expect, it } from 'vitest';
import { FIRST_CHOICE, MORE, peopleOf, readChoice } from '@/components/lobby/room-choice';

const formOf = (values: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

it('a form in which nothing was chosen makes the room of always: ten minutes, ten people', () => {
  expect(readChoice(formOf({}))).toEqual(FIRST_CHOICE);
  expect([FIRST_CHOICE.minutes, peopleOf(FIRST_CHOICE)]).toEqual(['10', 10]);
});

it('a typed number counts for "More" alone', () => {
  expect(peopleOf(readChoice(formOf({ minutes: '5', people: '2', typed: 'nonsense' })))).toBe(2);
  expect(peopleOf(readChoice(formOf({ people: MORE, typed: '70' })))).toBe(70);
});

it.each([
  ['2', 2],
  ['1000', 1_000],
  ['1', null],
  ['1001', null],
  ['2.5', null],
  ['', null],
  [' ', null],
  ['many', null],
])('a room for %j people is %j', (typed, people) => {
  expect(peopleOf({ ...FIRST_CHOICE, people: MORE, typed })).toBe(people);
});
