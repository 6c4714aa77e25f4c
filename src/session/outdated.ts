import { createStore, type Readable } from '@/lib/store';
import type { Writing } from './messages/composer';
import { keepDraft, recallDraft } from './messages/kept-draft';
import type { SessionContext } from './session-context';

export interface Outdated {
  /** The server is newer than this page, which sends nothing more until it is loaded again. */
  readonly outdated: Readable<boolean>;
  /** Loads the page again, and keeps what is being written. */
  readonly reload: () => void;
}

/** Follows whether the page is older than the server, and keeps the draft while it is. */
export function createOutdated(
  context: SessionContext,
  { composer, setDraft, unsent }: Pick<Writing, 'composer' | 'setDraft' | 'unsent'>,
  outbox: Pick<Readable<unknown>, 'subscribe'>,
): Outdated & { recall: () => Promise<void> } {
  const { page, room, over, report } = context;
  const outdated = createStore(page.isOutdated());
  let kept = Promise.resolve();

  /** The texts of a sealed room's outbox are kept by themselves; those of a plain room are not, and become part of the draft. */
  const draft = () => (room.get().sealed ? composer.get().draft : unsent());
  // One after the other, so the newest one is kept last. Whoever reloads by hand finds it, too.
  const keep = () => {
    if (outdated.get() && !over.aborted) kept = kept.then(() => keepDraft(context, draft())).catch(report);
    return kept;
  };

  const unfollow = page.follow((signal) => {
    if (signal !== 'outdated') return;
    outdated.set(true);
    void keep();
  });
  // A message whose answer comes after the word of a newer server has been sent: it is no draft any more.
  const stops = [composer.subscribe(() => void keep()), outbox.subscribe(() => void keep())];
  over.addEventListener('abort', () => {
    unfollow();
    for (const stop of stops) stop();
  });
  return {
    outdated,
    reload: () => void keep().then(page.reload),
    recall: async () => {
      const recalled = await recallDraft(context);
      if (recalled !== '' && !over.aborted && composer.get().draft === '') setDraft(recalled);
    },
  };
}
