'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { loadInside } from '@/components/room/screens/load-inside';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { TextField } from '@/components/ui/text-field';
import { ROOM_MEMBERS_MAX, ROOM_MEMBERS_MIN } from '@/domain/limits';
import { useOpenRoom } from '@/hooks/use-open-room';
import { Chips } from './chips';
import { FIRST_CHOICE, MORE, peopleOf, readChoice, type RoomChoice } from './room-choice';

const LIFETIMES_MINUTES = [1, 5, 10, 30, 60];
/** A secret, a family, a party, a class. */
const PEOPLE = [2, 5, 10, 50];

export function OpenRoomForm() {
  const t = useTranslations('front');
  const failureSentence = useFailureSentence();
  const failureTitle = useTranslations('failure')('title');
  const { opening, failure, openRoom } = useOpenRoom(loadInside);
  const form = useRef<HTMLFormElement>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  // Chips chosen before the page had woken up.
  useEffect(() => read(form.current, setChoice), []);

  function submit() {
    const asked = form.current === null ? choice : readChoice(new FormData(form.current));
    const people = peopleOf(asked);
    if (people !== null && !opening) openRoom({ lifetimeSeconds: Number(asked.minutes) * 60, maxMembers: people });
  }

  return (
    <form
      ref={form}
      // A press before the page has woken up is kept by React, which runs the action later. Presses after that are
      // handled here, because an action resets its form.
      action={submit}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        submit();
      }}
      onChange={(event) => read(event.currentTarget, setChoice)}
      noValidate
      className="mt-6 short:mt-3"
    >
      <RoomChips choice={choice} />
      <Button
        type="submit"
        tone="primary"
        busy={opening}
        inert={peopleOf(choice) === null}
        size="large"
        className="mt-6 w-full sm:w-auto short:mt-3"
      >
        {opening ? t('making') : t('make')}
      </Button>
      {failure !== null && (
        <div className="mt-4">
          <Callout tone="danger" icon="alert" role="alert" title={failureTitle}>
            <p>{failureSentence(failure)}</p>
          </Callout>
        </div>
      )}
    </form>
  );
}

function read(form: HTMLFormElement | null, onChoice: (choice: RoomChoice) => void): void {
  if (form !== null) onChoice(readChoice(new FormData(form)));
}

/** How long the room is to last, and for how many it is. */
function RoomChips({ choice }: { choice: RoomChoice }) {
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
        legend={t('lifetime')}
        name="minutes"
        chips={LIFETIMES_MINUTES.map((minutes) => ({
          value: String(minutes),
          label: t('minutesShort', { minutes }),
          spoken: t('minutes', { minutes }),
        }))}
        chosen={choice.minutes}
      />
      <Chips
        legend={t('people')}
        name="people"
        chips={[...counts, { value: MORE, label: t('more') }]}
        chosen={choice.people}
      />
      {/* By the style sheet, so it works before the page has woken up. */}
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
  );
}
