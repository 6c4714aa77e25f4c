'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { Transcript, TranscriptEntry } from '@/session/messages/transcript';
import { keyOf } from './arrange-entries';
import { arrivedSince, newestKeys } from './arrived';
import { useNoticeSentence } from './notice';

/** A flood is not read out to its end: whoever wants all of it goes through the list. */
const ARRIVALS_MAX = 5;
/** Lines are kept a while, as some screen readers read them after they were put there. */
const LINES_MAX = 20;

/**
 * Reads out what arrives, and nothing else: the list itself draws blocks and leaves them out as one scrolls. A new name of a
 * member changes no line, so it is announced once, by its notice.
 */
export function Arrivals({ transcript: { state, entries } }: { transcript: Transcript }) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const sentence = useNoticeSentence();
  const known = useRef<ReadonlySet<string> | null>(null);
  const [lines, setLines] = useState<readonly { key: string; text: string }[]>([]);

  /** In the words of the moment: a line stays as it was read out. */
  const lineOf = useEffectEvent((entry: TranscriptEntry) => ({
    key: keyOf(entry),
    text:
      entry.kind === 'notice'
        ? sentence(entry)
        : t('announced', { name: label(entry).inSentence, text: entry.text ?? t(entry.unreadable ?? 'unopened') }),
  }));

  useEffect(() => {
    // Everything that was said before one came in is history, not news.
    const arrivals = known.current === null ? [] : arrivedSince(known.current, entries, ARRIVALS_MAX);
    if (known.current !== null || state === 'ready') known.current = newestKeys(entries);
    if (arrivals.length === 0) return;
    // Made here and not in the updater, which React may call while it renders: an effect event refuses that.
    const arrived = arrivals.map(lineOf);
    setLines((before) => [...before, ...arrived].slice(-LINES_MAX));
  }, [state, entries]);

  return (
    <div aria-live="polite" aria-relevant="additions" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
