'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/room/header/action-failure';
import { Dialog } from '@/components/ui/dialog';
import type { RoomSession } from '@/session/room-session';
import { PeoplePanel } from './people-panel';

interface PeopleSheetProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** The people where there is no space for them beside the transcript. */
export function PeopleSheet({ session, open, onClose }: PeopleSheetProps) {
  const t = useTranslations('people');
  const room = useTranslations('room');
  return (
    <Dialog open={open} onClose={onClose} title={t('heading')} closeLabel={room('close')} placement="sheet">
      <PeoplePanel session={session} onDone={onClose} />
      <ActionFailure session={session} />
    </Dialog>
  );
}
