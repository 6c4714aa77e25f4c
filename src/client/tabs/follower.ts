import { SILENCE_MS } from '../connection';
import type { PageSignals } from '../page-signals';
import { parseWireMessage } from '../wire-message';
import type { FromLeader, Post } from './messages';
import type { Reading } from './reading';

/** A live leader answers within milliseconds; a frozen one never does. */
const ANSWER_MS = 5_000;

export type Follower = ReturnType<typeof createFollower>;

/**
 * A tab that does not lead: it hears the leader, expects to hear from it in time, and finds out when it has missed
 * something. It knows nothing of lines and locks.
 */
export function createFollower(
  page: PageSignals,
  reading: Reading,
  post: Post,
  onRefused: (status: number) => void,
  takeOver: () => void,
) {
  let silence: ReturnType<typeof setTimeout> | undefined;

  /** A tab that is looked at does not wait for a frozen leader; one that is not would soon be frozen itself. */
  function expectWord(withinMs: number) {
    clearTimeout(silence);
    silence = setTimeout(() => {
      if (page.isVisible()) takeOver();
    }, withinMs);
  }

  return {
    greet: () => {
      post({ type: 'hello' });
      expectWord(ANSWER_MS);
    },

    hear: (message: FromLeader) => {
      expectWord(SILENCE_MS);
      switch (message.type) {
        case 'refused':
          onRefused(message.status);
          break;
        case 'state':
          reading.compare(message.tip);
          reading.setState(message.state);
          break;
        case 'bytes': {
          reading.compare(message.tip);
          const wireMessage = parseWireMessage(message.raw);
          if (wireMessage !== null) reading.take(wireMessage);
          break;
        }
      }
    },

    /** Expects nothing any more. */
    stop: () => clearTimeout(silence),
  };
}
