import { OWNER_AWAY_MS } from '@/domain/limits';
import type { SessionContext } from '@/session/session-context';
import type { SteeringStores } from './start-steering';

/** The server may have heard of the owner a little later than this page. */
const MARGIN_MS = 3_000;
/** After it has said that the owner was here more recently. */
const AGAIN_MS = 30_000;

/** Notices when the owner has been away for so long that anybody who is here may take the room over. */
export function createVacancy(
  { api, roomId, room, over, self }: SessionContext,
  { people, act, isVacant }: SteeringStores,
): { readonly takeOver: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAway = false;

  function offerAfter(ms: number) {
    clearTimeout(timer);
    isVacant.set(false);
    timer = setTimeout(() => isVacant.set(isAway), ms);
  }

  function look() {
    const owner = people.list.get().find((person) => person.owner);
    const wasAway = isAway;
    isAway = !over.aborted && owner !== undefined && !owner.here;
    if (isAway && !wasAway) offerAfter(OWNER_AWAY_MS + MARGIN_MS);
    if (!isAway) {
      clearTimeout(timer);
      isVacant.set(false);
    }
  }

  const unfollow = people.list.subscribe(look);
  over.addEventListener('abort', () => {
    unfollow();
    look();
  });
  look();
  return {
    takeOver: () =>
      void act(
        'give',
        async () => {
          const answer = await room.take(api.giveRoom(roomId, self), (changed) => changed);
          // Somebody else may have been faster, or the owner was here between.
          if (!answer.ok && answer.failure.reason === 'not_the_owner') offerAfter(AGAIN_MS);
          return answer;
        },
        () => undefined,
      ),
  };
}
