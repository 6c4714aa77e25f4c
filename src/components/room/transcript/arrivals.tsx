'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { Transcript, TranscriptEntry } from '@/session/messages/transcript';
import { keyOf } from './arrange-entries';
import { useNoticeSentence } from './notice';

/** A flood is not read out to its end: whoever wants all of it goes through the list. */
const ARRIVALS_MAX = 5;
/** Lines are kept a while, as some screen readers read them after they were put there. */
const LINES_MAX = 20;

/** The entries behind the newest of those known, oldest first. */
function arrivalsAfter(known: ReadonlySet<string>, entries: readonly TranscriptEntry[]): readonly TranscriptEntry[] {
  const arrivals: TranscriptEntry[] = [];
  for (let index = entries.length - 1; index >= 0 && arrivals.length < ARRIVALS_MAX; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || known.has(keyOf(entry))) break;
    if (!(entry.kind === 'message' && entry.self)) arrivals.unshift(entry);
  }
  return arrivals;
}

const newestKeys = (entries: readonly TranscriptEntry[]) => new Set(entries.slice(-LINES_MAX).map(keyOf));

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
        : t('announced', { name: label(entry).inSentence, text: entry.text ?? t(entry.newer ? 'newer' : 'unopened') }),
  }));

  useEffect(() => {
    // Everything that was said before one came in is history, not news.
    const arrivals = known.current === null ? [] : arrivalsAfter(known.current, entries);
    if (known.current !== null || state === 'ready') known.current = newestKeys(entries);
    if (arrivals.length > 0) setLines((before) => [...before, ...arrivals.map(lineOf)].slice(-LINES_MAX));
  }, [state, entries]);

  return (
    <div aria-live="polite" aria-relevant="additions" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
