import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from './session-context';

export interface Outdated {
  /** The server is newer than this page, which sends nothing more until it is loaded again. */
  readonly outdated: Readable<boolean>;
  /** Loads the page again, and keeps what is being written. */
  readonly reload: () => void;
}

/** Follows whether the page is older than the server. `keep` keeps what is being written; whoever reloads by hand finds it, too. */
export function createOutdated({ page, over }: SessionContext, keep: () => Promise<void>): Outdated {
  const outdated = createStore(page.isOutdated());
  const unfollow = page.follow((signal) => {
    if (signal !== 'outdated') return;
    outdated.set(true);
    void keep();
  });
  over.addEventListener('abort', unfollow);
  return { outdated, reload: () => void keep().then(page.reload) };
}
