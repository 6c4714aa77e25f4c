import { SILENCE_MS } from '@/client/connection';
import { PAGE_RETRY } from '@/client/line';
import type { Failure } from '@/domain/failure';
import { REMOVALS_PER_REQUEST_MAX } from '@/domain/limits';
import type { MessageId } from '@/domain/message';
import { createRetry } from '@/lib/retry';
import type { SessionContext } from '@/session/session-context';
import type { OutboxItems, OutboxRemoval } from './outbox-items';
import { isLineFault } from './refusals';

export interface RemovalQueue {
  /** Removes what can be removed, unless it is waiting to try again. */
  readonly goOn: () => void;
}

export interface RemovalHandlers {
  /** A message was taken back; `isUnknown`: the server says that it never had it. */
  readonly onTakenBack: (id: MessageId, isUnknown: boolean) => void;
  /** A message may not, or cannot, be taken back. */
  readonly onKept: (failure: Failure) => void;
}

/** Takes messages back one after the other, beside the queue that sends: a removal that fails holds no message up. */
export function createRemovalQueue(
  context: SessionContext,
  items: OutboxItems,
  isSending: (id: string) => boolean,
  handlers: RemovalHandlers,
): RemovalQueue {
  const { connection, page, random, over, onRefused } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let isRemoving = false;
  /** The server wants a pause, which a line that comes back does not cut short. */
  let isPaced = false;
  /** The removal that fails though the line is live, and since when. */
  let failing: { id: MessageId; since: number } | null = null;

  function goOn() {
    if (over.aborted || isRemoving || retry.isScheduled() || page.isOutdated()) return;
    // One whose message is on its way comes behind it, or the server would not know it yet.
    const next = items.removals().find(({ id }) => !isSending(id));
    if (next !== undefined) void remove(next);
  }

  async function remove(removal: OutboxRemoval) {
    const { id, ids } = removal;
    isRemoving = true;
    const outcome = await removeAll(context, removal);
    isRemoving = false;
    if (over.aborted) return;
    if (typeof outcome === 'object' && isWorthRepeating(id, outcome)) {
      removeLater(outcome);
      return;
    }
    failing = null;
    retry.reset();
    items.remove(id);
    if (typeof outcome === 'object') {
      handlers.onKept(outcome);
      onRefused(outcome);
    } else if (ids.length > 0) handlers.onTakenBack(id, outcome === 'unknown');
    goOn();
  }

  /**
   * A dead line is taken for a live one until it has been silent for long enough. What fails for longer than that is
   * refused by something on the way, such as a proxy that lets no DELETE through.
   */
  function isWorthRepeating(id: MessageId, failure: Failure): boolean {
    if (!isLineFault(failure)) return failure.reason === 'rate_limited';
    if (failure.reason === 'offline' || connection.get().state !== 'live') return true;
    const now = Date.now();
    if (failing?.id !== id) failing = { id, since: now };
    return now - failing.since <= SILENCE_MS;
  }

  function removeLater({ reason, retryAfterSeconds = 0 }: Failure) {
    isPaced = reason === 'rate_limited';
    const again = () => {
      isPaced = false;
      goOn();
    };
    retry.schedule(again, isPaced ? retryAfterSeconds * 1_000 : 0);
  }

  function followLine() {
    if (connection.get().state !== 'live') failing = null;
    else if (!isPaced) {
      retry.reset();
      retry.cancel();
      goOn();
    }
  }

  connection.subscribe(followLine);
  over.addEventListener('abort', retry.cancel);
  return { goOn };
}

/** The file is removed as far as we can: with its message, by its owner, or by whoever sent it. */
const FILE_GONE: readonly Failure['reason'][] = ['file_not_found', 'not_the_author', 'not_found'];

/** As many at a time as the server takes. What it does not know is as gone as can be. */
async function removeAll(
  { api, roomId, over }: SessionContext,
  { ids, fileId, memberId }: OutboxRemoval,
): Promise<'removed' | 'unknown' | Failure> {
  let outcome: 'removed' | 'unknown' = 'removed';
  for (let from = 0; from < ids.length && !over.aborted; from += REMOVALS_PER_REQUEST_MAX) {
    const answer = await api.takeBack(roomId, ids.slice(from, from + REMOVALS_PER_REQUEST_MAX));
    if (answer.ok) continue;
    if (answer.failure.reason !== 'not_found') return answer.failure;
    outcome = 'unknown';
  }
  // Behind its message, so that nobody sees one whose file is not there.
  const answer = fileId === undefined || over.aborted ? null : await api.removeFile(roomId, fileId, memberId);
  return answer === null || answer.ok || FILE_GONE.includes(answer.failure.reason) ? outcome : answer.failure;
}
