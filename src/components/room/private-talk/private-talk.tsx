'use client';

import { useDeferred } from '@/components/ui/use-deferred';
import { useTalks } from '@/hooks/use-private-talk';
import { createDeferred } from '@/lib/deferred';
import type { RoomSession } from '@/session/room-session';
import type { Talks } from '@/session/private-talk/private-talk';

/** Most people never talk privately. */
const parts = createDeferred(() => import('./talk-toasts'));

interface PrivateTalkProps {
  session: RoomSession;
  /** A toast has gone, and the button that had the focus with it. */
  onDone: () => void;
}

/** Above the composer: what became of asking somebody for a private talk, and who asks for one. */
export function PrivateTalk({ session, onDone }: PrivateTalkProps) {
  const talks = useTalks(session);
  return talks === null ? null : <Toasts session={session} talks={talks} onDone={onDone} />;
}

function Toasts(props: PrivateTalkProps & { talks: Talks }) {
  const arrived = useDeferred(parts);
  return arrived === null ? null : <arrived.TalkToasts {...props} />;
}
