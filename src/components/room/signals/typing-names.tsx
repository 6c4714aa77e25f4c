'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { usePersonLabel } from '@/components/room/people/person-label';
import { useTypingPeople } from '@/hooks/use-signals';
import type { RoomSession } from '@/session/room-session';

/** More than these are several people: their names would be read for longer than they type. */
const NAMES_MAX = 3;
const DELAYS = ['', '[animation-delay:200ms]', '[animation-delay:400ms]'];

/** No live region: it comes and goes with every message, and whoever looks for it finds it before the composer. */
export function TypingNames({ session }: { session: RoomSession }) {
  const t = useTranslations('signals');
  const format = useFormatter();
  const label = usePersonLabel();
  const people = useTypingPeople(session);
  if (people.length === 0) return null;
  const names = format.list(people.map((person) => label(person).inSentence));
  return (
    <p className="absolute inset-x-0 bottom-0 mx-auto flex w-full max-w-3xl animate-appear items-center gap-2 px-8 text-xs leading-5 text-soft">
      <span aria-hidden="true" className="flex shrink-0 gap-0.75">
        {DELAYS.map((delay) => (
          <span
            key={delay}
            className={`size-1.25 rounded-full bg-current motion-safe:animate-pulse forced-colors:bg-[CanvasText] ${delay}`}
          />
        ))}
      </span>
      <span className="truncate rounded-sm bg-canvas">
        {people.length > NAMES_MAX ? t('severalTyping') : t('typing', { names, count: people.length })}
      </span>
    </p>
  );
}
