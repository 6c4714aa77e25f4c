'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { isolated } from '@/components/room/files/isolated';
import { kindOfFile } from '@/components/room/files/kind-of-file';
import { useFileWords } from '@/components/room/files/use-file-words';
import { usePersonLabel } from '@/components/room/people/person-label';
import type { SharedFile } from '@/session/files/shared-file';
import type { MessageEntry, NoticeEntry, Transcript, TranscriptEntry } from '@/session/messages/transcript';
import type { RoomSession } from '@/session/room-session';
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

/** The clock announces the last minute itself, and nothing is read out of a member that the reader ignores. */
const SILENT: readonly NoticeEntry['notice'][] = ['last-minute', 'ignored'];

const isNews = (entry: TranscriptEntry) => entry.kind === 'message' || !SILENT.includes(entry.notice);

/** How a message is read out: to everybody, and to the person it speaks to. */
const ANNOUNCED = { everybody: 'announced', mention: 'announcedMention', reply: 'announcedReply' } as const;

/** Returns a function that puts a message into the words that are read out. */
function useAnnounced(): (message: MessageEntry) => string {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const announcedFile = useAnnouncedFile();
  return (message) => {
    const { file, forYou = 'everybody', text, unreadable = 'unopened' } = message;
    const name = label(message).inSentence;
    const words = text === null ? t(unreadable) : plainWords(text);
    if (file !== undefined && forYou === 'everybody') return announcedFile(name, file, words);
    return t(ANNOUNCED[forYou], { name, text: words });
  };
}

/** The sender, the kind of file, and its words; a file without words is called by its name. */
function useAnnouncedFile(): (name: string, file: SharedFile, words: string) => string {
  const t = useTranslations('files.received');
  const { time } = useFileWords();
  return (name, file, words) => {
    const kind = kindOfFile(file);
    const said = words === '' && !['picture', 'voice'].includes(kind) ? isolated(file.name) : words;
    const hasWords = String(said !== '');
    return t('announced', { name, kind, time: time(file.voice?.ms ?? 0), words: said, hasWords });
  };
}

interface Line {
  key: string;
  text: string;
}

interface ArrivalsProps {
  session: RoomSession;
  transcript: Transcript;
}

/**
 * Reads out what arrives, and nothing else: the list itself draws blocks and leaves them out as one scrolls. A new name of a
 * member changes no line, so it is announced once, by its notice.
 */
export function Arrivals({ session, transcript: { state, older, entries, cleared = false } }: ArrivalsProps) {
  const t = useTranslations('transcript');
  const label = usePersonLabel();
  const sentence = useNoticeSentence();
  const announced = useAnnounced();
  const heard = useRef<Position | null>(null);
  const wasCleared = useRef(cleared);
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [lines, setLines] = useState<readonly Line[]>([]);

  /** A link that anybody but the owner sends is a link. */
  const isOffer = ({ offer, memberId }: MessageEntry) =>
    offer !== undefined && session.people.get().some((person) => person.owner && person.memberId === memberId);

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
          : isOffer(one)
            ? t('offered', { name: label(one).inSentence })
            : announced(one),
    }));
    const count = arrived.length - said.length;
    return count === 0 ? said : [...said, { key: `more ${said[0]?.key}`, text: t('more', { count }) }];
  }

  const announce = useEffectEvent(() => {
    if (heard.current === null) return;
    // Made here and not in the updater, which React may call while it renders.
    const said = linesSince(heard.current);
    if (said.length > 0) setLines((before) => [...before, ...said].slice(-LINES_MAX));
    heard.current = endOf(entries);
  });

  useEffect(() => {
    // Everything that was said before one came in is history, not news, a page that is read before any other included.
    if (heard.current === null) {
      if (state === 'ready' && (entries.length > 0 || older === 'none')) heard.current = endOf(entries);
      return;
    }
    // What the reader cleared, or shows again, is no news.
    if (cleared !== wasCleared.current) {
      wasCleared.current = cleared;
      heard.current = endOf(entries);
      return;
    }
    gathering.current ??= setTimeout(() => {
      gathering.current = undefined;
      announce();
    }, GATHERING_MS);
  }, [state, older, entries, cleared]);

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
