'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ActionFailure } from '@/components/room/header/action-failure';
import { Choice } from '@/components/ui/choice';
import { Dialog } from '@/components/ui/dialog';
import { useRoomActions } from '@/hooks/use-room-actions';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';

/** Long enough to calm a room down, short enough to talk in. */
const SECONDS = [0, 10, 30, 60] as const;

interface SlowModeDialogProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** How long the others wait between two messages; it takes effect at once. */
export function SlowModeDialog({ session, open, onClose }: SlowModeDialogProps) {
  const t = useTranslations('steering');
  const close = useTranslations('room')('close');
  const { pending, steer } = useRoomActions(session);
  /** Shown as chosen while the server is asked. */
  const [chosen, setChosen] = useState(0);
  const { slowModeSeconds } = useRoomInfo(session).room;
  return (
    <Dialog open={open} onClose={onClose} title={t('slow')} closeLabel={close}>
      <p className="mb-4 text-soft">{t('slowBody')}</p>
      <Choice
        legend={t('slow')}
        legendHidden
        name="slow-mode"
        options={SECONDS.map((seconds) => ({
          value: String(seconds),
          label: t('slowSeconds', { seconds }),
          spoken: t('slowSecondsSpoken', { seconds }),
        }))}
        value={String(pending === 'steer' ? chosen : slowModeSeconds)}
        onChoose={(seconds) => {
          setChosen(Number(seconds));
          steer({ slowModeSeconds: Number(seconds) });
        }}
      />
      <div className="-mx-4">
        <ActionFailure session={session} />
      </div>
    </Dialog>
  );
}
