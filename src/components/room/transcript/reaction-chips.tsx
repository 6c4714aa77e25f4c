'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { MessageEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';

/** As high as one line, whatever is stacked upon an emoji. */
const CHIP = 'h-6.5 overflow-hidden rounded-full border px-2 py-0.5 text-sm whitespace-nowrap';
/** One character may be as wide as a line of others; the number behind it stays in sight. */
const EMOJI = 'inline-block max-w-16 overflow-clip align-bottom font-emoji';
/** The names of those who reacted, above the chips while the pointer rests on one or it has the focus; read out at any time. */
const WHO =
  'pointer-events-none absolute bottom-full z-10 mb-1 w-max max-w-64 rounded-lg border border-line bg-surface px-2 py-1 text-xs text-soft ' +
  'opacity-0 shadow-sm group-hover/chip:opacity-100 group-hover/chip:[transition:opacity_0s_300ms] group-focus-visible/chip:opacity-100';

type Reaction = NonNullable<MessageEntry['reactions']>[number];

interface ReactionChipsProps {
  message: Pick<MessageEntry, 'id' | 'memberId' | 'self' | 'moreReactions'> & { reactions: readonly Reaction[] };
  session: Pick<RoomSession, 'react' | 'unreact'>;
}

/** Under a message: each emoji with the number of people who chose it. One's own are always there, and go when they are pressed. */
export function ReactionChips({ message, session }: ReactionChipsProps) {
  'use memo';
  const t = useTranslations('transcript');
  const { id, memberId: by, reactions, moreReactions = 0 } = message;
  return (
    <ul
      aria-label={t('reactions')}
      className={`relative flex max-w-full flex-wrap gap-x-1 gap-y-4.5 px-1 ${message.self ? 'justify-end' : ''}`}
    >
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip
            reaction={reaction}
            isAtEnd={message.self}
            onPress={() => (reaction.mine ? session.unreact : session.react)({ id, by }, reaction.emoji)}
          />
        </li>
      ))}
      {moreReactions > 0 && (
        <li className="flex items-center">
          <span className="sr-only">{t('more', { count: moreReactions })}</span>
          <span aria-hidden="true" className={`${CHIP} border-line text-soft`}>
            +{moreReactions}
          </span>
        </li>
      )}
    </ul>
  );
}

interface ChipProps {
  reaction: Reaction;
  /** The chips stand at the end of the line. */
  isAtEnd: boolean;
  onPress: () => void;
}

function Chip({ reaction, isAtEnd, onPress }: ChipProps) {
  const t = useTranslations('transcript');
  const namesOf = useWhoReacted();
  const { emoji, count, mine } = reaction;
  return (
    <button
      type="button"
      data-part
      tabIndex={-1}
      aria-pressed={mine}
      onClick={onPress}
      // The row is as low as the chip is, and the target as high as a finger needs.
      className="group/chip -my-2.25 flex min-h-11 min-w-11 items-center justify-center focus-visible:outline-none forced-colors:border-0"
    >
      <span className="sr-only">{t('reaction', { emoji, count, mine: String(mine) })}</span>
      <span
        aria-hidden="true"
        className={`${CHIP} group-focus-visible/chip:outline-2 group-focus-visible/chip:outline-offset-1 group-focus-visible/chip:outline-accent ${mine ? 'border-accent bg-accent-soft forced-colors:border-2 forced-colors:border-[Highlight]' : 'border-line bg-surface group-hover/chip:border-edge'}`}
      >
        <span className={EMOJI}>{emoji}</span> {count}
      </span>
      <span className={`${WHO} ${isAtEnd ? 'end-1' : 'start-1'}`}>{namesOf(reaction)}</span>
    </button>
  );
}

/** Names those who reacted, oneself first, and counts the others. */
function useWhoReacted(): (reaction: Reaction) => string {
  const t = useTranslations('transcript');
  const format = useFormatter();
  const label = usePersonLabel();
  return ({ mine, by, count }) => {
    const names = by.filter(({ self }) => !self).map((person) => label(person).inSentence);
    const named = mine ? [t('you'), ...names] : names;
    const others = count - named.length;
    return format.list(others > 0 ? [...named, t('others', { count: others })] : named);
  };
}
