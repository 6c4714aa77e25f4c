'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { loadInside } from '@/components/room/screens/load-inside';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { useDeferred } from '@/components/ui/use-deferred';
import { useOpenRoom } from '@/hooks/use-open-room';
import { lobbyParts } from './lobby-place';
import { FIRST_CHOICE, peopleOf, readChoice, roomAsked, type RoomChoice } from './room-choice';
import { RoomChips } from './room-chips';

/** One press makes a room, whatever else there is to choose. `hasPublic`: this site lists public rooms. */
export function OpenRoomForm({ hasPublic }: { hasPublic: boolean }) {
  const t = useTranslations('front');
  const failureSentence = useFailureSentence();
  const failureTitle = useTranslations('failure')('title');
  const { opening, failure, openRoom } = useOpenRoom(loadInside);
  const form = useRef<HTMLFormElement>(null);
  const [choice, setChoice] = useState(FIRST_CHOICE);
  const [tries, setTries] = useState(0);
  const isPublic = choice.kind === 'public';
  const parts = useDeferred(isPublic ? lobbyParts : null);
  // Chips chosen before the page had woken up.
  useEffect(() => read(form.current, setChoice), []);

  function submit() {
    const data = form.current === null ? new FormData() : new FormData(form.current);
    const asked = roomAsked(readChoice(data), parts?.readListing(data) ?? null);
    if (asked === null) setTries(tries + 1);
    else if (!opening) openRoom(asked);
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
      <RoomChips choice={choice} hasPublic={hasPublic}>
        {isPublic && parts !== null && <parts.PublicFields tries={tries} />}
        <Button
          type="submit"
          tone="primary"
          busy={opening}
          inert={peopleOf(choice) === null}
          size="large"
          className="mt-2 w-full sm:w-auto md:self-start short:mt-0 short:self-end"
        >
          {opening ? t('making') : t(isPublic ? 'makePublic' : 'make')}
        </Button>
      </RoomChips>
      {failure !== null && (
        <div className="mt-4">
          <Callout tone="danger" icon="alert" role="alert" title={failureTitle}>
            <p>
              {isPublic && failure.reason === 'rate_limited'
                ? t('publicBusy', { seconds: failure.retryAfterSeconds ?? 0 })
                : failureSentence(failure)}
            </p>
          </Callout>
        </div>
      )}
    </form>
  );
}

function read(form: HTMLFormElement | null, onChoice: (choice: RoomChoice) => void): void {
  if (form !== null) onChoice(readChoice(new FormData(form)));
}
