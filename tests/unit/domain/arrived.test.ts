import { expect, test } from 'vitest';
import { arrivedSince, endOf, hasWrittenSince, keyOf } from '@/domain/arrived';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { MessageEntry, NoticeEntry } from '@/session/messages/transcript';

const OTTER = memberIdSchema.parse('M'.repeat(16));
const cursorAt = (place: number) => cursorSchema.parse(`${place}-0`);

/** Not stored yet unless it has a place in the stream. */
function message(id: string, place: number | null, change: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    id: messageIdSchema.parse(`message-${id}`),
    key: id,
    ...(place !== null && { cursor: cursorAt(place) }),
    memberId: OTTER,
    self: false,
    name: 'Ann',
    tint: 0,
    text: id,
    timestamp: 0,
    state: 'sent',
    ...change,
  };
}

const notice = (id: string, place: number): NoticeEntry => ({
  kind: 'notice',
  id,
  cursor: cursorAt(place),
  timestamp: 0,
  notice: 'took-back',
  name: 'Ann',
  self: false,
});

const [a, b, c, d] = [message('a', 1), message('b', 2), message('c', 3), message('d', 4)];
const keys = (...entries: Parameters<typeof arrivedSince>[1]) => entries.map(keyOf);

test('entries behind a position have arrived, and earlier pages have not', () => {
  const end = endOf([b]);
  expect(keys(...arrivedSince(end, [a, b, c, d]))).toEqual(['c', 'd']);
  expect(arrivedSince(end, [a, b])).toEqual([]);
});

test('whatever is taken back, what was there before is no news', () => {
  expect(keys(...arrivedSince(endOf([a, b, c]), [a, b, d]))).toEqual(['d']);
  // All that was known at the end, which may be any number: only earlier messages are left.
  const many = Array.from({ length: 200 }, (_, index) => message(`known-${index}`, 10 + index));
  const earlier = many.slice(0, 100);
  expect(keys(...arrivedSince(endOf(many), [...earlier, notice('gone', 500)]))).toEqual(['gone']);
});

test('what was only published stands where the newest event does, and is news once', () => {
  const [joined, left] = [notice('joined', 4), notice('left', 4)];
  expect(keys(...arrivedSince(endOf([c, d]), [c, d, joined]))).toEqual(['joined']);
  expect(keys(...arrivedSince(endOf([c, d, joined]), [c, d, joined, left]))).toEqual(['left']);
});

test('one’s own messages are no news, and one that cannot be sent hides no news', () => {
  const failed = message('failed', null, { self: true, state: 'failed' });
  const own = message('own', 3, { self: true });
  expect(keys(...arrivedSince(endOf([a, failed]), [a, b, own, d, failed]))).toEqual(['b', 'd']);
});

test('what others said before one’s own message is news, though the page hears of it afterwards', () => {
  const own = message('own', 3, { self: true });
  expect(keys(...arrivedSince(endOf([a, own]), [a, b, own, d]))).toEqual(['b', 'd']);
});

test('where only one’s own messages are loaded, those of earlier pages are no news', () => {
  const own = message('own', 3, { self: true });
  expect(arrivedSince(endOf([own]), [a, b, own])).toEqual([]);
});

test('a message that one has just written is found, and one from an earlier page or an older one is not', () => {
  const own = message('own', 3, { self: true });
  const later = message('later', 4, { self: true });
  const waiting = message('waiting', null, { self: true, state: 'waiting' });
  expect(hasWrittenSince(endOf([a, b]), [a, b, own])).toBe(true);
  expect(hasWrittenSince(endOf([a, waiting]), [a, b, waiting, message('next', null, { self: true })])).toBe(true);
  expect(hasWrittenSince(endOf([c, d]), [message('early', 2, { self: true }), c, d])).toBe(false);
  expect(hasWrittenSince(endOf([own, later]), [own])).toBe(false);
  const stored: MessageEntry = { ...waiting, state: 'sent', cursor: cursorAt(2) };
  expect(hasWrittenSince(endOf([a, waiting]), [a, stored, c])).toBe(false);
  // One that was refused stays where it was written, whatever was taken back around it.
  const refused = message('refused', null, { self: true, state: 'failed' });
  expect(hasWrittenSince(endOf([a, refused, c]), [a, refused, c, d])).toBe(false);
  expect(hasWrittenSince(endOf([a, refused, b, c]), [a, refused, d])).toBe(false);
  // All that stood behind it was taken back.
  expect(hasWrittenSince(endOf([own, d]), [own])).toBe(false);
});

test.each([
  ['others’', false],
  ['one’s own', true],
])('in a long talk of %s messages as few entries are looked at as in a short one', (_whose, self) => {
  const looked = new Set<number>();
  const long = new Proxy(
    Array.from({ length: 10_000 }, (_, index) => message(String(index), index, { self })),
    {
      get: (target, property, receiver): unknown => {
        if (typeof property === 'string' && /^\d+$/.test(property)) looked.add(Number(property));
        return Reflect.get(target, property, receiver);
      },
    },
  );
  arrivedSince(endOf(long), long);
  hasWrittenSince(endOf(long), long);
  expect(looked.size).toBeLessThanOrEqual(52);
});

test('one’s own joining has not arrived, whichever answer comes first; that of others and one’s own later acts have', () => {
  const joining = (id: string, self: boolean): NoticeEntry => ({ ...notice(id, 5), notice: 'joined', self });
  const [own, other] = [joining('own', true), joining('other', false)];
  const renamed: NoticeEntry = { ...notice('renamed', 6), notice: 'renamed', self: true };
  expect(arrivedSince(endOf([a]), [a, own, other, renamed])).toEqual([other, renamed]);
});
