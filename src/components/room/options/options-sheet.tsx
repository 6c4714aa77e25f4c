'use client';

import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/room/header/action-failure';
import { Dialog } from '@/components/ui/dialog';
import { useLobbyOn } from '@/hooks/use-lobby-on';
import { useRoomInfo } from '@/hooks/use-room-info';
import type { RoomSession } from '@/session/room-session';
import { EntryOption } from './entry-option';
import { ListingOption } from './listing-option';

interface OptionsSheetProps {
  session: RoomSession;
  open: boolean;
  onClose: () => void;
}

/** What the owner decides of who comes and how they talk. Each option takes effect at once, and the talk says so. */
export function OptionsSheet({ session, open, onClose }: OptionsSheetProps) {
  const t = useTranslations('options');
  const room = useTranslations('room');
  const { sealed } = useRoomInfo(session).room;
  const isLobbyOn = useLobbyOn();
  return (
    <Dialog open={open} onClose={onClose} title={t('heading')} closeLabel={room('close')} placement="sheet">
      <div className="-mx-3 space-y-1">
        <EntryOption session={session} />
        {!sealed && isLobbyOn && <ListingOption session={session} />}
      </div>
      <div className="-mx-4">
        <ActionFailure session={session} />
      </div>
    </Dialog>
  );
}
