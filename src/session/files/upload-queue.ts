import { PAGE_RETRY } from '@/client/line';
import type { FileApi } from '@/client/file-api';
import type { FileId, PlainFile, SealedFile } from '@/domain/file';
import type { Failure } from '@/domain/failure';
import { createRetry } from '@/lib/retry';
import { isLineFault, isWaitReason } from '@/session/messages/outbox/refusals';
import type { SessionContext } from '@/session/session-context';
import { sendFile, type SendOutcome } from './send-file';
import type { UploadItem, UploadItems } from './upload-items';

export interface UploadQueue {
  /** Sends what can be sent, unless it is waiting to try again. */
  readonly goOn: () => void;
  /** Stops sending a file, which may be under way; resolves when nothing of it is. */
  readonly halt: (fileId: FileId) => Promise<void>;
}

/** Sends one file after the other, each until it is there, refused for good, or paused. */
export function createUploadQueue(
  context: SessionContext,
  api: FileApi,
  items: UploadItems,
  deliver: (item: UploadItem, card: SealedFile | PlainFile) => void,
): UploadQueue {
  const { connection, page, random, over, onRefused } = context;
  const retry = createRetry(PAGE_RETRY, random);
  let current: { fileId: FileId; stop: AbortController; ended: Promise<void> } | null = null;
  /** The server wants a pause, which a line that comes back does not cut short. */
  let isPaced = false;
  /** The file was gone from the server and was begun anew. */
  const restarted = new Set<FileId>();

  function goOn() {
    if (over.aborted || current !== null || retry.isScheduled() || page.isOutdated()) return;
    const next = items.get().find(({ state }) => state.kind === 'queued' || state.kind === 'waiting');
    if (next === undefined) return;
    const stop = new AbortController();
    current = { fileId: next.fileId, stop, ended: run(next, stop.signal) };
  }

  async function run(item: UploadItem, stop: AbortSignal) {
    items.setState(item.fileId, { kind: 'sending' });
    const outcome = await sendFile(context, api, items, item, stop);
    current = null;
    if (over.aborted) return;
    settle(item.fileId, outcome);
    goOn();
  }

  function settle(fileId: FileId, outcome: SendOutcome) {
    // Meanwhile it may have been taken out.
    const item = items.find(fileId);
    if (item === undefined || outcome.kind === 'stopped') return;
    if (outcome.kind === 'refused') {
      mend(item, outcome.failure);
      return;
    }
    retry.reset();
    if (outcome.kind === 'done') deliver(item, outcome.card);
    else
      items.setState(fileId, outcome.kind === 'lost' ? { kind: 'lost' } : { kind: 'failed', reason: outcome.reason });
  }

  function mend({ fileId }: UploadItem, failure: Failure) {
    const { reason, retryAfterSeconds = 0 } = failure;
    if (isLineFault(failure)) {
      items.setState(fileId, { kind: 'waiting', for: 'line' });
      retry.schedule(goOn);
    } else if (isWaitReason(reason)) {
      const ms = retryAfterSeconds * 1_000;
      items.setState(fileId, { kind: 'waiting', for: reason, until: Date.now() + ms });
      isPaced = true;
      retry.schedule(goOnPaced, ms);
    } else if (reason === 'file_not_found' && !restarted.has(fileId)) {
      // The server has lost it, or somebody has removed it; whoever sends it still wants it there.
      restarted.add(fileId);
      items.change(fileId, { begun: false, sent: 0, state: { kind: 'queued' } });
    } else {
      items.setState(fileId, { kind: 'failed', reason });
      onRefused(failure);
    }
  }

  function goOnPaced() {
    isPaced = false;
    goOn();
  }

  connection.subscribe(() => {
    if (connection.get().state !== 'live' || isPaced) return;
    retry.reset();
    retry.cancel();
    goOn();
  });
  over.addEventListener('abort', () => {
    retry.cancel();
    current?.stop.abort();
  });

  return {
    goOn,
    halt: async (fileId) => {
      restarted.delete(fileId);
      if (current?.fileId === fileId) {
        current.stop.abort();
        await current.ended;
        return;
      }
      // The wait may have been for this one.
      if (!isPaced) retry.cancel();
      goOn();
    },
  };
}
