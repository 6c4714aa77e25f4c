import { textOf, type Content, type Target } from '@/domain/content';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import type { MessageId } from '@/domain/message';
import { plainTextFault } from '@/domain/plain-text';
import { codePointLength, isWellFormed } from '@/lib/code-points';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Steering } from '@/session/steering';
import type { Addressing } from './addressing';
import { createModes, WRITE, writtenIn, type ComposerMode, type Modes } from './composer-mode';
import type { Outbox } from './outbox/outbox';
import type { Saying } from './saying';
import { isSame } from './talk/entries';
import type { LogStore } from './transcript-store';
import { joined, NOTHING_WRITTEN, withTexts, type Written } from './written';

/** A message has as many edits at most, so the number of one takes no more space than this. */
const EDIT_NUMBER_MAX = 1_000_000;

export interface Composer {
  draft: string;
  /**
   * Why the draft cannot be sent as it stands, or null. `emptied`: an edit that leaves nothing; whoever means that takes the message
   * back. `gone`: the message that is edited was taken back meanwhile.
   */
  fault: 'blank' | 'too-long' | 'not-well-formed' | 'emptied' | 'gone' | null;
  /** Characters left, negative when there are too many. A text of characters that take much space may be too long before. */
  remaining: number;
  mode: ComposerMode;
}

export interface Writing {
  readonly composer: Readable<Composer>;
  readonly setDraft: (draft: string) => void;
  /** Sends the draft as its mode says, unless it has a fault, and clears it. */
  readonly send: () => void;
  /** The draft becomes an answer. Returns whether it does: a page that sends nothing begins nothing. */
  readonly startReply: (to: Target) => boolean;
  /** Puts the draft aside and takes the text of one's own message into the composer. Returns whether it does. */
  readonly startEdit: (id: MessageId) => boolean;
  /** Ends answering or editing. After an edit, what was put aside is back; words for a message that is gone are not lost. */
  readonly letGo: () => void;
  /** The same message again: the same sealed strings, the same id. */
  readonly retry: (messageId: string) => void;
  /** Takes the text of a message that was refused into the draft; it will be another message. */
  readonly redraft: (messageId: string) => void;
  readonly discard: (messageId: string) => void;
  /** The composer as it can be brought back, and in front of it `texts` that nobody has got. */
  readonly written: (texts: readonly string[]) => Written;
  readonly restore: (written: Written) => void;
  /** Takes words that did not go out into the draft, in front of what is there. */
  readonly giveBack: (text: string) => void;
  /** Empties draft and outbox, and returns all that was not stored. */
  readonly clear: () => string;
}

function contentOf(draft: string, mode: ComposerMode, addressing: Addressing): Content {
  const words = { text: draft, ...addressing(draft) };
  if (mode.kind === 'edit') return { kind: 'edit', id: mode.id, n: EDIT_NUMBER_MAX, ...words };
  // A message that is gone has no answers: what was written goes by itself.
  const isReply = mode.kind === 'reply' && mode.quote.state !== 'taken-back';
  return { kind: 'text', ...words, ...(isReply && { re: mode.to }) };
}

function composerOf(draft: string, mode: ComposerMode, fits: (draft: string, mode: ComposerMode) => boolean): Composer {
  const remaining = TEXT_CHARACTERS_MAX - codePointLength(draft);
  const fault = faultOf(draft, remaining, mode);
  return { draft, mode, remaining, fault: fault ?? (fits(draft, mode) ? null : 'too-long') };
}

function faultOf(draft: string, remaining: number, mode: ComposerMode): Composer['fault'] {
  if (mode.kind === 'edit' && mode.quote.state === 'taken-back') return 'gone';
  if (plainTextFault(draft, TEXT_CHARACTERS_MAX) === null) return null;
  if (!isWellFormed(draft)) return 'not-well-formed';
  if (remaining < 0) return 'too-long';
  return mode.kind === 'edit' ? 'emptied' : 'blank';
}

/** What a member writes: the draft, and their messages that are still in the outbox. */
export function createComposer(
  context: SessionContext,
  log: LogStore,
  outbox: Outbox,
  { edit, addressing, slowUntil }: Pick<Saying, 'edit'> & Pick<Steering, 'slowUntil'> & { addressing: Addressing },
  onSend: () => void,
): Writing {
  const { over, page, voice } = context;
  const modes = createModes(context, log, outbox);
  const fits = (draft: string, mode: ComposerMode) => voice.fits(contentOf(draft, mode, addressing));
  const composer = createStore(composerOf('', WRITE, fits));
  const set = (draft: string, mode: ComposerMode) => composer.set(composerOf(draft, mode, fits));
  const restore = (written: Written) => set(written.text, modes.recalled(written));

  log.subscribe(() => {
    const { draft, mode } = composer.get();
    const next = modes.renew(mode);
    if (!isSame(mode, next)) set(draft, next);
  });

  const turning = createTurning(composer, modes, set);

  function sendText(draft: string, mode: ComposerMode) {
    restore(NOTHING_WRITTEN);
    outbox.send(contentOf(draft, mode, addressing));
    onSend();
  }

  /** A text that is as it was needs no edit. */
  function sendEdit(id: MessageId, draft: string) {
    if (draft === modes.textOf(id) || edit(id, draft)) turning.letGo();
  }

  function giveBack(text: string) {
    const { draft, mode } = composer.get();
    set(joined([text, draft]), mode);
  }

  return {
    composer,
    restore,
    giveBack,
    ...turning,
    setDraft: (draft) => set(draft, composer.get().mode),
    send: () => {
      const { draft, fault, mode } = composer.get();
      // An older page keeps what is written until it is loaded again.
      if (fault !== null || over.aborted || page.isOutdated() || !voice.canSpeak) return;
      // The text stays where it is until it may go.
      if (slowUntil.get() > 0) return;
      if (mode.kind === 'edit') sendEdit(mode.id, draft);
      else sendText(draft, mode);
    },
    retry: outbox.retry,
    redraft: (messageId) => {
      const content = outbox.take(messageId);
      if (content === null) return;
      const { draft, mode } = composer.get();
      const isEmpty = mode.kind === 'write' && draft.trim() === '';
      if (isEmpty) restore(writtenOf(content));
      else giveBack(textOf(content));
    },
    discard: (messageId) => void outbox.take(messageId),
    written: (texts) => withTexts(texts, writtenIn(composer.get().mode, composer.get().draft)),
    clear: () => {
      const text = unsentOf(
        composer.get(),
        outbox.messages().map(({ content }) => textOf(content)),
      );
      outbox.clear();
      restore(NOTHING_WRITTEN);
      return text;
    },
  };
}

/** From one mode to another. */
function createTurning(
  composer: Readable<Composer>,
  modes: Modes,
  set: (draft: string, mode: ComposerMode) => void,
): Pick<Writing, 'startReply' | 'startEdit' | 'letGo'> {
  function letGo() {
    const { draft, fault, mode } = composer.get();
    if (mode.kind === 'reply') set(draft, WRITE);
    if (mode.kind !== 'edit') return;
    const left = fault === 'gone' ? withMore(mode.earlier, draft) : mode.earlier;
    set(left.text, modes.recalled(left));
  }

  return {
    letGo,
    startReply: (to) => {
      const mode = modes.mayBegin() ? modes.reply(to) : null;
      if (mode === null) return false;
      if (composer.get().mode.kind === 'edit') letGo();
      set(composer.get().draft, mode);
      return true;
    },
    startEdit: (id) => {
      const { mode, draft } = composer.get();
      if (mode.kind === 'edit' && mode.id === id) return true;
      const earlier = mode.kind === 'edit' ? mode.earlier : writtenIn(mode, draft);
      const next = modes.mayBegin() ? modes.edit(id, earlier) : null;
      if (next !== null) set(modes.textOf(id) ?? '', next);
      return next !== null;
    },
  };
}

const withMore = (written: Written, text: string): Written => ({ ...written, text: joined([written.text, text]) });

/** A message that was refused, as it was written. */
function writtenOf(content: Content): Written {
  const text = textOf(content);
  if (content.kind === 'edit') return { text, edits: content.id };
  return { text, ...(content.kind === 'text' && content.re && { re: content.re }) };
}

function unsentOf({ draft, mode }: Composer, outgoing: readonly string[]): string {
  if (mode.kind !== 'edit') return joined([...outgoing, draft]);
  // A text that the room has is not lost.
  return joined([...outgoing, mode.earlier.text, draft === mode.quote.text ? '' : draft]);
}
