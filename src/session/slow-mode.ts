import type { Readable } from '@/lib/store';
import { createStore } from '@/lib/store';
import type { People } from './people/people';
import type { SessionContext } from './session-context';

/** A message that reaches the server a moment early would wait for another second. */
const MARGIN_MS = 250;

export interface SlowMode {
  /** When this member may write again, on the server's clock; 0: at once. */
  readonly slowUntil: Readable<number>;
  /** This member has said something, at this moment of the server's clock. */
  readonly noteSaid: (timestamp: number) => void;
}

/** The wait between two messages of one member, where the room's owner wants one: not their own. */
export function createSlowMode({ room, clock, self, over }: SessionContext, people: People): SlowMode {
  const slowUntil = createStore(0);
  let saidAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look() {
    clearTimeout(timer);
    const { slowModeSeconds } = room.get();
    const isFree = over.aborted || slowModeSeconds === 0 || people.ownerId() === self;
    const at = isFree ? 0 : saidAt + slowModeSeconds * 1_000 + MARGIN_MS;
    const left = at - clock.now();
    slowUntil.set(left > 0 ? at : 0);
    if (left > 0) timer = setTimeout(look, left);
  }

  const stops = [room.subscribe(look), people.list.subscribe(look)];
  over.addEventListener('abort', () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
  return {
    slowUntil,
    noteSaid: (timestamp) => {
      if (timestamp <= saidAt) return;
      saidAt = timestamp;
      look();
    },
  };
}
