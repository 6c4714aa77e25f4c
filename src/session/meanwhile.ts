/** The changes that events make while calls are under way. */
export interface Meanwhile<Change> {
  readonly note: (change: Change) => void;
  /** To be called as a call begins; the returned function gives the changes noted since. */
  readonly begin: () => () => readonly Change[];
}

/** An answer may be older than the events that came while it was awaited, so their changes are made again on top of it. */
export function createMeanwhile<Change>(): Meanwhile<Change> {
  const calls = new Set<Change[]>();
  return {
    note: (change) => {
      for (const changes of calls) changes.push(change);
    },
    begin: () => {
      const changes: Change[] = [];
      calls.add(changes);
      return () => {
        calls.delete(changes);
        return changes;
      };
    },
  };
}
