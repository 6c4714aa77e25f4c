import { deriveStore } from '@/lib/derived-store';
import type { Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { OutboxState, Rest } from './outbox/outbox-items';

/** Messages and removals that are on their way, or wait: they go out by themselves. */
export interface Outgoing {
  readonly isUnsent: boolean;
  /** It is not being sent, because the line is down or the server wants a pause. */
  readonly isWaiting: boolean;
  /** A wait that the server asked for, while something waits for its end. */
  readonly rest: Rest | null;
}

/** What becomes of words that nobody has got: they are lost with the page, with the tab, or with the room alone. */
export type KeptWith = 'page' | 'tab' | 'browser';

export const keptWith = ({ room, shelf }: SessionContext): KeptWith =>
  !room.get().sealed ? 'page' : shelf.isLasting ? 'browser' : 'tab';

export function createOutgoing(outbox: Readable<OutboxState>): Readable<Outgoing> {
  return deriveStore([outbox], () => {
    const { items, waiting, rest } = outbox.get();
    const isUnsent = items.some((item) => item.kind === 'removal' || item.failure === undefined);
    return { isUnsent, isWaiting: isUnsent && waiting, rest: isUnsent ? rest : null };
  });
}
