import type { MessageId } from '@/domain/message';
import type { MemberId } from '@/domain/room';
import { createStore, type Readable } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Outbox } from './outbox/outbox';
import type { LogStore } from './transcript-store';

/** How long a message that was taken back can be had again. */
export const UNDO_MS = 5_000;
/** Whoever leaves the room waits no longer than this for what they took back to be gone. */
const LEAVING_MS_MAX = 2_000;

/** Taking a message back is sent a moment later, so that a slip can be undone and nobody has noticed. */
export interface SecondThoughts {
  /** `by`: whose it is, where an owner takes it back. */
  readonly takeBackSoon: (id: MessageId, by?: MemberId) => void;
  readonly undoTakeBack: (id: MessageId, by?: MemberId) => void;
}

interface Hesitating extends SecondThoughts {
  /** The keys of messages that can still be had again. */
  readonly undoable: Readable<ReadonlySet<string>>;
  /** Takes back what was to be, and then does something after which it could not be any more. */
  readonly settleThen: (act: () => void) => void;
}

export function createSecondThoughts(
  { self, page, over }: SessionContext,
  log: Pick<LogStore, 'keyOf'>,
  outbox: Pick<Outbox, 'get' | 'subscribe'>,
  takeBack: (id: MessageId, by: MemberId) => void,
): Hesitating {
  const waiting = new Map<string, { id: MessageId; by: MemberId; timer: ReturnType<typeof setTimeout> }>();
  const undoable = createStore<ReadonlySet<string>>(new Set());
  const show = () => undoable.set(new Set(waiting.keys()));

  function drop(key: string) {
    clearTimeout(waiting.get(key)?.timer);
    if (waiting.delete(key)) show();
  }

  function finish(key: string) {
    const message = waiting.get(key);
    // First, so that the message is not in sight again in between.
    if (message !== undefined) takeBack(message.id, message.by);
    drop(key);
  }

  const finishAll = () => [...waiting.keys()].forEach(finish);

  function settleThen(act: () => void) {
    finishAll();
    const isDone = () => !outbox.get().items.some(({ kind }) => kind === 'removal');
    if (isDone()) {
      act();
      return;
    }
    const goOn = () => {
      clearTimeout(timer);
      unsubscribe();
      if (!over.aborted) act();
    };
    const timer = setTimeout(goOn, LEAVING_MS_MAX);
    const unsubscribe = outbox.subscribe(() => {
      if (isDone()) goOn();
    });
  }

  // A page that is hidden may never be asked again, and taking back is a wish about privacy: it is not lost with the page.
  const unfollow = page.follow((signal) => {
    if (signal === 'hidden' || signal === 'left') finishAll();
  });
  over.addEventListener('abort', () => {
    unfollow();
    [...waiting.keys()].forEach(drop);
  });

  return {
    undoable,
    settleThen,
    takeBackSoon: (id, by = self) => {
      if (over.aborted) return;
      const key = log.keyOf({ id, by });
      if (waiting.has(key)) return;
      waiting.set(key, { id, by, timer: setTimeout(() => finish(key), UNDO_MS) });
      show();
    },
    undoTakeBack: (id, by = self) => drop(log.keyOf({ id, by })),
  };
}
