import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { plainTextFault } from '@/domain/message';
import { codePointLength, isWellFormed } from '@/lib/code-points';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Outbox } from './outbox/outbox';

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

export interface Writing {
  readonly composer: Readable<Composer>;
  readonly setDraft: (draft: string) => void;
  /** Sends the draft, unless it has a fault, and clears it. */
  readonly send: () => void;
  /** The same message again: the same sealed strings, the same id. */
  readonly retry: (messageId: string) => void;
  /** Takes the text back into the draft; it will be another message. */
  readonly edit: (messageId: string) => void;
  readonly discard: (messageId: string) => void;
  /** Empties draft and outbox, and returns all that was not stored. */
  readonly clear: () => string;
}

/** What a member writes: the draft, and their messages that are still in the outbox. */
export function createComposer({ over }: SessionContext, outbox: Outbox, onSend: () => void): Writing {
  const composer = createStore(composerOf(''));
  const setDraft = (draft: string) => composer.set(composerOf(draft));
  const joined = (texts: readonly string[]) => texts.filter((text) => text.trim() !== '').join('\n');
  return {
    composer,
    setDraft,
    send: () => {
      const { draft, fault } = composer.get();
      if (fault !== null || over.aborted) return;
      setDraft('');
      outbox.send(draft);
      onSend();
    },
    retry: outbox.retry,
    edit: (messageId) => {
      const text = outbox.take(messageId);
      if (text !== null) setDraft(joined([text, composer.get().draft]));
    },
    discard: (messageId) => void outbox.take(messageId),
    clear: () => {
      const unsent = joined([...outbox.get().items.map(({ text }) => text), composer.get().draft]);
      outbox.clear();
      setDraft('');
      return unsent;
    },
  };
}
