'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FIELD_CLASS } from '@/components/ui/text-field';
import { useCopy } from '@/components/ui/use-copy';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';

/** Copies the whole link, key included; where the browser does not allow that, shows the link to be copied by hand. */
function useLinkCopy(session: RoomSession) {
  const { link } = useRoomInfo(session);
  const { state, copy, forget } = useCopy(link);
  return {
    copied: state === 'copied',
    copy,
    byHand: <LinkDialog open={state === 'failed'} link={link} onClose={forget} />,
  };
}

/** The link on its way to somebody: copied or shared. */
export function InviteButtons({ session }: { session: RoomSession }) {
  const t = useTranslations('room');
  const { copied, copy, byHand } = useLinkCopy(session);
  const share = useShare(session);
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button tone="primary" icon={copied ? 'check' : 'copy'} onClick={copy}>
        {copied ? t('copied') : t('copyLink')}
      </Button>
      {share !== null && (
        <Button icon="share" onClick={share}>
          {t('share')}
        </Button>
      )}
      {byHand}
    </div>
  );
}

/** Opens the system's share sheet; null where there is none. */
export function useShare(session: RoomSession): (() => void) | null {
  const t = useTranslations('room');
  const { link } = useRoomInfo(session);
  if (!('share' in navigator)) return null;
  return () => {
    // It only fails when the sheet is closed again, which is an answer too.
    navigator.share({ text: t('shareText'), url: link }).catch(() => undefined);
  };
}

function LinkDialog({ open, link, onClose }: { open: boolean; link: string; onClose: () => void }) {
  const t = useTranslations('room');
  return (
    <Dialog open={open} onClose={onClose} title={t('linkHeading')} closeLabel={t('close')}>
      <p className="mb-3 text-left font-normal text-soft">{t('linkHint')}</p>
      <input
        readOnly
        data-first-focus
        aria-label={t('linkHeading')}
        value={link}
        onFocus={(event) => event.target.select()}
        className={FIELD_CLASS}
      />
    </Dialog>
  );
}
