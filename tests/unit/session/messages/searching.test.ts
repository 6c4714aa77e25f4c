import { expect, it, vi } from 'vitest';
import { createStore } from '@/lib/store';
import { createSearching } from '@/session/messages/searching';
import type { Transcript } from '@/session/messages/transcript';

/** A talk with this many pages before the newest one. */
function talkOf(pages: number) {
  let left = pages;
  const transcript = createStore<Transcript>({ state: 'ready', older: pages > 0 ? 'more' : 'none', entries: [] });
  const change = (older: Transcript['older']) => transcript.set({ state: 'ready', older, entries: [] });
  const readOlder = vi.fn(() => change('loading'));
  const arrive = () => {
    left -= 1;
    change(left > 0 ? 'more' : 'none');
  };
  return { searching: createSearching({ transcript, readOlder }), readOlder, arrive, change };
}

it('asks for nothing until it is asked to read', () => {
  const { searching, readOlder } = talkOf(2);
  expect(searching.reach.get()).toBe('stopped');
  expect(readOlder).not.toHaveBeenCalled();
});

it('reads one page after the other, up to the beginning', () => {
  const { searching, readOlder, arrive } = talkOf(3);
  searching.read();
  for (let page = 1; page <= 3; page += 1) {
    expect(searching.reach.get()).toBe('reading');
    expect(readOlder).toHaveBeenCalledTimes(page);
    arrive();
  }
  expect(searching.reach.get()).toBe('whole');
  expect(readOlder).toHaveBeenCalledTimes(3);
});

it('knows that a talk of one page is whole', () => {
  const { searching, readOlder } = talkOf(0);
  expect(searching.reach.get()).toBe('whole');
  searching.read();
  expect(searching.reach.get()).toBe('whole');
  expect(readOlder).not.toHaveBeenCalled();
});

it('stops when it is asked to, and goes on from there', () => {
  const { searching, readOlder, arrive } = talkOf(3);
  searching.read();
  searching.stop();
  expect(searching.reach.get()).toBe('stopped');
  arrive();
  expect(readOlder).toHaveBeenCalledTimes(1);
  searching.read();
  expect(searching.reach.get()).toBe('reading');
  expect(readOlder).toHaveBeenCalledTimes(2);
});

it('goes on when a page that could not be read arrives after all, and asks for no other meanwhile', () => {
  const { searching, readOlder, arrive, change } = talkOf(2);
  searching.read();
  change('failed');
  expect(searching.reach.get()).toBe('reading');
  expect(readOlder).toHaveBeenCalledTimes(1);
  arrive();
  expect(readOlder).toHaveBeenCalledTimes(2);
});
