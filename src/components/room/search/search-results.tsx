'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { PersonName } from '@/components/room/people/person-name';
import { ClockTime } from '@/components/room/transcript/clock-time';
import type { Hit } from './find-messages';

interface SearchResultsProps {
  /** Of the list; an option's is this one with its number. */
  id: string;
  hits: readonly Hit[];
  active: number;
  onChoose: (key: string) => void;
}

/** The field above keeps the focus: its arrow keys lead through these. */
export function SearchResults({ id, hits, active, onChoose }: SearchResultsProps) {
  const t = useTranslations('search');
  const list = useRef<HTMLUListElement>(null);
  const activeKey = hits[active]?.message.key;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [activeKey]);
  return (
    // Of one height, so that the field stays where it is while one writes.
    <div className="-mx-2 h-[min(26rem,calc(100dvh-16rem))]">
      <ul
        ref={list}
        id={id}
        role="listbox"
        aria-label={t('results')}
        className="max-h-full overflow-y-auto overscroll-contain"
      >
        {hits.map((hit, index) => (
          <Result
            key={hit.message.key}
            id={`${id}-${index}`}
            hit={hit}
            isActive={index === active}
            onChoose={() => onChoose(hit.message.key)}
          />
        ))}
      </ul>
    </div>
  );
}

interface ResultProps {
  id: string;
  hit: Hit;
  isActive: boolean;
  onChoose: () => void;
}

function Result({ id, hit: { message, excerpt, spans }, isActive, onChoose }: ResultProps) {
  const t = useTranslations('transcript');
  return (
    <li
      id={id}
      role="option"
      aria-selected={isActive}
      onClick={onChoose}
      className="min-h-11 cursor-pointer rounded-xl px-3 py-2 hover:bg-sunken aria-selected:bg-sunken forced-colors:aria-selected:outline-2 forced-colors:aria-selected:-outline-offset-2"
    >
      <div data-tint={message.tint} className="flex items-baseline justify-between gap-3 text-sm">
        {message.self ? (
          <span className="font-medium text-soft">{t('you')}</span>
        ) : (
          <PersonName person={message} className="text-(--tint)" />
        )}
        <ClockTime timestamp={message.timestamp} className="shrink-0 text-xs text-soft tabular-nums" />
      </div>
      <p dir="auto" className="line-clamp-2 text-[0.9375rem] wrap-anywhere">
        <Marked text={excerpt} spans={spans} />
      </p>
    </li>
  );
}

function Marked({ text, spans }: { text: string; spans: Hit['spans'] }) {
  return [...spans, null].map((span, index) => {
    const before = text.slice(spans[index - 1]?.to ?? 0, span?.from);
    return (
      <span key={index}>
        {before}
        {span !== null && (
          <mark className="rounded-sm bg-accent-soft font-medium text-accent forced-colors:bg-[Mark] forced-colors:text-[MarkText]">
            {text.slice(span.from, span.to)}
          </mark>
        )}
      </span>
    );
  });
}
