import type { After } from './timers';

/** The server passes a whisper on to streams that it believes to be there: one that is being renewed, or has died, loses it, and nobody says so. */
export const REPEAT_MS = 10_000;

/** Does it again and again, for as long as an answer is missing. Whoever has heard it before takes no notice. */
export function repeat(after: After, isMissing: () => boolean, work: () => Promise<unknown>): void {
  after(REPEAT_MS, () => {
    if (!isMissing()) return;
    void work().then(() => repeat(after, isMissing, work));
  });
}
