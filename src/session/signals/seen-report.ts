import { compareCursors, CURSOR_START, type Cursor } from '@/domain/message';
import type { Readable } from '@/lib/store';
import type { LogStore } from '@/session/messages/transcript-store';
import type { SessionContext } from '@/session/session-context';
import type { HeardSignals } from './heard-signals';

/** How far one has read is said at most this often, by all tabs of the browser together. */
const SEEN_GAP_MS = 2_000;

/** A kind of signal: whether the page may say it now, and how. */
export interface Saying<Value> {
  readonly may: () => boolean;
  readonly say: (value: Value) => void;
}

/** Says how far the person has read, whenever that may have become further. No timer runs while nothing is to be said. */
export function reportReading(
  { roomId, self, connection, signalsWanted, locks }: SessionContext,
  log: Pick<LogStore, 'get' | 'subscribe'>,
  heard: HeardSignals,
  looking: Readable<boolean>,
  { may, say }: Saying<Cursor>,
): () => void {
  let said = CURSOR_START;
  let resting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wake = () => {};

  /** The newest message of the others, where the person has it in sight and the others do not know that; else null. */
  function news(): Cursor | null {
    if (!looking.get() || !heard.isListed.get() || !may()) return null;
    const told = heard.seenBy(self) ?? CURSOR_START;
    const entries = log.get();
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const entry = entries[index];
      if (entry?.cursor === undefined) continue;
      if (compareCursors(entry.cursor, said) <= 0 || compareCursors(entry.cursor, told) <= 0) return null;
      if (entry.kind === 'message' && !entry.self) return entry.cursor;
    }
    return null;
  }

  const rest = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, SEEN_GAP_MS);
    });

  async function speak() {
    const cursor = news();
    if (cursor === null) return;
    said = cursor;
    say(cursor);
    await rest();
  }

  async function look() {
    if (resting || news() === null) return;
    resting = true;
    try {
      // One tab speaks for the seat and holds the lock while it rests: the others hear meanwhile what it said.
      if (locks === undefined) await speak();
      else
        await locks.request(`mayfly:seen:${roomId}`, { ifAvailable: true }, (lock) =>
          lock === null ? rest() : speak(),
        );
    } catch {
      // A browser that refuses its locks: the others see a little less.
      await rest();
    }
    resting = false;
    void look();
  }

  const again = connection.subscribe(() => {
    // Signals lost with the line are sent once more, unless the server has them.
    if (connection.get().state === 'live') said = CURSOR_START;
  });
  const stops = [log, looking, connection, heard.isListed, signalsWanted].map(({ subscribe }) =>
    subscribe(() => void look()),
  );
  // What there is to say came before this part.
  void look();
  return () => {
    for (const stop of [again, ...stops]) stop();
    clearTimeout(timer);
    wake();
  };
}
