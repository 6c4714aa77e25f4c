'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { useNameFault } from '@/components/room/people/name-fault';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { TextField } from '@/components/ui/text-field';
import { SENDER_CHARACTERS_MAX } from '@/domain/limits';
import type { Door, LoadingScreen } from '@/page/room-screen';

/** Takes a name, and a press of *Join*, from the first paint on: neither waits for the page to wake up or for the room to be read. */
export function JoinForm({ door, headingId }: { door: Door | LoadingScreen; headingId: string }) {
  const t = useTranslations('door');
  const failureTitle = useTranslations('failure')('title');
  const failureSentence = useFailureSentence();
  const nameFault = useNameFault();
  const field = useRef<HTMLInputElement>(null);
  // Null as long as nobody has typed: then the field shows the suggested name.
  const [typed, setTyped] = useState<string | null>(null);
  // A field that was only just emptied is about to get another name; its fault is shown when joining is tried.
  const [tried, setTried] = useState(false);
  const { suggestedName } = door;
  // While the owner is being asked, and what says so has not arrived.
  const joining = door.joining || (door.state === 'door' && door.knock !== null);
  const asks = door.state === 'door' && door.room.entry === 'knock';
  const failure = door.state === 'door' ? door.failure : null;
  const fault = suggestedName === null ? null : nameFault(typed ?? suggestedName);
  useFocusedField(field, suggestedName, setTyped);

  function submit() {
    // From the field itself: before the page has woken up, nobody has heard what was typed there.
    const name = field.current?.value ?? '';
    setTried(true);
    if (joining) return;
    if ((suggestedName === null && name === '') || nameFault(name) === null) door.join(name.trim());
    else field.current?.focus();
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
      aria-labelledby={headingId}
      className="space-y-4 short:space-y-3"
    >
      <TextField
        ref={field}
        label={t('name')}
        fault={tried ? fault : null}
        name="name"
        value={typed ?? suggestedName ?? ''}
        // The browser counts UTF-16 units, and a character may take two: this bound only stops names that can never fit.
        maxLength={SENDER_CHARACTERS_MAX * 2}
        autoComplete="off"
        autoCapitalize="words"
        spellCheck={false}
        enterKeyHint="go"
        onChange={(event) => setTyped(event.target.value)}
        // A phone's keyboard must not cover what comes after the field: it scrolls into sight together with the button.
        className="[&_input]:scroll-mb-24"
      />
      {failure !== null && (
        <Callout tone="danger" icon="alert" role="alert" title={failureTitle}>
          <p>{failureSentence(failure)}</p>
        </Callout>
      )}
      <Button type="submit" tone="primary" busy={joining} size="large" className="w-full">
        {joining ? t(asks ? 'asking' : 'joining') : t(asks ? 'ask' : 'join')}
      </Button>
      {asks && <p className="text-[0.9375rem] text-soft">{t('asksFirst')}</p>}
    </form>
  );
}

/**
 * Begins in the name, which is selected as long as it is the suggested one. Not by `autofocus`: browsers ignore that for addresses
 * with a fragment, and one of them writes the fragment, our key, to its console.
 */
function useFocusedField(
  field: { readonly current: HTMLInputElement | null },
  suggestedName: string | null,
  onTyped: (name: string) => void,
): void {
  useEffect(() => {
    const input = field.current;
    if (input === null) return;
    // Typed before the page had woken up.
    if (input.value !== input.defaultValue) onTyped(input.value);
    const { activeElement } = document;
    // Not away from where somebody has gone meanwhile.
    if (activeElement === document.body || activeElement instanceof HTMLHeadingElement)
      input.focus({ preventScroll: true });
  }, [field, onTyped]);
  useEffect(() => {
    const input = field.current;
    if (input !== null && input.value === suggestedName && document.activeElement === input) input.select();
  }, [field, suggestedName]);
}
