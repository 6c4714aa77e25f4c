import { describe, expect, it } from 'vitest';
import { messageIdSchema, type MessageId } from '@/domain/message';
import type { OutboxItem, OutboxMessage } from '@/session/messages/outbox/outbox-items';
import { withPending, type MessageEntry } from '@/session/messages/transcript';
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
  withPending([], { items, waiting }, (id) => known.includes(id), entryOf);

describe('the transcript', () => {
  it('ends with one’s own messages that are not stored yet, in the order of writing', () => {
    const items = [item('refused', { failure: { reason: 'rate_limited' } }), item('next')];
    expect(pending(items)).toMatchObject([
      { text: 'refused', state: 'failed', failure: { reason: 'rate_limited' } },
      { text: 'next', state: 'sending' },
    ]);
    expect(pending(items, true)).toMatchObject([{ state: 'failed' }, { state: 'waiting' }]);
  });

  it('has a message once that the stream brings before its answer', () => {
    expect(pending([item('mine')], false, [idOf('mine')])).toEqual([]);
  });

  it('does not show what is being taken back', () => {
    expect(pending([{ kind: 'removal', id: idOf('gone'), ids: [idOf('gone')] }])).toEqual([]);
  });

  it('stays the same list while nothing is pending', () => {
    const entries: readonly MessageEntry[] = [];
    expect(withPending(entries, { items: [], waiting: false }, () => false, entryOf)).toBe(entries);
  });
});
