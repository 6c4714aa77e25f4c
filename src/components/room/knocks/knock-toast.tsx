'use client';

import { useTranslations } from 'next-intl';
import { useState, type MouseEvent } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { useKnocks } from '@/hooks/use-knocks';
import type { KnockId } from '@/domain/knock';
import type { RoomSession } from '@/session/room-session';
import { useKnockerName } from './use-knocker-name';

interface KnockToastProps {
  session: RoomSession;
  /** The focused button goes with the last person at the door: something else must take the focus. */
  onDone: () => void;
}

/** Somebody who is writing goes on writing. */
const keepFocus = (event: { preventDefault: () => void }) => event.preventDefault();

/** Over the beginning of the transcript: who is at the door, the first one first. */
export function KnockToast({ session, onDone }: KnockToastProps) {
  const t = useTranslations('knocks');
  const nameOf = useKnockerName(session);
  const { waiting, answering, missed, answerKnock, forgetMissed } = useKnocks(session);
  /** Those that the reader does not want to see here any more; the list of people has them. */
  const [dismissed, setDismissed] = useState<ReadonlySet<KnockId>>(new Set());
  const news = waiting.filter(({ knockId }) => !dismissed.has(knockId));
  const [first] = news;

  function answer(event: MouseEvent, knockId: KnockId, admit: boolean) {
    // The second press of a double one would answer whoever is next.
    if (event.detail > 1) return;
    answerKnock(knockId, admit);
    if (event.detail === 0 && news.length === 1) onDone();
  }

  const sentence = first === undefined ? missedSentence() : atDoorSentence(nameOf(first).inSentence);

  function missedSentence() {
    if (missed === null) return null;
    const name = nameOf(missed).inSentence;
    return name === null ? t('somebodyMissed') : t('missed', { name });
  }
  function atDoorSentence(name: string | null) {
    return name === null ? t('somebodyAtDoor') : t('atDoor', { name });
  }

  return (
    <>
      <p role="status" className="sr-only">
        {sentence}
      </p>
      {sentence !== null && (
        <div className="pointer-events-auto flex max-w-full animate-appear flex-wrap items-center justify-end gap-x-2 gap-y-1 rounded-2xl border border-line bg-surface py-1 ps-4 pe-1 text-sm shadow-float">
          <p className="min-w-0 flex-auto py-1 wrap-anywhere">
            <span className="font-medium">{sentence}</span>
            {news.length > 1 && <span className="block text-soft">{t('more', { count: news.length - 1 })}</span>}
          </p>
          {/* Where there is no room beside the sentence, all of them move below it. */}
          <div className="ms-auto flex flex-wrap items-center justify-end gap-x-2 gap-y-1">
            {first !== undefined && (
              <>
                <Button
                  tone="primary"
                  busy={answering.has(first.knockId)}
                  aria-label={t('letInNamed', { name: nameOf(first).line })}
                  onPointerDown={keepFocus}
                  onClick={(event) => answer(event, first.knockId, true)}
                  className="!px-3"
                >
                  {t('letIn')}
                </Button>
                <Button
                  inert={answering.has(first.knockId)}
                  aria-label={t('refuseNamed', { name: nameOf(first).line })}
                  onPointerDown={keepFocus}
                  onClick={(event) => answer(event, first.knockId, false)}
                  className="!px-3"
                >
                  {t('refuse')}
                </Button>
              </>
            )}
            <IconButton
              icon="close"
              label={t('dismiss')}
              onPointerDown={keepFocus}
              onClick={(event) => {
                setDismissed(new Set(waiting.map(({ knockId }) => knockId)));
                forgetMissed();
                if (event.detail === 0) onDone();
              }}
            />
          </div>
        </div>
      )}
    </>
  );
}
