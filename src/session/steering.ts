import type { MemberId } from '@/domain/room';
import { arrived, createDeferred, type Deferred } from '@/lib/deferred';
import { createStore, type Readable } from '@/lib/store';
import type { LogStore } from './messages/transcript-store';
import type { People } from './people/people';
import type { Act } from './room-actions';
import type { SeatCheck } from './seat-check';
import type { SessionContext } from './session-context';

/** Ten minutes more, as they stand proposed. */
export interface Proposal {
  readonly by: MemberId;
  /** Those who have agreed, `by` first. */
  readonly agreed: readonly MemberId[];
  /** Members who are here and have not answered. */
  readonly missing: readonly MemberId[];
  /** When it lapses, on the server's clock. */
  readonly until: number;
}

/** How members change together where their room goes: when it ends, whose it is, how fast they talk. */
export interface Steering {
  /** Null while nothing is proposed. */
  readonly proposal: Readable<Proposal | null>;
  /** The owner has been away for so long that anybody here may take the room over. */
  readonly isVacant: Readable<boolean>;
  /** Proposes ten minutes more, or agrees to them; false ends the proposal for everybody. */
  readonly answerExtension: (agree: boolean) => void;
  /** When this member may write again, on the server's clock; 0: at once. */
  readonly slowUntil: Readable<number>;
  /** Makes somebody the owner: anybody by the owner, and oneself where the room is vacant. */
  readonly giveRoom: (memberId: MemberId) => void;
}

export interface SteeringParts {
  readonly people: People;
  readonly log: Pick<LogStore, 'note'>;
  readonly seatCheck: SeatCheck;
  readonly act: Act;
}

export interface RunningSteering {
  readonly ways: Steering;
  readonly part: Deferred<unknown>;
  /** This member has said something, at this moment of the server's clock. */
  readonly noteSaid: (timestamp: number) => void;
  /** The room's time is over, as far as this page knows. */
  readonly atEnd: () => void;
}

/** The thin end: what does the work comes when there is time, and the room is the same without it until then. */
export function createSteering(context: SessionContext, parts: SteeringParts): RunningSteering {
  const proposal = createStore<Proposal | null>(null);
  const isVacant = createStore(false);
  const slowUntil = createStore(0);
  const saidAt = createStore(-Infinity);
  const knownEnd = context.room.get().expiresAt;
  const part = createDeferred(async () => {
    const { startSteering } = await import('./steering/start-steering');
    return startSteering(context, { ...parts, proposal, isVacant, slowUntil, saidAt, knownEnd });
  });
  return {
    part,
    noteSaid: (timestamp) => saidAt.set(Math.max(saidAt.get(), timestamp)),
    atEnd: () => {
      const there = part.get();
      if (there === null) context.end('expired');
      else there.atEnd();
    },
    ways: {
      proposal,
      isVacant,
      slowUntil,
      answerExtension: (agree) => void arrived(part).then(({ answerExtension }) => answerExtension(agree)),
      giveRoom: (memberId) => void arrived(part).then(({ giveRoom }) => giveRoom(memberId)),
    },
  };
}
