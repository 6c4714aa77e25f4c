'use client';

import { useTranslations } from 'next-intl';
import { useState, type SubmitEvent } from 'react';
import { loadInside } from '@/components/room/screens/load-inside';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import {
  ROOM_LIFETIME_SECONDS_DEFAULT,
  ROOM_MEMBERS_DEFAULT,
  ROOM_MEMBERS_MAX,
  ROOM_MEMBERS_MIN,
} from '@/domain/limits';
import { useOpenRoom } from '@/hooks/use-open-room';
import { RoomOptions } from './room-options';

/** Returns the number of seats that a text says, or null when no room can have that many. */
function parseSeats(text: string): number | null {
  const seats = Number(text);
  return text.trim() !== '' && Number.isInteger(seats) && seats >= ROOM_MEMBERS_MIN && seats <= ROOM_MEMBERS_MAX
    ? seats
    : null;
}

export function OpenRoomForm() {
  const t = useTranslations('front');
  const failureSentence = useFailureSentence();
  const failureTitle = useTranslations('failure')('title');
  const { opening, failure, openRoom } = useOpenRoom(loadInside);
  const [minutes, setMinutes] = useState(ROOM_LIFETIME_SECONDS_DEFAULT / 60);
  const [seatsText, setSeatsText] = useState(String(ROOM_MEMBERS_DEFAULT));
  const seats = parseSeats(seatsText);

  function submit() {
    if (seats !== null) openRoom({ lifetimeSeconds: minutes * 60, maxMembers: seats });
  }

  return (
    <form
      // A press before the page has woken up is kept by React, which runs the action later. Presses after that are
      // handled here, because an action resets its form.
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
      <RoomOptions
        minutes={minutes}
        seats={seats}
        seatsText={seatsText}
        onMinutes={setMinutes}
        onSeatsText={setSeatsText}
      />
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
