import { expect, it, vi } from 'vitest';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { createStore } from '@/lib/store';
import { createGoing } from '@/session/messages/going';
import type { MessageEntry, Transcript } from '@/session/messages/transcript';
import { OTHER } from '@tests/unit/session/fake-room';

const said = (place: number): MessageEntry => ({
  kind: 'message',
  id: messageIdSchema.parse(`message-${place}`),
  key: `message-${place}`,
  cursor: cursorSchema.parse(`${place}-0`),
  memberId: OTHER,
  self: false,
  name: 'Ann',
  tint: 0,
  text: 'text',
  timestamp: 0,
  state: 'sent',
});

/** A talk of pages of ten, of which the newest one is read; `takenBack`: keys that the pages before say are gone. */
function talkOf(pages: number, takenBack: readonly string[] = []) {
  const talk = Array.from({ length: pages * 10 }, (_, index) => said(index));
  let read = 10;
  const shown = (): Transcript => ({
    state: 'ready',
    older: read < talk.length ? 'more' : 'none',
    entries: talk.slice(-read),
  });
  const transcript = createStore(shown());
  const removed = new Set<string>();
  const readOlder = vi.fn(() => transcript.set({ ...transcript.get(), older: 'loading' }));
  const going = createGoing(transcript, { isTakenBack: (key) => removed.has(key) }, readOlder);
  const arrive = () => {
    read += 10;
    takenBack.forEach((key) => removed.add(key));
    transcript.set(shown());
  };
  return { going, transcript, readOlder, arrive, state: () => going.destination.get()?.state };
}

it('is there at once where the message is loaded, and asks for nothing', () => {
  const { going, readOlder, state } = talkOf(3);
  going.goTo('message-25');
  expect(state()).toBe('there');
  expect(readOlder).not.toHaveBeenCalled();
  going.stay();
  expect(going.destination.get()).toBeNull();
});

it('reads one page after the other until the message is loaded, and not one more', () => {
  const { going, readOlder, arrive, state } = talkOf(5);
  going.goTo('message-25');
  expect(state()).toBe('looking');
  expect(readOlder).toHaveBeenCalledTimes(1);
  arrive();
  expect(state()).toBe('looking');
  expect(readOlder).toHaveBeenCalledTimes(2);
  arrive();
  expect(state()).toBe('there');
  expect(readOlder).toHaveBeenCalledTimes(2);
});

it('says that it was taken back as soon as a page says so, and that it is nowhere only after the first page', () => {
  const gone = talkOf(5, ['message-nowhere']);
  gone.going.goTo('message-nowhere');
  gone.arrive();
  expect(gone.state()).toBe('taken-back');

  const { going, arrive, state } = talkOf(3);
  going.goTo('message-nowhere');
  arrive();
  expect(state()).toBe('looking');
  arrive();
  expect(state()).toBe('missing');
});

it('is still looking while a page fails, and before the newest page is read', () => {
  const { going, transcript, state } = talkOf(2);
  transcript.set({ state: 'loading', older: 'none', entries: [] });
  going.goTo('message-1');
  expect(state()).toBe('looking');
  transcript.set({ state: 'ready', older: 'failed', entries: [] });
  expect(state()).toBe('looking');
});

it('asks for no more pages once the reader stays, and looks for the last one that was wanted', () => {
  const { going, readOlder, arrive, state } = talkOf(9);
  going.goTo('message-1');
  going.stay();
  arrive();
  expect(readOlder).toHaveBeenCalledTimes(1);
  going.goTo('message-2');
  going.goTo('message-71');
  arrive();
  expect(state()).toBe('there');
  expect(going.destination.get()?.key).toBe('message-71');
});
