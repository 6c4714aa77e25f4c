export type Locks = Pick<LockManager, 'request'>;

export interface Candidate {
  readonly onElected: () => void;
  /** Another tab took the lead; this one has begun to wait for it again once the handler returns. */
  readonly onDeposed: () => void;
}

export interface Election {
  /** Waits for the lead, or takes it from a tab that does not answer. */
  readonly seek: (steal?: boolean) => void;
  /** Gives up the lead, or the wait for it. */
  readonly withdraw: () => void;
}

/**
 * Which tab of a browser leads: the one that holds a Web Lock, which the browser passes on when a tab is closed. Where
 * there are no locks, every tab leads itself. It does not know what a leader does, nor when one has been silent too long.
 */
export function createElection(locks: Locks | undefined, name: string, { onElected, onDeposed }: Candidate): Election {
  let candidacy = new AbortController();
  let release: (() => void) | undefined;

  async function seek(steal = false) {
    if (locks === undefined) {
      onElected();
      return;
    }
    candidacy.abort();
    const mine = (candidacy = new AbortController());
    const hold = () =>
      new Promise<void>((resolve) => {
        release = resolve;
        // Withdrawn while the browser was granting it.
        if (mine.signal.aborted) resolve();
        else onElected();
      });
    try {
      await locks.request(name, steal ? { steal } : { signal: mine.signal }, hold);
    } catch {
      // Stolen, or withdrawn.
    }
    if (mine.signal.aborted) return;
    onDeposed();
    void seek();
  }

  return {
    seek: (steal) => void seek(steal),
    withdraw: () => {
      candidacy.abort();
      release?.();
    },
  };
}
