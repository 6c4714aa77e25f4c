import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrangeEntries, type TranscriptBlock } from '@/components/room/transcript/arrange-entries';
import { groupEntries } from '@/components/room/transcript/group-entries';
import { keyOf } from '@/domain/arrived';
import { CURSOR_START, messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { MessageEntry, NoticeEntry, TranscriptEntry } from '@/session/messages/transcript';

const MIN = 16;
const MAX = 64;
const OTTER = memberIdSchema.parse('otter00000000000');

function messageOf(key: string): MessageEntry {
  return {
    kind: 'message',
    id: messageIdSchema.parse('message-1'),
    key,
    memberId: OTTER,
    self: false,
    name: 'Quiet Otter',
    tint: 3,
    text: key,
    timestamp: 0,
    state: 'sent',
  };
}

const noticeOf = (id: string): NoticeEntry => ({
  kind: 'notice',
  id,
  cursor: CURSOR_START,
  timestamp: 0,
  notice: 'joined',
  memberId: OTTER,
  name: null,
  self: false,
});

const TAKEN_BACK = { notice: 'took-back', name: 'Quiet Otter' } as const;

/** One entry in ten is a notice. */
const entriesOf = (keys: readonly string[]): TranscriptEntry[] =>
  keys.map((key, index) => (index % 10 === 9 ? noticeOf(key) : messageOf(key)));

const characters = fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'));
const randomId = fc.string({ unit: characters, minLength: 21, maxLength: 21 });
const randomTalk = fc
  .uniqueArray(randomId, { maxLength: 400, size: 'max' })
  .map((keys): readonly TranscriptEntry[] => entriesOf(keys));

const sizesOf = (blocks: readonly TranscriptBlock[]) => blocks.map(({ entries }) => entries.length);

function expectWhole(blocks: readonly TranscriptBlock[], entries: readonly TranscriptEntry[]) {
  expect(blocks.flatMap((block) => block.entries)).toEqual(entries);
  for (const [index, block] of blocks.entries()) {
    const first = block.entries[0];
    expect(block.key).toBe(first && keyOf(first));
    expect(block.groups).toEqual(groupEntries(block.entries, blocks[index - 1]?.entries.at(-1)));
    expect(block.entries.length).toBeLessThanOrEqual(MAX);
    expect(block.entries.length).toBeGreaterThanOrEqual(index === blocks.length - 1 ? 1 : MIN);
  }
}

it('an empty talk has no blocks', () => {
  expect(arrangeEntries([], [])).toEqual([]);
});

it('blocks hold every entry once and in order, 16 to 64 of them, and the last block the rest', () => {
  fc.assert(fc.property(randomTalk, (entries) => expectWhole(arrangeEntries(entries, []), entries)));
});

it('the same entries again are the same blocks', () => {
  fc.assert(
    fc.property(randomTalk, (entries) => {
      const before = arrangeEntries(entries, []);
      const after = arrangeEntries([...entries], before);
      expect(after).toHaveLength(before.length);
      for (const [index, block] of after.entries()) expect(block).toBe(before[index]);
    }),
  );
});

it('arrivals at the end change no block but the last one, and give what arranging everything at once gives', () => {
  fc.assert(
    fc.property(randomTalk, fc.nat(400), (entries, count) => {
      const before = arrangeEntries(entries.slice(0, count), []);
      const after = arrangeEntries(entries, before);
      for (const [index, block] of before.slice(0, -1).entries()) expect(after[index]).toBe(block);
      expect(after).toEqual(arrangeEntries(entries, []));
    }),
  );
});

it('an entry that another object replaces changes its own block and no other', () => {
  fc.assert(
    fc.property(randomTalk, fc.nat(), (entries, place) => {
      fc.pre(entries.length > 0);
      const changed = place % entries.length;
      const before = arrangeEntries(entries, []);
      const after = arrangeEntries(
        entries.map((entry, index) => (index === changed ? { ...entry } : entry)),
        before,
      );
      expect(sizesOf(after)).toEqual(sizesOf(before));
      const own = before.findIndex((block) => block.entries.includes(entries[changed] ?? noticeOf('none')));
      expect(after.map((block, index) => block !== before[index])).toEqual(before.map((_, index) => index === own));
    }),
  );
});

describe('in a talk of 1,000 entries', () => {
  // How soon boundaries meet again is a matter of probability, so the ids are random and the same in every run.
  const ids = fc.uniqueArray(randomId, { minLength: 1_200, maxLength: 1_200, size: 'max' });
  const talks = fc.sample(ids, { seed: 10, numRuns: 30 }).map(entriesOf);
  type Part = (entries: readonly TranscriptEntry[]) => readonly TranscriptEntry[];

  /** How many of the blocks are replaced, in each of the talks, the fewest first. */
  const replaced = (from: Part, to: Part) =>
    talks
      .map((entries) => {
        const before = arrangeEntries(from(entries), []);
        const after = arrangeEntries(to(entries), before);
        expectWhole(after, to(entries));
        return before.filter((block) => !after.includes(block)).length;
      })
      .sort((left, right) => left - right);

  function expectFew(counts: readonly number[]) {
    expect(counts[counts.length >> 1]).toBeLessThanOrEqual(2);
    expect(counts.at(-1)).toBeLessThanOrEqual(6);
  }

  const all: Part = (entries) => entries.slice(200);
  const withoutOne: Part = (entries) => all(entries).filter((_, index) => index !== 500);

  it.each([1, 7, 100, 200])('an earlier page of %i leaves all blocks but the first few the same objects', (count) => {
    expectFew(replaced(all, (entries) => entries.slice(200 - count)));
  });

  it('a late entry in the middle leaves all blocks but those around it the same objects', () => {
    expectFew(replaced(withoutOne, all));
  });

  it('an entry that was taken back leaves all blocks but those around it the same objects', () => {
    expectFew(replaced(all, withoutOne));
  });
});

it('chosen ids with the same ending give blocks of the smallest or of the largest size, and none beyond', () => {
  const endings = fc.sample(fc.string({ unit: characters, minLength: 4, maxLength: 4 }), { seed: 10, numRuns: 100 });
  const sizes = endings.map((ending) => {
    const entries = entriesOf(Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(17, 'a') + ending));
    const blocks = arrangeEntries(entries, []);
    expectWhole(blocks, entries);
    return [...new Set(sizesOf(blocks.slice(0, -1)))];
  });
  expect(sizes).toContainEqual([MIN]);
  expect(sizes).toContainEqual([MAX]);
  for (const size of sizes) expect([[MIN], [MAX]]).toContainEqual(size);
});

it('messages that one member took back in a row are one line in one block, however many they are', () => {
  const ids = Array.from({ length: 200 }, (_, index) => `${index}`);
  const before = arrangeEntries(entriesOf(ids.slice(0, 20)), []);
  const entries = [...entriesOf(ids.slice(0, 20)), ...ids.map((id) => ({ ...noticeOf(`gone ${id}`), ...TAKEN_BACK }))];
  const blocks = arrangeEntries([...entries, messageOf('after')], before);
  expect(blocks.flatMap(({ entries }) => entries)).toHaveLength(entries.length + 1);
  const counts = blocks.flatMap(({ groups }) => groups.map((group) => (group.kind === 'notice' ? group.count : 0)));
  expect(counts.filter((count) => count > 1)).toEqual([200]);
});

it.each(['', 'a', 'ab', '漢😀', '\u{10ffff}'])(
  'keys may be short or strange, such as those that end in %j',
  (ending) => {
    const entries = Array.from({ length: 200 }, (_, index) => messageOf(`${index}`.slice(-3) + ending));
    expectWhole(arrangeEntries(entries, []), entries);
  },
);

it('the line above what is new changes its own block, and that of before', () => {
  fc.assert(
    fc.property(randomTalk, fc.nat(), fc.nat(), (entries, one, other) => {
      fc.pre(entries.length > 0);
      const keyAt = (place: number) => keyOf(entries[place % entries.length] ?? noticeOf('none'));
      const plain = arrangeEntries(entries, []);
      const before = arrangeEntries(entries, plain, keyAt(one));
      const after = arrangeEntries(entries, before, keyAt(other));
      expect(sizesOf(after)).toEqual(sizesOf(plain));
      const lines = after.flatMap(({ groups }) => groups.filter(({ kind }) => kind === 'new-line'));
      expect(lines).toHaveLength(1);
      const has = (block: TranscriptBlock, key: string) => block.entries.some((entry) => keyOf(entry) === key);
      for (const [index, block] of after.entries()) {
        const isTouched = keyAt(one) !== keyAt(other) && (has(block, keyAt(one)) || has(block, keyAt(other)));
        expect(block === before[index]).toBe(!isTouched);
      }
      expect(arrangeEntries(entries, after)).toEqual(plain);
    }),
  );
});
