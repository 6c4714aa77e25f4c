import { PAGE_RETRY } from '@/client/line';
import { canLastLonger } from '@/domain/extension';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { SteeringStores } from './start-steering';

/** A page that was late for the end slept, and may not have heard that it moved. */
const SLEPT_MS = 1_000;
/** How long a page that cannot know goes on asking. */
const ASKING_MS = 4_000;
const ASK_AGAIN_MS = 500;
/** Everybody hears of a moved end at once; what they ask for then is spread over this time. */
const RENEWAL_SPREAD_MS = 5_000;

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * Follows the end of a room as it moves: this browser's cookie is renewed with an answer that comes after the move. Returns what is
 * done when the end has come that the page knows of. Nobody moves it without a member who is here and listens, so only a page that
 * slept, or has lost the line, asks first; one that waits for the others' answers waits a moment for the stream to say so, and asks where
 * that says nothing.
 */
export function createMovedEnd(
  context: SessionContext,
  { seatCheck, knownEnd }: SteeringStores,
  isUndecided: () => boolean,
): () => void {
  const { room, clock, connection, over, random, end } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let before = knownEnd;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  /** The old cookie goes with the old end. */
  async function renew() {
    const answer = await seatCheck.readRoom();
    if (answer.ok) retry.reset();
    else if (!over.aborted) retry.schedule(() => void renew());
  }

  function follow() {
    const ends = room.get().expiresAt;
    if (ends === before) return;
    const left = Math.max(0, before - clock.now());
    before = ends;
    const timer = setTimeout(() => void renew(), random() * Math.min(RENEWAL_SPREAD_MS, left / 2));
    over.addEventListener('abort', () => clearTimeout(timer));
  }

  const hasMoved = (from: number) => over.aborted || room.get().expiresAt !== from;

  async function ask(from: number) {
    const until = Date.now() + ASKING_MS;
    while (Date.now() < until && !hasMoved(from)) {
      const givesUp = wait(until - Date.now());
      const failure = await Promise.race([seatCheck.confirm(), givesUp]);
      if (failure === null) return;
      await Promise.race([wait(ASK_AGAIN_MS), givesUp]);
    }
  }

  async function atEnd() {
    const from = room.get().expiresAt;
    const isListening = connection.get().state === 'live' && clock.now() - from < SLEPT_MS;
    if (canLastLonger(room.get()) && (!isListening || isUndecided())) {
      if (isListening) await Promise.race([moved(from), wait(ASKING_MS)]);
      // The end, too, would have been heard: a line that says nothing of either is dead.
      if (!hasMoved(from)) await ask(from);
    }
    if (hasMoved(from)) return;
    const left = from - clock.now();
    if (left <= 0) end('expired');
    // By the answer it is earlier than this browser's clock said, which was set meanwhile.
    else waiting = setTimeout(() => void atEnd(), left);
  }

  const moved = (from: number) =>
    new Promise<void>((resolve) => {
      const stop = room.ends.subscribe(() => {
        if (!hasMoved(from)) return;
        stop();
        resolve();
      });
    });

  const stop = room.ends.subscribe(follow);
  over.addEventListener('abort', () => {
    stop();
    retry.cancel();
    clearTimeout(waiting);
  });
  follow();
  return () => void atEnd();
}
