'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { useKnocks } from '@/hooks/use-knocks';
import type { KnockId } from '@/domain/knock';
import type { RoomSession } from '@/session/room-session';
import { useKnockerName } from './use-knocker-name';

/** Everybody at the door, in the order in which they came, above those who are inside. */
export function KnockList({ session, onAnswer }: { session: RoomSession; onAnswer: () => void }) {
  const t = useTranslations('knocks');
  const headingId = useId();
  const nameOf = useKnockerName(session);
  const { waiting, answering, answerKnock } = useKnocks(session);
  const list = useRef<HTMLUListElement>(null);
  const hasAnswered = useRef(false);
  // Removing a row removes the focused button with it.
  useEffect(() => {
    if (!hasAnswered.current || document.activeElement !== document.body) return;
    hasAnswered.current = false;
    list.current?.focus({ preventScroll: true });
  }, [waiting.length]);
  if (waiting.length === 0) return null;

  function answer(knockId: KnockId, admit: boolean) {
    hasAnswered.current = true;
    answerKnock(knockId, admit);
    onAnswer();
  }

  return (
    <section aria-labelledby={headingId} className="mt-3 mb-4 border-b border-line pb-3">
      <h3 id={headingId} className="px-2 text-sm font-semibold">
        {t('heading')}
      </h3>
      <ul ref={list} tabIndex={-1} aria-labelledby={headingId} className="mt-1 outline-none">
        {waiting.map((person) => {
          const { line } = nameOf(person);
          const isAnswering = answering.has(person.knockId);
          return (
            <li key={person.knockId} className="flex min-h-13 flex-wrap items-center gap-1">
              <bdi
                className={`min-w-0 flex-1 basis-20 ps-2 wrap-anywhere ${person.name === null ? 'text-soft italic' : ''}`}
              >
                {line}
              </bdi>
              <Button
                busy={isAnswering}
                aria-label={t('letInNamed', { name: line })}
                onClick={() => answer(person.knockId, true)}
                className="!px-3 text-sm"
              >
                {t('letIn')}
              </Button>
              <IconButton
                icon="close"
                label={t('refuseNamed', { name: line })}
                aria-disabled={isAnswering || undefined}
                onClick={() => answer(person.knockId, false)}
                className="text-soft"
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
