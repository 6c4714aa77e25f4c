'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { TextField } from '@/components/ui/text-field';
import { ROOM_MEMBERS_MAX, ROOM_MEMBERS_MIN } from '@/domain/limits';
import { Chips } from './chips';
import { KINDS, MORE, peopleOf, type RoomChoice } from './room-choice';

const LIFETIMES_MINUTES = [1, 5, 10, 30, 60];
/** A secret, a family, a party, a class. */
const PEOPLE = [2, 5, 10, 50];

interface RoomChipsProps {
  choice: RoomChoice;
  hasPublic: boolean;
  /** After what is chosen most. */
  children: ReactNode;
}

/** The kind of room, how long it is to last, and how many people it takes. */
export function RoomChips({ choice, hasPublic, children }: RoomChipsProps) {
  const t = useTranslations('front');
  const format = useFormatter();
  const bounds = { min: format.number(ROOM_MEMBERS_MIN), max: format.number(ROOM_MEMBERS_MAX) };
  const counts = PEOPLE.map((people) => ({
    value: String(people),
    label: format.number(people),
    spoken: t('peopleCount', { people }),
  }));
  return (
    <div className="group flex flex-wrap gap-x-8 gap-y-4 short:gap-y-2 md:flex-col">
      <Chips
        legend={t('kind')}
        name="kind"
        chips={KINDS.filter((kind) => hasPublic || kind !== 'public').map((kind) => ({
          value: kind,
          label: t(`kind-${kind}`),
        }))}
        chosen={choice.kind}
      />
      <Chips
        legend={t('lifetime')}
        name="minutes"
        chips={LIFETIMES_MINUTES.map((minutes) => ({
          value: String(minutes),
          label: t('minutesShort', { minutes }),
          spoken: t('minutes', { minutes }),
        }))}
        chosen={choice.minutes}
      />
      {/* By the style sheet, so it works before the page has woken up. */}
      <div className="contents group-has-[[value=pair]:checked]:hidden">
        <Chips
          legend={t('people')}
          name="people"
          chips={[...counts, { value: MORE, label: t('more') }]}
          chosen={choice.people}
        />
        <TextField
          label={t('peopleOther')}
          hint={t('peopleHint', bounds)}
          fault={choice.people === MORE && peopleOf(choice) === null ? t('peopleFault', bounds) : null}
          name="typed"
          type="number"
          inputMode="numeric"
          min={ROOM_MEMBERS_MIN}
          max={ROOM_MEMBERS_MAX}
          defaultValue={choice.typed}
          className="hidden w-full max-w-56 group-has-[[value=more]:checked]:block"
        />
      </div>
      {children}
      {/* Below the button, which is in sight on the smallest screens that way. */}
      <label className="flex min-h-11 items-center gap-3 self-start text-[0.9375rem]">
        <input type="checkbox" name="asks" className="size-5 accent-accent" />
        {t('asks')}
      </label>
    </div>
  );
}
