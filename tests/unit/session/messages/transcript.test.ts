import { describe, expect, it } from 'vitest';
import { cursorSchema, messageIdSchema, type MessageId } from '@/domain/message';
import type { OutboxItem, OutboxMessage } from '@/session/messages/outbox/outbox-items';
import { withPending, type MessageEntry, type NoticeEntry } from '@/session/messages/transcript';
import { ME } from '@tests/unit/session/fake-room';

const idOf = (text: string) => messageIdSchema.parse(`id-of-${text}`);

const item = (text: string, rest: Partial<OutboxMessage> = {}): OutboxMessage => ({
  kind: 'message',
  id: idOf(text),
  content: { kind: 'text', text },
  timestamp: 2_000,
  words: null,
  ...rest,
});

const cursorAt = (place: number) => cursorSchema.parse(`${place}-0`);

const stored = (place: number): NoticeEntry => ({
  kind: 'notice',
  id: `at-${place}`,
  cursor: cursorAt(place),
  timestamp: 0,
  notice: 'waited',
  name: null,
  self: false,
});

const REFUSED = { failure: { reason: 'message_limit_reached' } } as const;

const entryOf = ({ id, content, failure }: OutboxMessage, state: MessageEntry['state']): MessageEntry | null =>
  content.kind === 'text'
    ? {
        kind: 'message',
        id,
        key: id,
        memberId: ME,
        self: true,
        name: 'Me',
        tint: 0,
        text: content.text,
        timestamp: 0,
        state,
        ...(failure && { failure }),
      }
    : null;

const pending = (items: readonly OutboxItem[], waiting = false, known: readonly MessageId[] = []) =>
  withPending([], { items, waiting, rest: null }, (id) => known.includes(id), entryOf);

describe('the transcript', () => {
  it('ends with one’s own messages that are not stored yet, in the order of writing', () => {
    const items = [item('refused', REFUSED), item('next')];
    expect(pending(items)).toMatchObject([
      { text: 'refused', state: 'failed', ...REFUSED },
      { text: 'next', state: 'sending' },
    ]);
    expect(pending(items, true)).toMatchObject([{ state: 'failed' }, { state: 'waiting' }]);
  });

  it('has a refused message where it was written, behind all that had been heard, and the others at the end', () => {
    const entries = [1, 2, 3, 4].map(stored);
    const items = [
      item('sent-again-later', { after: cursorAt(3), ...REFUSED }),
      item('coming', { after: cursorAt(1) }),
      item('first', { after: cursorAt(2), ...REFUSED }),
      item('second', { after: cursorAt(2), ...REFUSED }),
      item('before-all'),
      item('of-an-empty-room', REFUSED),
    ];
    const state = { items, waiting: false, rest: null };
    const shown = withPending(entries, state, () => false, entryOf).map((entry) =>
      entry.kind === 'notice' ? entry.id : entry.text,
    );
    expect(shown).toEqual([
      ...['of-an-empty-room', 'at-1', 'at-2', 'first', 'second', 'at-3', 'sent-again-later', 'at-4'],
      ...['coming', 'before-all'],
    ]);
  });

  it('keeps a refused message in its place when what stood before it is taken back', () => {
    const state = { items: [item('refused', { after: cursorAt(2), ...REFUSED })], waiting: false, rest: null };
    const shown = withPending([stored(1), stored(3)], state, () => false, entryOf);
    expect(shown).toMatchObject([{ id: 'at-1' }, { text: 'refused' }, { id: 'at-3' }]);
  });

  it('has a message once that the stream brings before its answer', () => {
    expect(pending([item('mine')], false, [idOf('mine')])).toEqual([]);
  });

  it('does not show what is being taken back', () => {
    expect(pending([{ kind: 'removal', id: idOf('gone'), ids: [idOf('gone')] }])).toEqual([]);
  });

  it('stays the same list while nothing is pending', () => {
    const entries: readonly MessageEntry[] = [];
    expect(withPending(entries, { items: [], waiting: false, rest: null }, () => false, entryOf)).toBe(entries);
  });
});
