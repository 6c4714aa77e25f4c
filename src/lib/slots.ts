/** Runs as many pieces of work at once as `max` says whenever one could begin; the others wait in order. */
export function createSlots(max: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  function admit() {
    while (waiting.length > 0 && running < max()) {
      running += 1;
      waiting.shift()?.();
    }
  }

  return async (work) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      admit();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      admit();
    }
  };
}
