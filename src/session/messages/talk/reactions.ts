import type { Cursor } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { insertInOrder } from '@/lib/ordered-list';
import type { HeardOf } from './heard';

/** As many of those who reacted are named; the others are counted. */
const NAMED_MAX = 10;
/**
 * As many emoji stand under a message; the others are counted. A member may send thousands of different ones, which must neither push the
 * talk out of sight nor make every further reaction cost as much as all before it.
 */
const SHOWN_MAX = 20;

/** How many members react to a message with the same emoji. */
export interface ReactionCount<Member> {
  emoji: string;
  count: number;
  /** One's own is among them. */
  mine: boolean;
  /** The first of them. */
  by: readonly Member[];
}

type Reaction = HeardOf<'reaction'>;

interface Chip {
  readonly emoji: string;
  /** A member counts once, whatever number of messages they sent for it. */
  readonly of: Map<MemberId, Reaction[]>;
  /** The first one of each member, in order. */
  readonly firsts: Reaction[];
}

/** The reactions to one message, in the order in which their emoji were first used. */
export interface Reactions {
  readonly add: (reaction: Reaction) => void;
  readonly drop: (reaction: Reaction) => void;
  /** The most used ones and all of one's own, and how many others there are. */
  readonly counts: (self: MemberId) => { shown: readonly ReactionCount<MemberId>[]; more: number };
  /** A member's messages for an emoji. */
  readonly of: (memberId: MemberId, emoji: string) => readonly Reaction[];
}

function take<T>(list: T[], item: T) {
  const index = list.lastIndexOf(item);
  if (index >= 0) list.splice(index, 1);
}

export function createReactions(compare: (left: Cursor, right: Cursor) => number): Reactions {
  const chips = new Map<string, Chip>();
  const ordered: Chip[] = [];
  const inOrder = (left: Reaction, right: Reaction) => compare(left.cursor, right.cursor);
  const byFirst = ({ firsts: [left] }: Chip, { firsts: [right] }: Chip) =>
    left === undefined || right === undefined ? 0 : inOrder(left, right);

  function shownTo(self: MemberId): readonly Chip[] {
    if (ordered.length <= SHOWN_MAX) return ordered;
    const byUse = [...ordered].sort((one, other) => other.of.size - one.of.size);
    const mostUsed = new Set(byUse.slice(0, SHOWN_MAX));
    return ordered.filter((chip) => mostUsed.has(chip) || chip.of.has(self));
  }

  /** Changes what a member said with an emoji, and puts both into the places that they have then. */
  function change(chip: Chip, memberId: MemberId, update: (reactions: Reaction[]) => void) {
    const { of, firsts, emoji } = chip;
    const reactions = of.get(memberId) ?? [];
    const [memberFirst] = reactions;
    const [chipFirst] = firsts;
    update(reactions);
    if (reactions.length > 0) of.set(memberId, reactions);
    else of.delete(memberId);
    if (reactions[0] === memberFirst) return;
    if (memberFirst !== undefined) take(firsts, memberFirst);
    if (reactions[0] !== undefined) insertInOrder(firsts, reactions[0], inOrder);
    if (firsts[0] === chipFirst) return;
    take(ordered, chip);
    if (firsts.length > 0) insertInOrder(ordered, chip, byFirst);
    else chips.delete(emoji);
  }

  return {
    add: (reaction) => {
      const { memberId, said } = reaction;
      const chip = chips.get(said.emoji) ?? { emoji: said.emoji, of: new Map<MemberId, Reaction[]>(), firsts: [] };
      chips.set(said.emoji, chip);
      change(chip, memberId, (reactions) => insertInOrder(reactions, reaction, inOrder));
    },
    drop: (reaction) => {
      const chip = chips.get(reaction.said.emoji);
      if (chip !== undefined) change(chip, reaction.memberId, (reactions) => take(reactions, reaction));
    },
    counts: (self) => {
      const shown = shownTo(self).map(({ emoji, of, firsts }) => ({
        emoji,
        count: of.size,
        mine: of.has(self),
        by: firsts.slice(0, NAMED_MAX).map(({ memberId }) => memberId),
      }));
      return { shown, more: ordered.length - shown.length };
    },
    of: (memberId, emoji) => chips.get(emoji)?.of.get(memberId) ?? [],
  };
}
