'use client';

import { useFormatter, useLocale, useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useClockFormats } from '@/components/room/transcript/clock-time';
import { kindOfFile } from '@/components/room/files/kind-of-file';
import { useFileWords } from '@/components/room/files/use-file-words';
import { groupEntries, type NoticeGroup } from '@/components/room/transcript/group-entries';
import { useNoticeSentence } from '@/components/room/transcript/notice';
import { useRoomName } from '@/components/room/use-room-name';
import { plainWords } from '@/lib/markup';
import type { MessageEntry, NoticeEntry, TranscriptEntry } from '@/session/messages/transcript';
import type { SharedFile } from '@/session/files/shared-file';
import type { RoomSession } from '@/session/room-session';
import type { SavedLine, SavedTalk } from './talk-file';

/** A message that was taken back is left out, and so is the notice of it; and so is what the reader ignores. */
const LEFT_OUT: readonly NoticeEntry['notice'][] = [
  'took-back',
  'owner-took-back',
  'taken-back',
  'ignored',
  'last-minute',
];

/** Returns a function that makes the file's content out of what the transcript shows. `isWhole`: nothing came before these. */
export function useSavedTalk(
  session: RoomSession,
): (entries: readonly TranscriptEntry[], isWhole: boolean) => SavedTalk {
  const t = useTranslations('lastWords');
  const files = useTranslations('files.received');
  const language = useLocale();
  const room = useRoomName(session.roomId);
  const { seconds, exact } = useClockFormats();
  const messageLine = useMessageLine();
  const sentence = useNoticeSentence();
  const noticeLine = (group: NoticeGroup): SavedLine => ({
    kind: 'notice',
    // Its day stands above: a room lasts an hour at most.
    time: seconds.format(group.entry.timestamp),
    text: sentence(group),
  });
  return (entries, isWhole) => {
    const kept = entries.filter((entry) =>
      entry.kind === 'message'
        ? entry.state === 'sent' && entry.leaving === undefined
        : !LEFT_OUT.includes(entry.notice),
    );
    return {
      language,
      direction: document.dir === 'rtl' ? 'rtl' : 'ltr',
      title: t('fileTitle', { room }),
      about: [
        t('fileSaved', { time: exact.format(Date.now()) }),
        ...(isWhole ? [] : [t('filePart')]),
        ...(hasFiles(kept) ? [files('leftOut')] : []),
      ],
      lines: groupEntries(kept).flatMap((group) =>
        group.kind === 'notice' ? [noticeLine(group)] : group.messages.map(messageLine),
      ),
    };
  };
}

/** Whether there is something that a copy of the talk cannot have. */
export const hasFiles = (entries: readonly TranscriptEntry[]): boolean =>
  entries.some((entry) => entry.kind === 'message' && entry.file !== undefined);

function useMessageLine(): (message: MessageEntry) => SavedLine {
  const t = useTranslations('transcript');
  const words = useTranslations('lastWords');
  const format = useFormatter();
  const files = useTranslations('files.received');
  const { size, kind, summary } = useFileWords();
  const label = usePersonLabel();
  const { seconds } = useClockFormats();
  const fileLine = (file: SharedFile) =>
    file.voice === undefined
      ? files('line', { kind: kind(kindOfFile(file)), name: file.name, size: size(file.size) })
      : summary(file);
  return (message) => {
    const { re, reactions = [], edited, timestamp, offer, file } = message;
    // A link that outlives the room is not kept for whoever finds the file.
    const text = offer === undefined ? message.text : null;
    const quoted = re === undefined || re.memberId === undefined ? null : label(re).inSentence;
    return {
      kind: 'message',
      name: label(message).inSentence,
      time: seconds.format(timestamp),
      text,
      note: offer === undefined ? t(message.unreadable ?? 'unopened') : words('fileOffer'),
      ...(re && {
        re: words('fileReply', {
          name: quoted ?? t('quoteNotLoaded'),
          text:
            re.text === null
              ? t(re.state === 'taken-back' ? 'quoteTakenBack' : 'quoteNotLoaded')
              : re.file === undefined
                ? plainWords(re.text)
                : summary(re.file),
        }),
      }),
      ...(file && { file: fileLine(file) }),
      ...(edited && { edited: t('edited') }),
      reactions: reactions.map(({ emoji, count }) => `${emoji} ${format.number(count)}`),
    };
  };
}
