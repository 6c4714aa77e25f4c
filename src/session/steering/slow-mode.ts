import type { SessionContext } from '@/session/session-context';
import type { SteeringStores } from './start-steering';

/** A message that reaches the server a moment early would wait for another second. */
const MARGIN_MS = 250;

/** Keeps the wait between two messages of one member, where the room's owner wants one: not their own. */
export function followSlowMode(
  { room, clock, self, over }: SessionContext,
  { people, saidAt, slowUntil }: SteeringStores,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function look() {
    clearTimeout(timer);
    const { slowModeSeconds } = room.get();
    const isFree = over.aborted || slowModeSeconds === 0 || people.ownerId() === self;
    const at = isFree ? 0 : saidAt.get() + slowModeSeconds * 1_000 + MARGIN_MS;
    const left = at - clock.now();
    slowUntil.set(left > 0 ? at : 0);
    if (left > 0) timer = setTimeout(look, left);
  }

  const stops = [room, people.list, saidAt].map(({ subscribe }) => subscribe(look));
  over.addEventListener('abort', () => {
    for (const stop of stops) stop();
    look();
  });
  look();
}
