import type { MessageId } from '@/domain/message';
import type { OutboxState } from './outbox/outbox-items';
import type { LogStore } from './transcript-store';
import type { MessageEntry, Reactor, TranscriptEntry } from './transcript';

export type Reworded = Pick<MessageEntry, 'text' | 'edited' | 'mentions' | 'state'>;

export interface OwnChanges extends Pick<LogStore, 'find' | 'keyOf' | 'isKnown'> {
  readonly outbox: OutboxState;
  /** The keys of messages whose taking back can still be undone. */
  readonly undoable: ReadonlySet<string>;
  /** Oneself. */
  readonly reactor: Reactor;
  /** What messages say by edits that are on their way, by their keys. */
  readonly reworded: ReadonlyMap<string, Reworded>;
}

/**
 * The entries with what this member has just done to them, before the server knows: reactions given and taken back, messages
 * edited and taken back. Where nothing was done, they are the same.
 */
export function withOwnChanges(entries: readonly TranscriptEntry[], changes: OwnChanges): readonly TranscriptEntry[] {
  const { items } = changes.outbox;
  const removed = new Set(items.flatMap((item) => (item.kind === 'removal' ? [item.id, ...item.ids] : [])));
  const given = givenIn(changes);
  if (removed.size === 0 && given.size === 0 && changes.reworded.size === 0 && changes.undoable.size === 0)
    return entries;
  return entries.map((entry) => {
    if (entry.kind === 'notice') return entry;
    const left = withoutTaken(withRewording(entry, changes.reworded.get(entry.key)), removed, changes);
    return withLeaving(withGiven(left, given.get(entry.key) ?? [], changes.reactor), removed, changes.undoable);
  });
}

/** The emoji that are on their way, by the keys of the messages that they are for. */
function givenIn({ outbox, keyOf, isKnown, reactor: { memberId: by } }: OwnChanges): ReadonlyMap<string, string[]> {
  const given = new Map<string, string[]>();
  for (const item of outbox.items) {
    if (item.kind !== 'message' || item.content.kind !== 'reaction' || item.failure !== undefined) continue;
    if (isKnown({ id: item.id, by })) continue;
    const key = keyOf(item.content.on);
    given.set(key, [...(given.get(key) ?? []), item.content.emoji]);
  }
  return given;
}

function withRewording(entry: MessageEntry, reworded: Reworded | undefined): MessageEntry {
  if (reworded === undefined) return entry;
  const { mentions: _mentions, ...rest } = entry;
  return { ...rest, ...reworded };
}

/** Without one's own reactions of which every message is about to be removed. */
function withoutTaken(
  entry: MessageEntry,
  removed: ReadonlySet<MessageId>,
  { find, reactor }: OwnChanges,
): MessageEntry {
  if (removed.size === 0 || !entry.reactions?.some(({ mine }) => mine)) return entry;
  const stored = find({ id: entry.id, by: entry.memberId })?.reactions;
  const isTaken = (emoji: string) => {
    const messages = stored?.of(reactor.memberId, emoji) ?? [];
    return messages.length > 0 && messages.every(({ id }) => removed.has(id));
  };
  const reactions = entry.reactions.flatMap((reaction) => {
    if (!reaction.mine || !isTaken(reaction.emoji)) return [reaction];
    const { count, by } = reaction;
    return count === 1 ? [] : [{ ...reaction, count: count - 1, mine: false, by: by.filter(({ self }) => !self) }];
  });
  return { ...entry, reactions };
}

function withGiven(entry: MessageEntry, emoji: readonly string[], reactor: Reactor): MessageEntry {
  if (emoji.length === 0) return entry;
  const reactions = [...(entry.reactions ?? [])];
  for (const one of emoji) {
    const index = reactions.findIndex((reaction) => reaction.emoji === one);
    const known = reactions[index];
    if (known === undefined) reactions.push({ emoji: one, count: 1, mine: true, by: [reactor] });
    else if (!known.mine)
      reactions[index] = { ...known, count: known.count + 1, mine: true, by: [...known.by, reactor] };
  }
  return { ...entry, reactions };
}

function withLeaving(
  entry: MessageEntry,
  removed: ReadonlySet<MessageId>,
  undoable: ReadonlySet<string>,
): MessageEntry {
  if (undoable.has(entry.key)) return { ...entry, leaving: 'undoable' };
  return removed.has(entry.id) ? { ...entry, leaving: 'sent' } : entry;
}
