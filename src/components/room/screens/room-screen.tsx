'use client';

import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { RoomScreen as Screen } from '@/page/room-screen';
import { useDeferred } from '@/components/ui/use-deferred';
import { useRoom } from '@/hooks/use-room';
import { createDeferred } from '@/lib/deferred';
import { DoorScreen } from './door-screen';
import { JoinedAnnouncement } from './joined-announcement';
import { loadInside } from './load-inside';
import { RoomSkeleton } from './room-skeleton';
import { RoomTitle } from './room-title';
import { UnreachableScreen } from './unreachable-screen';

const insideScreen = createDeferred(loadInside);
/** Screens beside the door that few people see at once. */
export const outsideScreens = createDeferred(() => import('./outside-screens'));

/** `seated`: this browser was inside when it was last here, as the server knows from its request. */
export function RoomScreen({ roomId, seated }: { roomId: string; seated: boolean }) {
  const screen = useRoom(roomId, seated, loadInside);
  return (
    <>
      <RoomTitle screen={screen} />
      <RoomScreenView screen={screen} />
      <JoinedAnnouncement screen={screen} />
    </>
  );
}

/** The states of a room's page, one component each. */
export function RoomScreenView({ screen }: { screen: Screen }) {
  const t = useTranslations('loading');
  const inside = useDeferred(insideScreen);
  const outside = useDeferred(outsideScreens);
  switch (screen.state) {
    case 'loading':
      return screen.seated ? <RoomSkeleton label={t('room')} /> : <DoorScreen door={screen} />;
    case 'not-found':
      return <BackToTheFront />;
    case 'unreachable':
      return <UnreachableScreen failure={screen.failure} draft={screen.draft} onRetry={screen.retry} />;
    case 'insecure-context':
    case 'key-missing':
    case 'key-wrong':
    case 'key-replaced':
      return outside === null ? (
        <RoomSkeleton label={t('room')} />
      ) : (
        <outside.KeyTroubleScreen
          trouble={screen.state === 'key-replaced' && screen.seated ? 'seated' : screen.state}
          draft={screen.draft}
        />
      );
    case 'door':
      return <DoorScreen door={screen} />;
    case 'inside':
      return inside === null ? (
        <RoomSkeleton label={t('room')} />
      ) : (
        <inside.InsideScreen session={screen.session} hasFleetingKeys={screen.hasFleetingKeys} />
      );
    case 'ended':
      return outside === null ? (
        <RoomSkeleton label={t('room')} />
      ) : (
        <outside.EndedScreen
          reason={screen.reason}
          draft={screen.draft}
          life={screen.life}
          offer={screen.offer}
          joinAgain={screen.joinAgain}
        />
      );
  }
}

/** Replaces the address, so that "back" does not lead to a room that does not exist. */
function BackToTheFront() {
  const t = useTranslations('loading');
  const router = useRouter();
  useEffect(() => router.replace('/?reason=not-found'), [router]);
  return (
    <main>
      <h1 className="sr-only">{t('room')}</h1>
    </main>
  );
}
