import { compareCursors, type Cursor } from '@/domain/message';
import type { LogStore } from '@/session/messages/transcript-store';
import { isVerified, type Heard } from '@/session/messages/talk/heard';
import type { SealedRoom } from './sealed-room';

/** In the order of the stream epochs never fall: what stands where its epoch is over is not shown. */
export interface EpochOrder {
  /** Takes out what a page has taken that hears late of a new key: somebody removed said it. */
  readonly sweep: () => void;
  /** Something sealed for an epoch stands here: it has begun, whether or not the server has reported it. */
  readonly note: (epoch: number | undefined, cursor: Cursor) => void;
  readonly noteAll: (heard: readonly Heard[]) => void;
}

export function createEpochOrder(ring: SealedRoom['ring'] | undefined, log: Pick<LogStore, 'sweep'>): EpochOrder {
  const sweep = () => log.sweep(({ epoch, cursor }) => epoch !== undefined && ring?.isOver(epoch, cursor) === true);
  const note = (epoch: number | undefined, cursor: Cursor) => {
    if (epoch !== undefined && epoch > 0 && ring?.begin(epoch, cursor) === true) sweep();
  };
  return {
    sweep,
    note,
    noteAll: (heard) => {
      // The first words of each epoch say it all.
      const verified = heard.filter(({ said, epoch = 0 }) => epoch > 0 && isVerified(said));
      for (const { epoch, cursor } of verified.sort((one, other) => compareCursors(one.cursor, other.cursor)))
        note(epoch, cursor);
    },
  };
}
