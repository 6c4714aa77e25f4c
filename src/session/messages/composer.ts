import type { Content } from '@/domain/content';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { plainTextFault } from '@/domain/message';
import { codePointLength, isWellFormed } from '@/lib/code-points';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { textOf, type Outbox } from './outbox/outbox';

export interface Composer {
  draft: string;
  /** Why the draft cannot be sent as it stands, or null. */
  fault: 'blank' | 'too-long' | 'not-well-formed' | null;
  /** Characters left, negative when there are too many. A text of characters that take much space may be too long before. */
  remaining: number;
}

const contentOf = (draft: string): Content => ({ kind: 'text', text: draft });

function composerOf(context: SessionContext, draft: string): Composer {
  const remaining = TEXT_CHARACTERS_MAX - codePointLength(draft);
  const fault = faultOf(draft, remaining);
  return { draft, fault: fault ?? (context.voice.fits(contentOf(draft)) ? null : 'too-long'), remaining };
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
  /** Takes the text of a message that was refused into the draft; it will be another message. */
  readonly redraft: (messageId: string) => void;
  readonly discard: (messageId: string) => void;
  /** All that was written and not stored. */
  readonly unsent: () => string;
  /** Empties draft and outbox, and returns all that was not stored. */
  readonly clear: () => string;
}

/** What a member writes: the draft, and their messages that are still in the outbox. */
export function createComposer(context: SessionContext, outbox: Outbox, onSend: () => void): Writing {
  const { over, page, voice } = context;
  const composer = createStore(composerOf(context, ''));
  const setDraft = (draft: string) => composer.set(composerOf(context, draft));
  const joined = (texts: readonly string[]) => texts.filter((text) => text.trim() !== '').join('\n');
  const unsent = () => joined([...outbox.messages().map(({ content }) => textOf(content)), composer.get().draft]);
  return {
    composer,
    setDraft,
    send: () => {
      const { draft, fault } = composer.get();
      // An older page keeps what is written until it is loaded again.
      if (fault !== null || over.aborted || page.isOutdated() || !voice.canSpeak) return;
      setDraft('');
      outbox.send(contentOf(draft));
      onSend();
    },
    retry: outbox.retry,
    redraft: (messageId) => {
      const content = outbox.take(messageId);
      if (content !== null) setDraft(joined([textOf(content), composer.get().draft]));
    },
    discard: (messageId) => void outbox.take(messageId),
    unsent,
    clear: () => {
      const text = unsent();
      outbox.clear();
      setDraft('');
      return text;
    },
  };
}
