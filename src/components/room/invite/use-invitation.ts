'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';
import { useCopy, type CopyState } from '@/components/ui/use-copy';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';

interface Invitation {
  /** The room's whole link, the newest key included. */
  link: string;
  /** Shows the link, which is selected where the browser does not allow copying. */
  shown: RefObject<HTMLElement | null>;
  copyState: CopyState;
  copy: () => void;
  /** Opens the system's share sheet; null where there is none. */
  share: (() => void) | null;
}

/** What one can do with the link of the room. */
export function useInvitation(session: RoomSession): Invitation {
  const t = useTranslations('invite');
  const { link } = useRoomInfo(session);
  const shown = useRef<HTMLElement>(null);
  const { state, copy } = useCopy(link);

  const select = useEffectEvent(() => {
    if (shown.current !== null) document.getSelection()?.selectAllChildren(shown.current);
  });
  useEffect(() => {
    if (state === 'failed') select();
  }, [state]);

  return {
    link,
    shown,
    copyState: state,
    copy,
    share: !('share' in navigator)
      ? null
      : () => {
          // It only fails when the sheet is closed again, which is an answer too.
          navigator.share({ text: t('shareText'), url: link }).catch(() => undefined);
        },
  };
}
