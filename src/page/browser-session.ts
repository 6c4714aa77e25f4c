import { openEventStream } from '@/client/room-stream';
import { canSeal } from '@/crypto/room-keys';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Visit } from '@/session/visit';
import { browserFetch } from './outdated-page';
import type { PageEnvironment } from './page-context';
import { signalChoice } from './signal-choice';

/** A member's room in this browser. */
export function openBrowserSession(environment: PageEnvironment, visit: Visit): RunningSession {
  const { page, random } = environment;
  const locks = 'locks' in navigator ? navigator.locks : undefined;
  const stream = {
    page,
    random,
    fetch: browserFetch,
    locks,
    openChannel: 'BroadcastChannel' in window ? (name: string) => new BroadcastChannel(name) : undefined,
  };
  return createRunningSession(
    {
      ...environment,
      locks,
      loadPrivateTalk: canSeal() ? async () => (await import('./private-talk')).privateTalkOf(environment) : undefined,
      loadPreviews: async () => (await import('./preview')).makePreview,
      signalsWanted: signalChoice(),
      openStream: (roomId, handlers) => openEventStream(stream, roomId, handlers),
    },
    visit,
  );
}
