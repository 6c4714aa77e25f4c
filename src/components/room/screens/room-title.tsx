'use client';

import { useTranslations } from 'next-intl';
import { useDocumentTitle } from '@/components/ui/use-document-title';
import { useIsAsked } from '@/hooks/use-is-asked';
import { useKnocks } from '@/hooks/use-knocks';
import { useUnread } from '@/hooks/use-unread';
import type { RoomScreen } from '@/page/room-screen';
import type { RoomSession } from '@/session/room-session';
import type { EndReason } from '@/session/visit';

const ENDED = {
  expired: 'ended',
  destroyed: 'ended',
  gone: 'ended',
  left: 'left',
  removed: 'out',
  displaced: 'out',
  'signed-out': 'out',
} as const satisfies Record<EndReason, string>;

const TITLES = {
  loading: 'room',
  'not-found': 'room',
  unreachable: 'unreachable',
  'insecure-context': 'insecure',
  'key-missing': 'link',
  'key-wrong': 'link',
  'key-replaced': 'link',
  door: 'door',
} as const satisfies Partial<Record<RoomScreen['state'], string>>;

/** More is as good as many. */
const COUNT_MAX = 99;
const bounded = (count: number) => Math.min(count, COUNT_MAX + 1);

/** The page's title says where one is, and never in which room: titles stand in histories and lists of windows. */
export function RoomTitle({ screen }: { screen: RoomScreen }) {
  return screen.state === 'inside' ? <InsideTitle session={screen.session} /> : <OutsideTitle screen={screen} />;
}

function OutsideTitle({ screen }: { screen: Exclude<RoomScreen, { state: 'inside' }> }) {
  const t = useTranslations('titles');
  const waits = screen.state === 'door' && screen.knock?.state === 'waiting';
  useDocumentTitle(t(waits ? 'waiting' : screen.state === 'ended' ? ENDED[screen.reason] : TITLES[screen.state]));
  return null;
}

function InsideTitle({ session }: { session: RoomSession }) {
  const t = useTranslations('titles');
  const { count, forYou } = useUnread(session);
  const atDoor = useKnocks(session).waiting.length;
  const isAsked = useIsAsked(session);
  const kind = count === 0 ? 'room' : forYou === 0 ? 'unread' : forYou === count ? 'forYou' : 'forYouOf';
  const words = { count: bounded(count), forYou: bounded(forYou) };
  useDocumentTitle(atDoor > 0 ? t('atDoor', { count: bounded(atDoor) }) : isAsked ? t('asked') : t(kind, words));
  return null;
}
