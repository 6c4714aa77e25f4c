import { describe, expect, it } from 'vitest';
import { cursorSchema, messageIdSchema } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { called, noticeAt } from '@/session/messages/notices';
import { fold, isIn, relabel, transcriptOf, type Labels, type Log, type Placed } from '@/session/messages/transcript';
import type { OutboxItem } from '@/session/messages/outbox/outbox-items';
import { ME, OTHER } from '@tests/unit/session/fake-room';

const cursor = (sequence: number) => cursorSchema.parse(`1000-${sequence}`);

const idOf = (text: string) => messageIdSchema.parse(`id-of-${text.replace(' ', '-')}`);

function labels(names: Partial<Record<MemberId, string | null>>): Labels {
  return {
    labelOf: (memberId, sender) => ({ name: names[memberId] ?? sender ?? null, mark: undefined, tint: 3 }),
    isNamed: (memberId) => memberId in names,
  };
}

function message(sequence: number, text = `message ${sequence}`): Placed {
  const entry = { kind: 'message', id: idOf(text), memberId: OTHER, self: false, text, timestamp: 1_000 } as const;
  return { cursor: cursor(sequence), entry: { ...entry, state: 'sent' } };
}

const item = (text: string, rest: Partial<OutboxItem> = {}): OutboxItem => ({
  id: idOf(text),
  text,
  timestamp: 2_000,
  words: null,
  ...rest,
});

const texts = (log: Log) => log.map(({ entry }) => (entry.kind === 'message' ? entry.text : entry.notice));

describe('the log', () => {
  it('is in the order of the stream, however its entries arrive', () => {
    const all = [1, 2, 3, 4].map((sequence) => message(sequence));
    const [first, second, third, fourth] = all;
    const orders = [all, [fourth, third, second, first], [third, first, fourth, second]];
    for (const order of orders) {
      const log = order.reduce<Log>(
        (known, placed) => fold(known, placed === undefined ? [] : [placed], labels({})),
        [],
      );
      expect(texts(log)).toEqual(['message 1', 'message 2', 'message 3', 'message 4']);
    }
  });

  it('has every entry once, even one that comes twice in one page', () => {
    const log = fold([], [message(1), message(1)], labels({}));
    expect(texts(log)).toEqual(['message 1']);
    expect(fold(log, [message(1)], labels({}))).toBe(log);
    expect([isIn(log, idOf('message 1')), isIn(log, idOf('message 2'))]).toEqual([true, false]);
  });

  it('is not changed in place', () => {
    const log = Object.freeze(fold([], [message(2)], labels({})));
    expect(texts(fold(log, [message(1)], labels({})))).toEqual(['message 1', 'message 2']);
    expect(texts(log)).toEqual(['message 2']);
  });

  it('shows messages under the newest name, and keeps those that have it already', () => {
    const before = fold([], [message(1)], labels({ [OTHER]: 'Ann' }));
    const after = relabel(before, labels({ [OTHER]: 'Ben' }));
    expect(after[0]?.entry).toMatchObject({ name: 'Ben', tint: 3 });
    expect(relabel(after, labels({ [OTHER]: 'Ben' }))[0]).toBe(after[0]);
  });

  it('gives a notice the first name that is known of its member, and leaves it that one', () => {
    const joined = noticeAt(cursor(1), 'joined', called(labels({}), OTHER));
    let log = fold([], [joined], labels({}));
    for (const names of [{}, { [OTHER]: 'Ann' }, { [OTHER]: 'Ben' }]) log = relabel(log, labels(names));
    expect(log[0]?.entry).toMatchObject({ notice: 'joined', name: 'Ann' });
    expect(log[0]?.entry).not.toHaveProperty('unnamed');
  });

  it('has both notices of one event', () => {
    const notices = [noticeAt(cursor(1), 'locked'), noticeAt(cursor(1), 'new-owner', { memberId: OTHER, name: 'Ann' })];
    expect(texts(fold([], notices, labels({})))).toEqual(['locked', 'new-owner']);
  });
});

describe('the transcript', () => {
  it('ends with one’s own messages that are not stored yet, in the order of writing', () => {
    const log = fold([], [message(1)], labels({}));
    const items = [item('refused', { failure: { reason: 'rate_limited' } }), item('next')];
    const { state, entries } = transcriptOf('ready', log, { items, waiting: false }, ME, labels({ [ME]: 'Me' }));
    expect(state).toBe('ready');
    expect(entries.slice(1)).toMatchObject([
      { text: 'refused', state: 'failed', failure: { reason: 'rate_limited' }, self: true, name: 'Me' },
      { text: 'next', state: 'sending', self: true, name: 'Me' },
    ]);
    const waiting = transcriptOf('ready', [], { items, waiting: true }, ME, labels({}));
    expect(waiting.entries.map((entry) => (entry.kind === 'message' ? entry.state : null))).toEqual([
      'failed',
      'waiting',
    ]);
  });

  it('has a message once that the stream brings before its answer', () => {
    const log = fold([], [message(1, 'mine')], labels({}));
    const { entries } = transcriptOf('ready', log, { items: [item('mine')], waiting: false }, ME, labels({}));
    expect(entries.map((entry) => (entry.kind === 'message' ? entry.state : null))).toEqual(['sent']);
  });
});
