import type { Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { insertInOrder } from '@/lib/ordered-list';
import type { HeardOf } from './heard';

/** How many members react to a message with the same emoji. */
export interface ReactionCount {
  emoji: string;
  count: number;
  /** One's own is among them. */
  mine: boolean;
}

type Reaction = HeardOf<'reaction'>;

interface Chip {
  emoji: string;
  /** Where the first of them stands. */
  first: Cursor;
  /** A member counts once, whatever number of messages they sent for it. */
  readonly by: Map<MemberId, Reaction[]>;
}

/** The reactions to one message, in the order in which their emoji were first used. */
export interface Reactions {
  readonly add: (reaction: Reaction) => void;
  readonly drop: (reaction: Reaction) => void;
  readonly counts: (self: MemberId) => readonly ReactionCount[];
  /** A member's messages for an emoji. */
  readonly of: (memberId: MemberId, emoji: string) => readonly Reaction[];
}

export function createReactions(compare: (left: Cursor, right: Cursor) => number): Reactions {
  const chips = new Map<string, Chip>();
  const ordered: Chip[] = [];
  const inOrder = (left: Chip, right: Chip) => compare(left.first, right.first);

  function place(chip: Chip, first: Cursor) {
    const index = ordered.lastIndexOf(chip);
    if (index >= 0) ordered.splice(index, 1);
    chip.first = first;
    insertInOrder(ordered, chip, inOrder);
  }

  function firstOf({ by }: Chip): Cursor | undefined {
    return [...by.values()]
      .flat()
      .map(({ cursor }) => cursor)
      .sort(compare)[0];
  }

  return {
    add: (reaction) => {
      const { cursor, memberId, said } = reaction;
      const known = chips.get(said.emoji);
      const chip = known ?? { emoji: said.emoji, first: cursor, by: new Map<MemberId, Reaction[]>() };
      chips.set(said.emoji, chip);
      chip.by.set(memberId, [...(chip.by.get(memberId) ?? []), reaction]);
      if (known === undefined || compare(cursor, chip.first) < 0) place(chip, cursor);
    },
    drop: (reaction) => {
      const { memberId, said } = reaction;
      const chip = chips.get(said.emoji);
      if (chip === undefined) return;
      const left = chip.by.get(memberId)?.filter((other) => other !== reaction) ?? [];
      if (left.length > 0) chip.by.set(memberId, left);
      else chip.by.delete(memberId);
      const first = firstOf(chip);
      if (first !== undefined) {
        if (first !== chip.first) place(chip, first);
        return;
      }
      chips.delete(said.emoji);
      ordered.splice(ordered.indexOf(chip), 1);
    },
    counts: (self) => ordered.map(({ emoji, by }) => ({ emoji, count: by.size, mine: by.has(self) })),
    of: (memberId, emoji) => chips.get(emoji)?.by.get(memberId) ?? [],
  };
}
