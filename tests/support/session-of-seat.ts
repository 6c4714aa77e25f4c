import { createRoomApi } from '@/client/api';
import { openEventStream } from '@/client/room-stream';
import type { RoomSecret } from '@/crypto/fragment';
import type { Identity } from '@/crypto/identity';
import type { RoomKeys } from '@/crypto/room-keys';
import type { RoomId } from '@/domain/room';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { createMeasuredClock } from '@/session/server-clock';
import { FakeTalkBrowser } from '@tests/support/private-talks';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';

interface Bearer {
  readonly roomId: RoomId;
  readonly token: string;
}

/** The member at the seat; keys are null in a plain room. */
interface Holder {
  readonly name: string;
  /** The name was just chosen, and the others do not know it yet. */
  readonly nameIsNew: boolean;
  readonly keys: RoomKeys | null;
  readonly identity: Identity | null;
  /** Receives the secrets that the session accepts. */
  readonly onSecret?: (secret: RoomSecret) => void;
}

/**
 * Starts the session of a seat against a real server, as a page does, with everything in between but the browser. `headers` go with
 * every request.
 */
export async function startSessionOf(
  url: string,
  { roomId, token }: Bearer,
  { onSecret = () => undefined, ...holder }: Holder,
  headers: Readonly<Record<string, string>> = {},
): Promise<RunningSession> {
  const fetcher: typeof fetch = (input, init) => {
    const all = new Headers({ ...headers, ...Object.fromEntries(new Headers(init?.headers)) });
    all.set('authorization', `Bearer ${token}`);
    return fetch(new URL(input instanceof Request ? input.url : input, url), { ...init, headers: all });
  };
  const api = createRoomApi({ origin: url, fetcher, isOnline: () => true });
  const answer = await api.readRoom(roomId);
  if (!answer.ok || !answer.value.you) throw new Error('The seat was not found');
  const { you: seat, ...room } = answer.value;
  const page = new FakePage();
  const session = createRunningSession(
    {
      api,
      page,
      storage: new FakeStorage(),
      random: Math.random,
      loadPrivateTalk: new FakeTalkBrowser().load,
      report: (fault) => {
        throw fault;
      },
      openStream: (id, handlers) =>
        openEventStream(
          { fetch: fetcher, random: Math.random, page, locks: undefined, openChannel: undefined },
          id,
          handlers,
        ),
    },
    {
      room,
      seat,
      ...holder,
      lowestEpoch: 0,
      clock: createMeasuredClock(),
      linkOf: (secret) => `${url}/room/${roomId}#${secret}`,
      onSecret,
      onEndMoved: () => undefined,
      onEnd: () => undefined,
      onReseated: () => undefined,
    },
  );
  session.start();
  return session;
}
