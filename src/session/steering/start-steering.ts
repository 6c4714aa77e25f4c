import type { MemberId } from '@/domain/room';
import type { Readable, Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Proposal, SteeringParts } from '@/session/steering';
import { createExtension } from './extension';
import { createMovedEnd } from './moved-end';
import { followSlowMode } from './slow-mode';
import { createVacancy } from './vacancy';

export interface SteeringStores extends SteeringParts {
  readonly proposal: Store<Proposal | null>;
  readonly isVacant: Store<boolean>;
  readonly slowUntil: Store<number>;
  /** When this member said something last, on the server's clock. */
  readonly saidAt: Readable<number>;
  /** When the room was to end as this page came in. */
  readonly knownEnd: number;
}

/** All that few rooms come to, and that no page needs at once. */
export function startSteering(context: SessionContext, stores: SteeringStores) {
  const { answerExtension, isUndecided } = createExtension(context, stores);
  const { takeOver } = createVacancy(context, stores);
  const { api, roomId, room, self } = context;
  followSlowMode(context, stores);

  function giveRoom(memberId: MemberId) {
    if (memberId === self) takeOver();
    else
      void stores.act(
        'give',
        () => room.take(api.giveRoom(roomId, memberId), (changed) => changed),
        () => undefined,
      );
  }

  return { answerExtension, giveRoom, atEnd: createMovedEnd(context, stores, isUndecided) };
}
