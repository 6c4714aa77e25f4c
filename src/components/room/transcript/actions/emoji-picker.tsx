'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Spinner } from '@/components/ui/spinner';
import { useDeferred } from '@/components/ui/use-deferred';
import { emojiWords, type EmojiGroup } from '@/i18n/emoji-words';
import { isComposingKey } from '@/lib/composing-key';
import { moveInGrid } from './move-in-grid';

const EMOJI = 'button[data-emoji]';

interface Choice {
  readonly emoji: string;
  readonly name: string;
}

interface Choices {
  readonly title: string;
  readonly choices: readonly Choice[];
}

/** The emoji of a group whose names have all of these words in them. */
function choicesIn({ title, emoji }: EmojiGroup, filter: string, locale: string): Choices {
  const words = filter.toLocaleLowerCase(locale).split(/\s+/);
  const all = emoji.split(',').map((entry) => {
    const gap = entry.indexOf(' ');
    return { emoji: entry.slice(0, gap), name: entry.slice(gap + 1) };
  });
  const isMeant = ({ emoji: face, name }: Choice) =>
    words.every((word) => face === word || name.toLocaleLowerCase(locale).includes(word));
  return { title, choices: all.filter(isMeant) };
}

/** About two hundred emoji in groups, with names in the page's language; nothing is asked of the network. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useTranslations('message');
  const locale = useLocale();
  const words = useDeferred(emojiWords[locale]);
  const [filter, setFilter] = useState('');
  const groups = Object.values(words ?? {})
    // At once: a key that comes right behind a word is for what the word finds.
    .map((group) => choicesIn(group, filter.trim(), locale))
    .filter(({ choices }) => choices.length > 0);
  const first = groups[0]?.choices[0];
  return (
    <div
      role="group"
      aria-label={t('pick')}
      className="flex max-h-[min(24rem,calc(100dvh-6rem))] w-[min(20.5rem,calc(100vw-2.5rem))] flex-col gap-2"
      onKeyDown={(event) => {
        if (isComposingKey(event.nativeEvent)) return;
        moveInGrid(event, EMOJI);
        if (event.key !== 'ArrowDown' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        event.currentTarget.querySelector<HTMLElement>(EMOJI)?.focus();
      }}
    >
      <input
        type="text"
        inputMode="search"
        data-first-focus
        dir="auto"
        value={filter}
        aria-label={t('filter')}
        placeholder={t('filter')}
        autoComplete="off"
        onChange={(event) => setFilter(event.target.value)}
        onKeyDown={(event) => {
          if (isComposingKey(event.nativeEvent)) return;
          if (event.key === 'Enter' && filter.trim() !== '' && first !== undefined) {
            event.preventDefault();
            onPick(first.emoji);
          }
        }}
        className="min-h-11 shrink-0 rounded-xl border border-edge bg-surface px-3 text-base -outline-offset-1 placeholder:text-soft"
      />
      {words === null ? (
        <Spinner className="m-6 self-center" />
      ) : (
        <div className="min-h-0 overflow-y-auto overscroll-contain" tabIndex={-1}>
          <p role="status" className="px-1 text-sm text-soft empty:hidden">
            {groups.length === 0 && t('none')}
          </p>
          {groups.map((group) => (
            <Group key={group.title} {...group} first={first} onPick={onPick} />
          ))}
        </div>
      )}
    </div>
  );
}

interface GroupProps extends Choices {
  /** The one that is a stop of the Tab key. */
  first: Choice | undefined;
  onPick: (emoji: string) => void;
}

function Group({ title, choices, first, onPick }: GroupProps) {
  return (
    <div role="group" aria-label={title}>
      <p aria-hidden="true" className="px-1 pt-2 pb-1 text-xs font-medium text-soft">
        {title}
      </p>
      <div className="grid grid-cols-[repeat(auto-fill,2.75rem)] justify-between">
        {choices.map(({ emoji, name }) => (
          <button
            key={emoji}
            type="button"
            data-emoji
            aria-label={name}
            title={name}
            tabIndex={emoji === first?.emoji ? 0 : -1}
            onClick={() => onPick(emoji)}
            className="size-11 rounded-xl font-emoji text-2xl leading-none hover:bg-sunken forced-colors:border-0"
          >
            {emoji}
          </button>
        ))}
      </div>
    </div>
  );
}
