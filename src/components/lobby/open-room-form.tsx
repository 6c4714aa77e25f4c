'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type ReactNode, type SubmitEvent } from 'react';
import { loadInside } from '@/components/room/screens/load-inside';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { useDeferred } from '@/components/ui/use-deferred';
import { useOpenRoom } from '@/hooks/use-open-room';
import { lobbyParts } from './lobby-place';
import { OtherPeople } from './other-people';
import { FIRST_CHOICE, peopleOf, readChoice, roomAsked, type RoomChoice } from './room-choice';

/** One press makes a room, whatever else there is to choose. `chips` are the choices that need no script. */
export function OpenRoomForm({ chips }: { chips: ReactNode }) {
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
      // A press before the page has woken up is kept by React, which runs the action later.
      action={submit}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        submit();
      }}
      onChange={(event) => read(event.currentTarget, setChoice)}
      // An action resets its form, and with it what was chosen.
      onReset={(event) => event.preventDefault()}
      noValidate
      className="mt-6 short:mt-3"
    >
      <div className="group flex flex-wrap gap-x-8 gap-y-4 short:gap-y-2 md:flex-col">
        {chips}
        <OtherPeople choice={choice} />
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
        {/* Below the button, which is in sight on the smallest screens that way. */}
        <label className="flex min-h-11 items-center gap-3 self-start text-[0.9375rem]">
          <input type="checkbox" name="asks" className="size-5 accent-accent" />
          {t('asks')}
        </label>
      </div>
      {failure !== null && (
        <div className="mt-4">
          <Callout tone="danger" icon="alert" role="alert" title={failureTitle}>
            <p>
              {isPublic && failure.reason === 'rate_limited'
                ? // As long as a room lasts, so up to an hour.
                  t('publicBusy', { minutes: Math.ceil((failure.retryAfterSeconds ?? 0) / 60) })
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
