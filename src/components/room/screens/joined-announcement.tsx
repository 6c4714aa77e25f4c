'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { RoomScreen } from '@/page/room-screen';

/**
 * Reads out that one has come in by the door, once: the list of messages leaves one's own joining out, because it would say so or not
 * depending on which answer came first. It stands beside all screens, since a region that comes with its text is not read out.
 */
export function JoinedAnnouncement({ screen }: { screen: RoomScreen }) {
  const t = useTranslations('door');
  const [before, setBefore] = useState(screen.state);
  const [name, setName] = useState<string | null>(null);
  if (before !== screen.state) {
    setBefore(screen.state);
    if (screen.state === 'inside') setName(before === 'door' ? screen.session.info.get().you.name : null);
    else setName(null);
  }
  return (
    <p role="status" className="sr-only">
      {name !== null && t('joined', { name })}
    </p>
  );
}
