import type { Failure } from '@/domain/failure';
import { arrived, createDeferred } from '@/lib/deferred';
import { createKnocks } from './knocks/knocks';
import type { RoomSession } from './room-session';
import type { SessionContext } from './session-context';
import { createSteering, type RunningSteering, type Steering, type SteeringParts } from './steering';

/** Few rooms can be reported. */
const reporting = createDeferred(() => import('@/client/knock-api'));

interface Parts extends SteeringParts {
  readonly fail: (failure: Failure) => void;
}

type Ways = Steering & Pick<RoomSession, 'knocks' | 'ignored' | 'report'>;

/** What a member does with the room beside talking in it, and what keeps it civil: who comes in, and who is heard. */
export function createAroundTheTalk(
  context: SessionContext,
  { fail, ...parts }: Parts,
): {
  readonly ways: Ways;
  readonly steering: RunningSteering;
  /** Somebody is at the door, or may be. */
  readonly lookAtDoor: () => void;
  /** A stream has begun: whoever knocked before it did was not heard. */
  readonly lookAgain: () => void;
} {
  const { api, roomId, ignored } = context;
  const { people } = parts;
  const steering = createSteering(context, parts);
  const { look, lookAgain, ...knocks } = createKnocks(context, people, fail);
  ignored.recall();
  return {
    ways: {
      ...steering.ways,
      knocks,
      ignored,
      report: async (reason) => (await arrived(reporting)).reportRoom(api, roomId, reason),
    },
    steering,
    lookAtDoor: look,
    lookAgain,
  };
}
