import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { plainTextFault } from '@/domain/message';
import { codePointLength, isWellFormed } from '@/lib/code-points';
import { createStore, type Store } from '@/lib/store';

export interface Composer {
  draft: string;
  /** Why the draft cannot be sent as it stands, or null. */
  fault: 'blank' | 'too-long' | 'not-well-formed' | null;
  /** Characters left, negative when there are too many. */
  remaining: number;
}

function composerOf(draft: string): Composer {
  const remaining = TEXT_CHARACTERS_MAX - codePointLength(draft);
  return { draft, fault: faultOf(draft, remaining), remaining };
}

function faultOf(draft: string, remaining: number): Composer['fault'] {
  if (plainTextFault(draft, TEXT_CHARACTERS_MAX) === null) return null;
  if (!isWellFormed(draft)) return 'not-well-formed';
  return remaining < 0 ? 'too-long' : 'blank';
}

export interface ComposerStore extends Omit<Store<Composer>, 'set'> {
  readonly setDraft: (draft: string) => void;
  /** Puts a text back in front of what has been typed since. */
  readonly putBack: (text: string) => void;
}

export function createComposer(): ComposerStore {
  const store = createStore(composerOf(''));
  const setDraft = (draft: string) => store.set(composerOf(draft));
  return {
    get: store.get,
    subscribe: store.subscribe,
    setDraft,
    putBack: (text) => setDraft([text, store.get().draft].filter((part) => part !== '').join('\n')),
  };
}
