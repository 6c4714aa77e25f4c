/**
 * Does work for each of these in order, a few at once: as many as `max` says whenever one is to begin. Work that returns false, or throws,
 * is the last that begins. Resolves once all that was under way has ended; throws what was thrown first.
 */
export async function workAtOnce<T>(
  all: readonly T[],
  max: () => number,
  work: (one: T) => Promise<boolean>,
): Promise<void> {
  const under = new Set<Promise<void>>();
  const faults: unknown[] = [];
  let isStopped = false;
  const goesOn = () => !isStopped;

  async function run(one: T) {
    try {
      if (!(await work(one))) isStopped = true;
    } catch (error) {
      isStopped = true;
      faults.push(error);
    }
  }

  for (const one of all) {
    while (goesOn() && under.size >= max()) await Promise.race(under);
    if (!goesOn()) break;
    const running: Promise<void> = run(one).finally(() => under.delete(running));
    under.add(running);
  }
  await Promise.all(under);
  if (faults.length > 0) throw faults[0];
}
