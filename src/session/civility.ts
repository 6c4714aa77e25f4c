import type { Failure } from '@/domain/failure';
import { arrived, createDeferred } from '@/lib/deferred';
import { createKnocks } from './knocks/knocks';
import type { People } from './people/people';
import type { RoomSession } from './room-session';
import type { SessionContext } from './session-context';

/** Few rooms can be reported. */
const reporting = createDeferred(() => import('@/client/knock-api'));

/** What keeps a room civil: who comes in, who is heard, and what whoever runs the site hears of it. */
export function createCivility(
  context: SessionContext,
  people: Pick<People, 'list' | 'ownerId'>,
  fail: (failure: Failure) => void,
): {
  readonly ways: Pick<RoomSession, 'knocks' | 'ignored' | 'report'>;
  /** Somebody is at the door, or may be. */
  readonly look: () => void;
} {
  const { api, roomId, ignored } = context;
  const { look, ...knocks } = createKnocks(context, people, fail);
  ignored.recall();
  return {
    ways: {
      knocks,
      ignored,
      report: async (reason) => (await arrived(reporting)).reportRoom(api, roomId, reason),
    },
    look,
  };
}
