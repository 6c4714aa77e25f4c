import type { Target } from '@/domain/content';
import type { MessageId } from '@/domain/message';
import type { SessionContext } from '@/session/session-context';
import type { Outbox } from './outbox/outbox';
import type { LogStore } from './transcript-store';
import type { Quote } from './transcript';
import type { Written } from './written';

/** What becomes of the draft: a message, an answer to one, or another text for one's own. A quote is the message as it is now. */
export type ComposerMode =
  | { readonly kind: 'write' }
  | { readonly kind: 'reply'; readonly to: Target; readonly quote: Quote }
  /** `earlier`: what stood in the composer before, and comes back. */
  | { readonly kind: 'edit'; readonly id: MessageId; readonly quote: Quote; readonly earlier: Written };

export const WRITE: ComposerMode = { kind: 'write' };

export interface Modes {
  /** Null where the message cannot be replied to. */
  readonly reply: (to: Target) => ComposerMode | null;
  /** Null where it is no message of one's own that has a text, and is there. */
  readonly edit: (id: MessageId, earlier: Written) => ComposerMode | null;
  /** The same with the message as it is now. */
  readonly renew: (mode: ComposerMode) => ComposerMode;
  /** Of what was kept: whether its message is there is not known yet. */
  readonly recalled: (written: Written) => ComposerMode;
  /** The text of one's own message, with an edit that is still on its way. */
  readonly textOf: (id: MessageId) => string | null;
  /** Whether this page sends anything: else nothing is begun that it could not end. */
  readonly mayBegin: () => boolean;
}

export function createModes(context: SessionContext, log: LogStore, outbox: Pick<Outbox, 'messages'>): Modes {
  const { self, over, page, voice } = context;
  const quoteOf = (id: MessageId) => log.quoteOf({ id, by: self });
  const isOwnText = (id: MessageId) => {
    const message = log.find({ id, by: self })?.message;
    return message?.memberId === self && message.said.kind === 'text';
  };
  const isSaid = (to: Target) => log.quoteOf(to).state === 'said';
  return {
    reply: (to) => (isSaid(to) ? { kind: 'reply', to, quote: log.quoteOf(to) } : null),
    edit: (id, earlier) => (isOwnText(id) ? { kind: 'edit', id, quote: quoteOf(id), earlier } : null),
    renew: (mode) => {
      if (mode.kind === 'write') return mode;
      return { ...mode, quote: mode.kind === 'reply' ? log.quoteOf(mode.to) : quoteOf(mode.id) };
    },
    recalled: ({ re, edits, earlier = { text: '' } }) => {
      if (edits !== undefined) return { kind: 'edit', id: edits, quote: quoteOf(edits), earlier };
      return re === undefined ? WRITE : { kind: 'reply', to: re, quote: log.quoteOf(re) };
    },
    textOf: (id) => {
      const pending = outbox.messages().findLast(({ content }) => content.kind === 'edit' && content.id === id);
      return pending?.content.kind === 'edit' ? pending.content.text : quoteOf(id).text;
    },
    mayBegin: () =>
      !over.aborted && !page.isOutdated() && voice.canSpeak && voice.posting.standing.get().state !== 'refused',
  };
}

/** What stands in the composer, as it can be kept. */
export function writtenIn(mode: ComposerMode, text: string): Written {
  switch (mode.kind) {
    case 'write':
      return { text };
    case 'reply':
      return { text, re: mode.to };
    case 'edit':
      return { text, edits: mode.id, earlier: mode.earlier };
  }
}
