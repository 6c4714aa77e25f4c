'use client';

import { useTranslations } from 'next-intl';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useFailureSentence } from '@/components/site/failure-sentence';
import { FrontLink } from '@/components/site/front-link';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { FocusedHeading } from '@/components/ui/focused-heading';
import { Icon, type IconName } from '@/components/ui/icon';
import { TextField } from '@/components/ui/text-field';
import { SENDER_CHARACTERS_MAX } from '@/domain/limits';
import type { Door } from '@/page/room-screen';
import { Countdown } from '@/components/room/header/countdown';
import { useNameFault } from '@/components/room/people/name-fault';
import { UnsentDraft } from './unsent-draft';

/** Shows the room that a person was invited to, before anybody in it knows that they looked. */
export function DoorScreen({ door }: { door: Door }) {
  const t = useTranslations('door');
  const { room } = door;
  const full = room.members >= room.maxMembers;
  const headingClass = 'text-3xl font-semibold tracking-tight text-balance';
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center px-5 pt-[max(2rem,env(safe-area-inset-top))] pb-[max(2rem,env(safe-area-inset-bottom))]">
      {door.focused ? (
        <FocusedHeading className={headingClass}>{t('heading')}</FocusedHeading>
      ) : (
        <h1 className={headingClass}>{t('heading')}</h1>
      )}
      <dl className="mt-6 divide-y divide-line rounded-2xl border border-line bg-surface px-4">
        <Fact icon="clock" term={t('timeLeft')}>
          <Countdown expiresAt={room.expiresAt} clock={door.clock} className="font-medium" />
        </Fact>
        <Fact icon="people" term={t('seats')}>
          {t('seatsTaken', {
            taken: room.members,
            max: room.maxMembers,
            free: Math.max(0, room.maxMembers - room.members),
          })}
        </Fact>
        <Fact icon="presence" term={t('here')}>
          {t('hereCount', { count: room.here })}
        </Fact>
        <Fact icon={room.sealed ? 'shield' : 'unlock'} term={t('privacy')} danger={!room.sealed}>
          {room.sealed ? t('sealed') : t('open')}
        </Fact>
      </dl>
      <div className="mt-6">
        {room.locked ? (
          <Closed door={door} icon="lock" heading={t('lockedHeading')} body={t('locked')} reason="locked" />
        ) : full ? (
          <Closed door={door} icon="people" heading={t('fullHeading')} body={t('full')} reason="full" />
        ) : (
          <JoinForm door={door} />
        )}
      </div>
    </main>
  );
}

interface FactProps {
  icon: IconName;
  term: string;
  danger?: boolean;
  children: ReactNode;
}

function Fact({ icon, term, danger = false, children }: FactProps) {
  return (
    <div className="flex gap-3 py-3">
      <dt className="flex w-28 shrink-0 items-start gap-2 text-soft">
        <Icon name={icon} className="mt-0.5 size-5" />
        {term}
      </dt>
      <dd className={`min-w-0 flex-1 ${danger ? 'text-danger' : ''}`}>{children}</dd>
    </div>
  );
}

function JoinForm({ door }: { door: Door }) {
  const t = useTranslations('door');
  const failureTitle = useTranslations('failure')('title');
  const failureSentence = useFailureSentence();
  const nameFault = useNameFault();
  const [name, setName] = useState(door.suggestedName);
  // A field that was only just emptied is about to get another name; its fault is shown when joining is tried.
  const [tried, setTried] = useState(false);
  const fault = nameFault(name);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    setTried(true);
    if (fault === null && !door.joining) door.join(name.trim());
  }

  return (
    <form onSubmit={submit} noValidate className="space-y-5">
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        fault={tried ? fault : null}
        name="name"
        value={name}
        // The browser counts UTF-16 units, and a character may take two: this bound only stops names that can never fit.
        maxLength={SENDER_CHARACTERS_MAX * 2}
        autoComplete="off"
        autoCapitalize="words"
        spellCheck={false}
        enterKeyHint="go"
        onChange={(event) => setName(event.target.value)}
      />
      {door.failure !== null && (
        <Callout tone="danger" icon="alert" role="alert" title={failureTitle}>
          <p>{failureSentence(door.failure)}</p>
        </Callout>
      )}
      <Button type="submit" tone="primary" busy={door.joining} size="large" className="w-full">
        {door.joining ? t('joining') : t('join')}
      </Button>
    </form>
  );
}

interface ClosedProps {
  door: Door;
  icon: IconName;
  heading: string;
  body: string;
  reason: 'full' | 'locked';
}

function Closed({ door, icon, heading, body, reason }: ClosedProps) {
  const t = useTranslations('door');
  return (
    <>
      <Callout icon={icon} title={heading} role="status">
        <p className="text-soft">{body}</p>
      </Callout>
      <div className="mt-5 flex flex-wrap gap-3">
        <Button tone="primary" onClick={door.refresh}>
          {t('lookAgain')}
        </Button>
        <FrontLink reason={reason}>{t('makeOwn')}</FrontLink>
      </div>
      <UnsentDraft draft={door.draft} />
    </>
  );
}
