import { describe, expect, it } from 'vitest';
import { groupEntries, groupWithNewLine } from '@/components/room/transcript/group-entries';
import { CURSOR_START, messageIdSchema } from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import type { MessageEntry, NoticeEntry } from '@/session/messages/transcript';

const OTTER = memberIdSchema.parse('otter00000000000');
const HERON = memberIdSchema.parse('heron00000000000');

function message(id: string, seconds: number, details: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    id: messageIdSchema.parse(`message-${id}`),
    key: id,
    memberId: OTTER,
    self: false,
    name: 'Quiet Otter',
    tint: 3,
    text: id,
    timestamp: seconds * 1_000,
    state: 'sent',
    ...details,
  };
}

const notice = (id: string, seconds: number, details: Partial<NoticeEntry> = {}): NoticeEntry => ({
  kind: 'notice',
  id,
  cursor: CURSOR_START,
  timestamp: seconds * 1_000,
  notice: 'joined',
  memberId: HERON,
  name: null,
  self: false,
  ...details,
});

/** The ids of each group, as they are read from top to bottom. */
const shape = (...entries: Parameters<typeof groupEntries>[0]) =>
  groupEntries(entries).map((group) => (group.kind === 'notice' ? group.key : group.messages.map(({ key }) => key)));

it('puts messages of one person in a row under one name', () => {
  expect(shape(message('a', 0), message('b', 5), message('c', 9))).toEqual([['a', 'b', 'c']]);
});

it('begins a new group when somebody else speaks, and when the first one answers', () => {
  expect(shape(message('a', 0), message('b', 1, { memberId: HERON }), message('c', 2))).toEqual([['a'], ['b'], ['c']]);
});

it('begins a new group under a new name, so no earlier message seems to have been sent under it', () => {
  expect(shape(message('a', 0), message('b', 1, { name: 'Brave Heron' }))).toEqual([['a'], ['b']]);
});

it('begins a new group after a pause of two minutes, and not before', () => {
  expect(shape(message('a', 0), message('b', 119), message('c', 239))).toEqual([['a', 'b'], ['c']]);
});

it('keeps a notice in its place between the messages', () => {
  expect(shape(message('a', 0), notice('n', 1), message('b', 2))).toEqual([['a'], 'n', ['b']]);
});

describe('messages that were taken back in a row', () => {
  const took = { notice: 'took-back', memberId: OTTER, name: 'Ann' } as const;
  const counts = (...entries: readonly (MessageEntry | NoticeEntry)[]) =>
    groupEntries(entries).map((group) => (group.kind === 'notice' ? group.count : group.kind));

  it('are one line with their number, which keeps its key as others join it, and has the time of the last', () => {
    const groups = groupEntries([notice('a', 0, took), notice('b', 1, took), notice('c', 2, took)]);
    expect(groups).toEqual([{ kind: 'notice', key: 'a', isAfterPause: true, entry: notice('c', 2, took), count: 3 }]);
  });

  it.each<[string, Partial<NoticeEntry>]>([
    ['by somebody else', { memberId: HERON }],
    ['under another name', { name: 'Anna' }],
    ['in another way', { notice: 'taken-back' }],
    ['from another member', { otherId: HERON }],
  ])('stand apart from one taken back %s', (_how, details) => {
    expect(counts(notice('a', 0, took), notice('b', 1, { ...took, ...details }))).toEqual([1, 1]);
  });

  it('stand apart where somebody spoke between them, and notices of another kind are never counted', () => {
    expect(counts(notice('a', 0, took), message('m', 1), notice('b', 2, took))).toEqual([1, 'messages', 1]);
    const locked = { notice: 'locked' } as const;
    expect(counts(notice('a', 0, locked), notice('b', 1, locked))).toEqual([1, 1]);
  });
});

describe('people who come or go one after the other', () => {
  const crowds = (...entries: readonly (MessageEntry | NoticeEntry)[]) =>
    groupEntries(entries).map((group) =>
      group.kind === 'notice' ? (group.crowd?.map(({ id }) => id) ?? group.key) : 0,
    );
  const left = { notice: 'left', memberId: OTTER } as const;

  it('are one line, and those who do the other thing another', () => {
    expect(crowds(notice('a', 0), notice('b', 1, { memberId: OTTER }), notice('c', 2))).toEqual([['a', 'b', 'c']]);
    expect(crowds(notice('a', 0), notice('b', 1, left), notice('c', 2, left))).toEqual(['a', ['b', 'c']]);
  });

  it('stand apart where somebody spoke between them or time has passed, and one’s own coming stands alone', () => {
    expect(crowds(notice('a', 0), message('m', 1), notice('b', 2))).toEqual(['a', 0, 'b']);
    expect(crowds(notice('a', 0), notice('b', 300))).toEqual(['a', 'b']);
    expect(crowds(notice('a', 0, { self: true }), notice('b', 1))).toEqual(['a', 'b']);
    expect(crowds(notice('a', 0), notice('b', 1, { self: true }))).toEqual(['a', 'b']);
  });
});

describe('the time is in sight', () => {
  const times = (...entries: readonly (MessageEntry | NoticeEntry)[]) =>
    groupEntries(entries).flatMap((group) => (group.isAfterPause ? [group.key] : []));

  it('at the beginning and after five minutes of silence, and not before', () => {
    expect(times(message('a', 0), message('b', 200), message('c', 499), message('d', 799))).toEqual(['a', 'd']);
  });

  it('above whatever ends the silence, while what is said in between ends it, too', () => {
    expect(times(message('a', 0), notice('n', 300), message('b', 599))).toEqual(['a', 'n']);
  });

  it('not again at the beginning of a later block', () => {
    expect(groupEntries([message('b', 60)], message('a', 0))[0]?.isAfterPause).toBe(false);
    expect(groupEntries([message('b', 360)], message('a', 0))[0]?.isAfterPause).toBe(true);
  });
});

it('has nothing to show for an empty room', () => {
  expect(groupEntries([])).toEqual([]);
});

describe('the line above what is new', () => {
  const shapeWith = (newKey: string | null, ...entries: Parameters<typeof groupEntries>[0]) =>
    groupWithNewLine(entries, newKey).map((group) =>
      group.kind === 'messages' ? group.messages.map(({ key }) => key) : group.key,
    );

  it('stands above its message, which is under its sender’s name again', () => {
    const entries = [message('a', 0), message('b', 1), message('c', 2)];
    expect(shapeWith('b', ...entries)).toEqual([['a'], 'new-line', ['b', 'c']]);
    expect(shapeWith('a', ...entries)).toEqual(['new-line', ['a', 'b', 'c']]);
  });

  it('stands below the notices before its message', () => {
    expect(shapeWith('b', notice('n', 0), message('b', 1))).toEqual(['n', 'new-line', ['b']]);
  });

  it.each([null, 'elsewhere'])('is not there where its message is %s', (newKey) => {
    expect(shapeWith(newKey, message('a', 0), message('b', 1))).toEqual([['a', 'b']]);
  });
});
