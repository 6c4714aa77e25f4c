/** In these last seconds the ring closes. */
const CLOSING_SECONDS = 60;

/** The ring around the time: `left`, an arc that runs out, and then `closing`, one that grows until the ring is closed. */
export interface Ring {
  readonly phase: 'left' | 'closing';
  /** Of the whole ring, 0 to 1. */
  readonly share: number;
}

/**
 * The ring at a moment of a room’s life. The last minute has a turn of its own: of an hour it would be six
 * degrees, which nobody sees closing.
 */
export function ringOf(secondsLeft: number, totalSeconds: number): Ring {
  if (secondsLeft <= CLOSING_SECONDS) return { phase: 'closing', share: 1 - secondsLeft / CLOSING_SECONDS };
  return { phase: 'left', share: Math.min(1, (secondsLeft - CLOSING_SECONDS) / (totalSeconds - CLOSING_SECONDS)) };
}
