/** Milliseconds since the epoch on Redis's clock, which decides when a room ends. */
export type ServerClock = () => number;

/** A value and the moment, on this browser's clock, at which the server most likely made it. */
export interface Timed<T> {
  value: T;
  at: number;
}

/** The server worked at some moment between asking and the answer; the middle is the best guess. */
export async function timed<T>(call: Promise<T>): Promise<Timed<T>> {
  const askedAt = Date.now();
  const value = await call;
  return { value, at: (askedAt + Date.now()) / 2 };
}

export interface MeasuredClock {
  readonly now: ServerClock;
  /** Takes over the server's `now` as it was at `at` on this browser's clock. */
  readonly measure: (now: number, at: number) => void;
  /** A moment of the server's clock on this browser's clock. */
  readonly toBrowserTime: (moment: number) => number;
}

/** A clock that trusts this browser's rate and the server's time. */
export function createMeasuredClock(): MeasuredClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    measure: (now, at) => {
      offset = now - at;
    },
    toBrowserTime: (moment) => moment - offset,
  };
}
