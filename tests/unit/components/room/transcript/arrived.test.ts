import { expect, test } from 'vitest';
import { keyOf } from '@/components/room/transcript/arrange-entries';
import { arrivedSince, hasWrittenSince, lastKeys, newestKeys } from '@/components/room/transcript/arrived';
import { messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { MessageEntry } from '@/session/messages/transcript';

function message(id: string, change: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    id: messageIdSchema.parse(`message-${id}`),
    key: id,
    memberId: memberIdSchema.parse('M'.repeat(16)),
    self: false,
    name: 'Ann',
    tint: 0,
    text: id,
    timestamp: 0,
    state: 'sent',
    ...change,
  };
}

const [a, b, c, d] = [message('a'), message('b'), message('c'), message('d')];
const keys = (...entries: Parameters<typeof arrivedSince>[1]) => entries.map(keyOf);

test('entries behind the known ones have arrived, and earlier pages have not', () => {
  const known = newestKeys([b]);
  expect(keys(...arrivedSince(known, [a, b, c, d]))).toEqual(['c', 'd']);
  expect(arrivedSince(known, [a, b])).toEqual([]);
});

test('of a flood the newest are given', () => {
  expect(keys(...arrivedSince(newestKeys([a]), [a, b, c, d], 2))).toEqual(['c', 'd']);
});

test('when the newest known entry is taken back, the one before it still counts as known', () => {
  expect(keys(...arrivedSince(newestKeys([a, b, c]), [a, b, d]))).toEqual(['d']);
});

test('one’s own messages are no news, and one that cannot be sent hides no news', () => {
  const failed = message('failed', { self: true, state: 'failed' });
  const own = message('own', { self: true });
  expect(keys(...arrivedSince(newestKeys([a, failed]), [a, b, own, c, failed]))).toEqual(['b', 'c']);
});

test('a message that one has just written is found, and one from an earlier page or an older one is not', () => {
  const own = message('own', { self: true });
  const waiting = message('waiting', { self: true, state: 'waiting' });
  expect(hasWrittenSince(lastKeys([a, b]), [a, b, own])).toBe(true);
  expect(hasWrittenSince(lastKeys([a, waiting]), [a, b, waiting, own])).toBe(true);
  expect(hasWrittenSince(lastKeys([b, c]), [own, a, b, c])).toBe(false);
  expect(hasWrittenSince(lastKeys([own, a, message('own-2', { self: true })]), [own, a])).toBe(false);
  expect(hasWrittenSince(lastKeys([a, waiting]), [a, { ...waiting, state: 'sent' }, b])).toBe(false);
});

test('in a long talk as few entries are looked at as in a short one', () => {
  const looked = new Set<number>();
  const long = new Proxy(
    Array.from({ length: 10_000 }, (_, index) => message(String(index))),
    {
      get: (target, property, receiver): unknown => {
        if (typeof property === 'string' && /^\d+$/.test(property)) looked.add(Number(property));
        return Reflect.get(target, property, receiver);
      },
    },
  );
  arrivedSince(newestKeys(long), long);
  expect(looked.size).toBeLessThanOrEqual(52);
});
