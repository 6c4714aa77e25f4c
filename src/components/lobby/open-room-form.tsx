'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { useState, type SubmitEvent } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Choice } from '@/components/ui/choice';
import { Icon } from '@/components/ui/icon';
import { TextField } from '@/components/ui/text-field';
import {
  ROOM_LIFETIME_SECONDS_DEFAULT,
  ROOM_MEMBERS_DEFAULT,
  ROOM_MEMBERS_MAX,
  ROOM_MEMBERS_MIN,
} from '@/domain/limits';
import { useOpenRoom } from '@/hooks/use-open-room';

const LIFETIMES_MINUTES = [1, 5, 10, 30, 60];

/** The number of seats that a text says, or null when it is none that a room can have. */
function parseSeats(text: string): number | null {
  const seats = Number(text);
  return text.trim() !== '' && Number.isInteger(seats) && seats >= ROOM_MEMBERS_MIN && seats <= ROOM_MEMBERS_MAX
    ? seats
    : null;
}

export function OpenRoomForm() {
  const t = useTranslations('front');
  const format = useFormatter();
  const failureSentence = useFailureSentence();
  const failureTitle = useTranslations('failure')('title');
  const { opening, failure, openRoom } = useOpenRoom();
  const [minutes, setMinutes] = useState(ROOM_LIFETIME_SECONDS_DEFAULT / 60);
  const [seatsText, setSeatsText] = useState(String(ROOM_MEMBERS_DEFAULT));
  const seats = parseSeats(seatsText);
  const bounds = { min: format.number(ROOM_MEMBERS_MIN), max: format.number(ROOM_MEMBERS_MAX) };

  function submit() {
    if (seats !== null) openRoom({ lifetimeSeconds: minutes * 60, maxMembers: seats });
  }

  return (
    <form
      // React keeps a press on a page that has not woken up yet for the action, and does it then. Later ones are
      // not left to it, as an action resets its form.
      action={submit}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        submit();
      }}
      noValidate
      className="mt-8"
    >
      <Button
        type="submit"
        tone="primary"
        busy={opening}
        inert={seats === null}
        size="large"
        className="w-full sm:w-auto"
      >
        {opening ? t('making') : t('make')}
      </Button>
      <details
        className="group mt-3"
        // What is wrong stays in sight: else nobody would know why no room is made.
        onToggle={(event) => {
          if (seats === null) event.currentTarget.open = true;
        }}
      >
        <summary className="-mx-2 inline-flex min-h-11 list-none items-center gap-2 rounded-xl px-2 text-[0.9375rem] text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
          <Icon name="chevron" className="size-5 transition-transform group-open:rotate-180" />
          <span>
            {t('options')}
            {seats !== null && <span className="text-soft"> · {t('optionsSummary', { minutes, seats })}</span>}
          </span>
        </summary>
        <div className="mt-2 space-y-5 rounded-2xl border border-line bg-surface p-5">
          <Choice
            legend={t('lifetime')}
            name="lifetime"
            options={LIFETIMES_MINUTES.map((value) => ({
              value: String(value),
              label: format.number(value),
              spoken: t('minutes', { minutes: value }),
            }))}
            value={String(minutes)}
            onChoose={(value) => setMinutes(Number(value))}
          />
          <TextField
            label={t('seats')}
            hint={t('seatsHint', bounds)}
            fault={seats === null ? t('seatsFault', bounds) : null}
            type="number"
            inputMode="numeric"
            min={ROOM_MEMBERS_MIN}
            max={ROOM_MEMBERS_MAX}
            value={seatsText}
            onChange={(event) => setSeatsText(event.target.value)}
            className="max-w-48"
          />
        </div>
      </details>
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
