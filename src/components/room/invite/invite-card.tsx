'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useDeferred } from '@/components/ui/use-deferred';
import { useMediaQuery } from '@/components/ui/use-media-query';
import { createDeferred } from '@/lib/deferred';
import type { RoomSession } from '@/session/room-session';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import { RoomLink } from './room-link';
import { useInvitation } from './use-invitation';

/** One shares from a device held in the hand, and copies at a desk. */
const HAND_HELD = '(pointer: coarse)';
/** Room enough for the code beside the link. */
const SPACIOUS = '(min-width: 40rem) and (min-height: 32rem)';

/** What draws a code is not needed to read or to write. */
const qrCode = createDeferred(() => import('./qr-code'));

/** The room's link and every way to hand it on; in a locked room the reason why there is none. */
export function InviteCard({ session }: { session: RoomSession }) {
  const { room } = useRoomInfo(session);
  return room.locked ? <LockedNote session={session} /> : <OpenInvitation session={session} />;
}

function LockedNote({ session }: { session: RoomSession }) {
  const t = useTranslations('invite');
  const { you } = useRoomInfo(session);
  const { pending, setLocked } = useRoomActions(session);
  return (
    <div className="space-y-4">
      <p className="flex gap-2 text-soft">
        <Icon name="lock" className="mt-0.5 size-5" />
        {t('locked')}
      </p>
      {you.owner && (
        <Button icon="unlock" busy={pending === 'lock'} onClick={() => setLocked(false)}>
          {t('unlock')}
        </Button>
      )}
    </div>
  );
}

function OpenInvitation({ session }: { session: RoomSession }) {
  const t = useTranslations('invite');
  const { room } = useRoomInfo(session);
  const { link, shown, copyState, copy, share } = useInvitation(session);
  const handHeld = useMediaQuery(HAND_HELD);
  const spacious = useMediaQuery(SPACIOUS);
  const sharesFirst = handHeld && share !== null;
  const ways = [
    <Button
      key="copy"
      tone={sharesFirst ? 'secondary' : 'primary'}
      size="large"
      icon={copyState === 'copied' ? 'check' : 'copy'}
      onClick={copy}
      className="w-full"
    >
      {t(copyState === 'copied' ? 'copied' : 'copy')}
    </Button>,
    share !== null && (
      <Button
        key="share"
        tone={sharesFirst ? 'primary' : 'secondary'}
        size="large"
        icon="share"
        onClick={share}
        className="w-full"
      >
        {t('share')}
      </Button>
    ),
  ];
  return (
    <div className="@container text-start">
      <div className="flex flex-col gap-5 @lg:flex-row">
        <div className="flex min-w-0 flex-1 flex-col justify-center gap-3">
          <RoomLink ref={shown} link={link} />
          {sharesFirst ? [...ways].reverse() : ways}
          <p role="status" className={copyState === 'failed' ? 'text-sm text-soft' : 'sr-only'}>
            {copyState === 'copied' ? t('copied') : copyState === 'failed' ? t('byHand') : ''}
          </p>
        </div>
        <ScanToJoin link={link} sealed={room.sealed} isShown={spacious} />
      </div>
    </div>
  );
}

interface ScanToJoinProps {
  link: string;
  sealed: boolean;
  /** Otherwise it is shown on request. */
  isShown: boolean;
}

/** The link for a phone that is held before the screen. */
function ScanToJoin({ link, sealed, isShown }: ScanToJoinProps) {
  const t = useTranslations('invite');
  const [isAsked, setIsAsked] = useState(false);
  const part = useDeferred(qrCode);
  useEffect(() => {
    // In case it was given up.
    if (isAsked) qrCode.fetch();
  }, [isAsked]);
  const isOpen = isShown || isAsked;
  return (
    <div className="flex flex-col items-center gap-2">
      {!isShown && (
        <Button tone="quiet" aria-expanded={isAsked} onClick={() => setIsAsked(!isAsked)}>
          {t(isAsked ? 'hideCode' : 'showCode')}
        </Button>
      )}
      {isOpen && (
        <figure className="flex w-44 flex-col gap-2">
          <div className="aspect-square w-full overflow-hidden rounded-xl border border-line">
            {part !== null && <part.QrCode text={link} label={t('code')} className="block size-full" />}
          </div>
          <figcaption className="text-xs text-balance text-soft">{t('scan', { sealed: String(sealed) })}</figcaption>
        </figure>
      )}
    </div>
  );
}
