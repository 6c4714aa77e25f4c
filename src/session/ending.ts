import type { Farewell } from '@/client/room-stream';
import type { Store } from '@/lib/store';
import { joined } from './messages/written';
import type { LogStore } from './messages/transcript-store';
import { countEverSeated } from './people/ever-seated';
import { ownersOffer } from './owners-offer';
import type { People } from './people/people';
import type { Connection } from './room-session';
import type { EndReason, Visit } from './visit';

interface Ending {
  /** Null while the session lasts. */
  readonly endedBy: () => EndReason | null;
  readonly end: (reason: EndReason, isNews?: boolean) => void;
  readonly reseat: () => void;
}

/** The parts that an end clears, which are made later. */
interface Ended {
  readonly stop: (farewell?: Farewell) => void;
  readonly people: Pick<People, 'list' | 'clear'>;
  readonly log: Pick<LogStore, 'get' | 'clear'>;
  readonly speaking: { readonly clear: () => string };
  readonly files: { readonly clear: () => string };
}

/** The ways in which a session ends, each of which it does once at most. */
export function createEnding(
  { seat, clock, onEnd, onReseated }: Visit,
  connection: Store<Connection>,
  over: AbortSignal,
  ended: () => Ended,
): Ending {
  let endedBy: EndReason | null = null;

  /** Clears all that was shown, and returns all that was not sent. */
  function finish(farewell?: Farewell): string {
    const { stop, people, log, speaking, files } = ended();
    stop(farewell);
    people.clear();
    log.clear();
    connection.set({ state: 'ended', since: clock.now() });
    return joined([files.clear(), speaking.clear()]);
  }

  return {
    endedBy: () => endedBy,
    end: (reason, isNews = true) => {
      if (over.aborted) return;
      endedBy = reason;
      const { people, log } = ended();
      const seated = countEverSeated(people.list.get(), log.get());
      const offer = ownersOffer(log.get(), people.list.get());
      onEnd(reason, finish(isNews ? { reason, memberId: seat.memberId } : undefined), seated, offer);
    },
    reseat: () => {
      if (!over.aborted) onReseated(finish());
    },
  };
}
