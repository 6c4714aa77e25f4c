'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId } from 'react';
import { FrontLink } from '@/components/site/front-link';
import { Wordmark } from '@/components/site/wordmark';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Icon, type IconName } from '@/components/ui/icon';
import { useDeferred } from '@/components/ui/use-deferred';
import { isolated } from '@/components/room/files/isolated';
import { isClosed } from '@/domain/room';
import { shownName } from '@/domain/text-rules';
import { createDeferred } from '@/lib/deferred';
import type { Door, LoadingScreen } from '@/page/room-screen';
import { DoorLine } from './door-line';
import { JoinForm } from './join-form';
import { UnsentDraft } from './unsent-draft';

/** Few doors ask their owner. */
export const knockingScreen = createDeferred(() => import('./at-the-door'));

/**
 * Shows the room that a person was invited to, before anybody in it knows that they looked. The server draws the same, and the room
 * fills in what that left blank; nothing moves, because its place is kept.
 */
export function DoorScreen({ door }: { door: Door | LoadingScreen }) {
  const t = useTranslations('door');
  const site = useTranslations('site');
  const headingId = useId();
  const room = door.state === 'door' ? door.room : null;
  const knock = door.state === 'door' ? door.knock : null;
  const knocking = useDeferred(knock !== null || room?.entry === 'knock' ? knockingScreen : null);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col px-5 pt-[max(clamp(1.25rem,14dvh,9rem),env(safe-area-inset-top))] pb-[max(1.5rem,env(safe-area-inset-bottom))] short:max-w-xl short:pt-[max(0.75rem,env(safe-area-inset-top))] short:pb-2">
      <p>
        <Wordmark name={site('name')} />
      </p>
      {/* Two lines on a narrow screen, whether the room turns out to be private or not. */}
      <h1
        id={headingId}
        tabIndex={-1}
        className="mt-6 min-h-[2lh] text-[1.625rem] leading-tight font-semibold tracking-tight text-balance sm:text-3xl short:mt-1.5 short:min-h-[1lh] short:text-2xl"
      >
        {room?.listed === true
          ? t('publicHeading', { topic: isolated(shownName(room.topic ?? '')) })
          : t(room?.sealed === false ? 'plainHeading' : 'heading')}
      </h1>
      <div className="mt-3 min-h-12 text-[0.9375rem] leading-6 text-soft short:mt-1 short:min-h-6">
        {door.state === 'door' && <DoorLine room={door.room} clock={door.clock} />}
      </div>
      <div className="mt-4 short:mt-2.5">
        {door.state === 'door' && knock !== null && knocking !== null ? (
          <knocking.AtTheDoor knock={knock} clock={door.clock} draft={door.draft} headingId={headingId} />
        ) : door.state === 'door' && isClosed(door.room) && knock === null ? (
          <Closed door={door} headingId={headingId} />
        ) : (
          <JoinForm door={door} headingId={headingId} />
        )}
      </div>
      <noscript>
        <p className="mt-4 text-danger">{site('noScript')}</p>
      </noscript>
      <WhatIsThis privacy={room === null || room.sealed ? 'Sealed' : room.listed ? 'Public' : 'Plain'} />
    </main>
  );
}

/** Why nobody can join at this moment; the page finds out by itself when that is over. */
function Closed({ door, headingId }: { door: Door; headingId: string }) {
  const t = useTranslations('door');
  const reason = door.room.locked ? 'locked' : 'full';
  const icon: IconName = reason === 'locked' ? 'lock' : 'people';
  // The field that had the focus is gone.
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById(headingId)?.focus({ preventScroll: true });
  }, [headingId]);
  return (
    <div>
      <Callout icon={icon} title={t(`${reason}Heading`)} role="status">
        <p className="text-soft">{t(reason)}</p>
      </Callout>
      <div className="mt-5 flex flex-wrap gap-3">
        <Button tone="primary" onClick={door.refresh}>
          {t('lookAgain')}
        </Button>
        <FrontLink reason={reason}>{t('makeOwn')}</FrontLink>
      </div>
      <UnsentDraft draft={door.draft} />
    </div>
  );
}

/** Unfolds on the spot: nobody should have to leave the door to learn what is behind it. */
function WhatIsThis({ privacy }: { privacy: 'Sealed' | 'Plain' | 'Public' }) {
  const t = useTranslations('door');
  return (
    <details className="group mt-2 self-start short:mt-0.5">
      <summary className="-mx-2 inline-flex min-h-11 list-none items-center gap-1.5 rounded-xl px-2 text-[0.9375rem] text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        {t('what')}
        <Icon name="chevron" className="size-4.5 transition-transform group-open:rotate-180" />
      </summary>
      <ul className="mt-1 space-y-2 text-[0.9375rem] leading-relaxed text-soft">
        <li>{t('whatAccount')}</li>
        <li>{t('whatGone')}</li>
        <li>{t(`what${privacy}`)}</li>
      </ul>
    </details>
  );
}
