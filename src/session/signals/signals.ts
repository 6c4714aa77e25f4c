import { createDeferred } from '@/lib/deferred';
import { deriveStore } from '@/lib/derived-store';
import type { LogStore } from '@/session/messages/transcript-store';
import type { People } from '@/session/people/people';
import type { Signals } from '@/session/room-session';
import type { SessionContext } from '@/session/session-context';
import { createHeardSignals } from './heard-signals';
import { createOwnSignals } from './own-signals';
import type { Screen } from './signalling';

/** What members signal to each other beside their messages. How it is marked and said comes later: reading and writing do without. */
export function createSignals(
  context: SessionContext,
  people: Pick<People, 'list'>,
  log: Pick<LogStore, 'get' | 'subscribe'>,
) {
  const parts = createDeferred(() => import('./signal-parts'));
  const heard = createHeardSignals(context, people, log, parts);
  const { members } = context.ignored;
  /** Somebody whose words are not shown does not announce any. */
  const typing = deriveStore([heard.typing, members], () => {
    const ignored = members.get();
    const all = heard.typing.get();
    return ignored.size === 0 ? all : all.filter((memberId) => !ignored.has(memberId));
  });
  return {
    heard,
    /** From now on this page signals, too. */
    answer: (screen: Screen): { readonly signals: Signals; readonly stop: () => void } => {
      const own = createOwnSignals(context, parts, ({ createSignalling }) =>
        createSignalling(context, log, heard, screen),
      );
      return {
        signals: { typing, seen: heard.seen, typed: own.typed },
        stop: () => {
          own.stop();
          heard.stop();
        },
      };
    },
  };
}
