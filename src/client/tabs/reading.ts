import { isPublishedOnly } from '@/domain/stored-events';
import type { WireState } from '../line';
import { createPosition, moveBase, moveTip, resetPosition, takeEvent } from '../position';
import type { WireMessage } from '../wire-message';

export interface ReadingHandlers {
  /** Once for each event, in the order of the wire. */
  readonly onEvent: (event: { id: string; event: string; data: unknown }) => void;
  readonly onState: (state: WireState) => void;
  /** A stream has begun, maybe in the place of another: what was only published between the two was heard by nobody. */
  readonly onBegun?: () => void;
  /** Something may have been missed: read the history again, then `follow` from its cursor. */
  readonly onAfresh: () => void;
}

export type Reading = ReturnType<typeof createReading>;

/**
 * What one tab has read of a room: its position, the state of the line, and whether it has missed something. It does not
 * know whether messages come by a line of its own or from another tab.
 */
export function createReading(handlers: ReadingHandlers) {
  const position = createPosition();
  let state: WireState = 'connecting';
  let hasMissed = false;

  function miss() {
    if (hasMissed) return;
    hasMissed = true;
    handlers.onAfresh();
  }

  return {
    position,
    state: () => state,
    /** Whether the history is to be read again before anything else. */
    hasMissed: () => hasMissed,

    setState: (next: WireState) => {
      if (next === state) return;
      state = next;
      handlers.onState(next);
    },

    take: ({ type, error, id, event, data }: WireMessage) => {
      if (type === 'error' && error === 'read_afresh') {
        // Whatever our position was, the server cannot go on from it.
        resetPosition(position);
        miss();
      }
      if (type === 'connected') handlers.onBegun?.();
      if (typeof id !== 'string' || typeof event !== 'string') return;
      if (isPublishedOnly(event) || takeEvent(position, id)) handlers.onEvent({ id, event, data });
    },

    /** A leader that is further along has passed on events that this tab did not hear. */
    compare: (tip: string) => {
      if (moveTip(position, tip)) miss();
    },

    /** The history has been read up to `cursor`. */
    follow: (cursor: string) => {
      moveBase(position, cursor);
      hasMissed = false;
    },
  };
}
