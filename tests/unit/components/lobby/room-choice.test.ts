import { expect, it } from 'vitest';
import { FIRST_CHOICE, MORE, peopleOf, readChoice, roomAsked, type Listing } from '@/components/lobby/room-choice';

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

const asked = (values: Record<string, string>, listing: Listing | null = null) =>
  roomAsked(readChoice(formOf(values)), listing);

it('one press makes a room for ten people that nobody finds', () => {
  expect(asked({})).toEqual({ lifetimeSeconds: 600, maxMembers: 10 });
});

it('a room for two has two seats and locks itself, whatever number was chosen before', () => {
  const room = { lifetimeSeconds: 300, maxMembers: 2, locksWhenFull: true };
  expect(asked({ kind: 'pair', minutes: '5', people: '50' })).toEqual(room);
  expect(asked({ kind: 'pair', minutes: '5', people: MORE, typed: 'nonsense' })).toEqual(room);
});

it('a public room needs what stands on the front page, and no other room has it', () => {
  const listing: Listing = { listed: true, topic: 'Balcony tomatoes' };
  expect(asked({ kind: 'public' })).toBeNull();
  expect(asked({ kind: 'public' }, listing)).toEqual({ lifetimeSeconds: 600, maxMembers: 10, ...listing });
  expect(asked({ kind: 'group' }, listing)).not.toHaveProperty('listed');
});
