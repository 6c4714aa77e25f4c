import { openEventStream } from '@/client/room-stream';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import type { Visit } from '@/session/visit';
import { browserFetch } from './outdated-page';
import type { PageEnvironment } from './page-context';

/** A member's room in this browser. */
export function openBrowserSession(environment: PageEnvironment, visit: Visit): RunningSession {
  const { page, random } = environment;
  const stream = {
    page,
    random,
    fetch: browserFetch,
    locks: 'locks' in navigator ? navigator.locks : undefined,
    openChannel: 'BroadcastChannel' in window ? (name: string) => new BroadcastChannel(name) : undefined,
  };
  return createRunningSession(
    { ...environment, openStream: (roomId, handlers) => openEventStream(stream, roomId, handlers) },
    visit,
  );
}
