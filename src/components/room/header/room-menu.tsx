'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ROOM_ICONS } from '@/components/room/room-icons';
import { Popover } from '@/components/ui/popover';
import type { RoomSession } from '@/session/room-session';
import { useRoomInfo } from '@/hooks/use-room-info';
import { useReportPart } from '@/components/room/report/use-report-part';
import { useRoomOptions } from '@/components/room/options/use-room-options';
import { useSearchKeys } from '@/components/room/search/use-search-keys';
import { useSteeringParts } from '@/components/room/steering/use-steering-parts';
import { useRoomDialogs } from '@/components/room/use-room-dialogs';
import { MenuItems, type Asking } from './menu-items';

export function RoomMenu({ session, onHelp }: { session: RoomSession; onHelp: () => void }) {
  const t = useTranslations('room');
  const [asking, setAsking] = useState<Asking | null>(null);
  const dialogs = useRoomDialogs(asking !== null);
  const steering = useSteeringParts(asking === 'slow');
  const { room, you } = useRoomInfo(session);
  const options = useRoomOptions({ isOwner: you.owner, isWanted: asking === 'options' });
  const report = useReportPart({ isOffered: room.listed && !you.owner, isWanted: asking === 'report' });
  const close = () => setAsking(null);
  useSearchKeys(() => setAsking('search'));
  return (
    <>
      <Popover icon={ROOM_ICONS.menu} label={t('menu')} className="w-[min(20rem,calc(100vw-1rem))]">
        <MenuItems session={session} onAsk={setAsking} onHelp={onHelp} />
      </Popover>
      {options !== null && <options.OptionsSheet session={session} open={asking === 'options'} onClose={close} />}
      {report !== null && <report.ReportDialog session={session} open={asking === 'report'} onClose={close} />}
      {dialogs !== null && (
        <>
          <dialogs.SearchDialog session={session} open={asking === 'search'} onClose={close} />
          <dialogs.RenewLinkDialog session={session} open={asking === 'renew'} onClose={close} />
          <dialogs.LeaveDialog session={session} open={asking === 'leave'} onClose={close} />
          <dialogs.DestroyDialog session={session} open={asking === 'destroy'} onClose={close} />
        </>
      )}
      {steering !== null && <steering.SlowModeDialog session={session} open={asking === 'slow'} onClose={close} />}
    </>
  );
}
