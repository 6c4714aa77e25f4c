'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { MessageEntry, Transcript, TranscriptEntry } from '@/session/messages/transcript';
import { plainWords } from '@/lib/markup';
import { arrivedSince, endOf, type Position } from '@/domain/arrived';
import { groupEntries, type NoticeGroup } from './group-entries';
import { useNoticeSentence } from './notice';

/** What arrives within this time is read out together. */
const GATHERING_MS = 500;
/** A flood is not read out to its end: whoever wants all of it goes through the list. */
const ARRIVALS_MAX = 5;
/** Lines are kept a while, as some screen readers read them after they were put there. */
const LINES_MAX = 20;

/** The clock announces the last minute itself. */
const isNews = (entry: TranscriptEntry) => entry.kind === 'message' || entry.notice !== 'last-minute';

interface Line {
  key: string;
  text: string;
}

/**
 * Reads out what arrives, and nothing else: the list itself draws blocks and leaves them out as one scrolls. A new name of a
 * member changes no line, so it is announced once, by its notice.
 */
export function Arrivals({ transcript: { state, older, entries } }: { transcript: Transcript }) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const sentence = useNoticeSentence();
  const heard = useRef<Position | null>(null);
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [lines, setLines] = useState<readonly Line[]>([]);

  /** In the words of the moment: a line stays as it was read out. */
  function linesSince(position: Position): readonly Line[] {
    const groups = groupEntries(arrivedSince(position, entries).filter(isNews));
    const arrived = groups.flatMap<MessageEntry | NoticeGroup>((group) =>
      group.kind === 'notice' ? [group] : group.messages,
    );
    const said = arrived.slice(-ARRIVALS_MAX).map((one) => ({
      key: one.key,
      text:
        one.kind === 'notice'
          ? sentence(one)
          : t('announced', {
              name: label(one).inSentence,
              text: one.text === null ? t(one.unreadable ?? 'unopened') : plainWords(one.text),
            }),
    }));
    const count = arrived.length - said.length;
    return count === 0 ? said : [...said, { key: `more ${said[0]?.key}`, text: t('more', { count }) }];
  }

  const announce = useEffectEvent((position: Position) => {
    // Made here and not in the updater, which React may call while it renders.
    const said = linesSince(position);
    if (said.length > 0) setLines((before) => [...before, ...said].slice(-LINES_MAX));
    heard.current = endOf(entries);
  });

  useEffect(() => {
    const position = heard.current;
    // Everything that was said before one came in is history, not news, a page that is read before any other included.
    if (position === null) {
      if (state === 'ready' && (entries.length > 0 || older === 'none')) heard.current = endOf(entries);
      return;
    }
    gathering.current ??= setTimeout(() => {
      gathering.current = undefined;
      announce(position);
    }, GATHERING_MS);
  }, [state, older, entries]);

  useEffect(
    () => () => {
      clearTimeout(gathering.current);
      gathering.current = undefined;
    },
    [],
  );

  return (
    <div aria-live="polite" aria-relevant="additions" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
