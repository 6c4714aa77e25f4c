'use client';

import { useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useFileWords } from '@/components/room/files/use-file-words';
import { IconButton } from '@/components/ui/button';
import { plainWords } from '@/lib/markup';
import type { ComposerMode } from '@/session/messages/composer-mode';

type Turn = Exclude<ComposerMode, { kind: 'write' }>;

interface ModeStripProps {
  /** Of its words, which describe the field. */
  id: string;
  mode: Turn;
  onLetGo: () => void;
}

/** Above the field: what one replies to or edits, as it is now. */
export function ModeStrip({ id, mode, onLetGo }: ModeStripProps) {
  'use memo';
  const t = useTranslations('composer');
  const heading = useHeading(mode);
  const { summary } = useFileWords();
  const { tint, text, state, file } = mode.quote;
  const isGone = state === 'taken-back';
  return (
    <div data-tint={tint} className="mb-1.5 flex animate-appear items-center gap-2 ps-3">
      <div
        id={id}
        className={`min-w-0 flex-1 border-s-2 ps-3 text-sm ${mode.kind === 'reply' ? 'border-(--tint)' : 'border-accent'}`}
      >
        <p className="truncate font-medium">{heading}</p>{' '}
        <p
          dir={isGone ? undefined : 'auto'}
          className={isGone ? (mode.kind === 'edit' ? 'text-danger' : 'text-soft') : 'truncate text-start text-soft'}
        >
          {isGone
            ? t(mode.kind === 'reply' ? 'replyGone' : 'editGone')
            : file !== undefined
              ? summary(file)
              : firstLineOf(text)}
        </p>
      </div>
      <IconButton
        icon="close"
        label={t(mode.kind === 'reply' ? 'stopReply' : 'stopEdit')}
        onPointerDown={(event) => event.preventDefault()}
        onClick={onLetGo}
      />
    </div>
  );
}

function useHeading({ kind, quote }: Turn): string {
  const t = useTranslations('composer');
  const label = usePersonLabel();
  if (kind === 'edit') return t('editing');
  if (quote.self) return t('replyingToSelf');
  return quote.memberId === undefined ? t('replying') : t('replyingTo', { name: label(quote).inSentence });
}

const firstLineOf = (text: string | null): string =>
  plainWords(text ?? '')
    .trim()
    .split('\n', 1)[0] ?? '';
