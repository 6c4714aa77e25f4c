/** Does something after a time, and returns a function that lets it be. */
export type After = (ms: number, work: () => void) => () => void;

/** Nothing is done any more once the session is over. */
export function createTimers(over: AbortSignal): After {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  over.addEventListener('abort', () => timers.forEach(clearTimeout));
  return (ms, work) => {
    if (over.aborted) return () => undefined;
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };
}
