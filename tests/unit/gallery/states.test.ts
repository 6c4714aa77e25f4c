import { isValidElement } from 'react';
import { expect, it } from 'vitest';
import { RETURN_REASONS } from '@/components/lobby/return-reason';
import type { GalleryState } from '@tests/gallery/state';
import { OF_EACH_KIND, SCREENS, STATES } from '@tests/gallery/screens';

const NAMES = [...STATES.keys()];

it('lists each state of each screen once', () => {
  const states = Object.values(SCREENS).flatMap((screen) => Object.values<GalleryState>(screen));
  expect(STATES.size).toBe(states.length);
  expect(new Set(STATES.values())).toEqual(new Set(states));
});

it('has a state for each kind of screen of a room, and a state for each reason to be back on the front page', () => {
  const listed = new Set(STATES.values());
  expect(Object.entries(OF_EACH_KIND).filter(([, state]) => !listed.has(state))).toEqual([]);
  expect(NAMES).toEqual(expect.arrayContaining(RETURN_REASONS.map((reason) => `front/reason ${reason}`)));
});

it('gives each state a name that fits into an address and a file of its own', () => {
  expect(NAMES.filter((name) => !/^[a-z ]+\/[\w ,:?-]+$/.test(name))).toEqual([]);
  expect(new Set(NAMES.map((name) => name.replaceAll('/', '-').toLowerCase())).size).toBe(NAMES.length);
});

it.each(NAMES)('draws %s again each time', (name) => {
  const state = STATES.get(name);
  const first = state?.render();
  expect(isValidElement(first)).toBe(true);
  expect(state?.render()).not.toBe(first);
});
