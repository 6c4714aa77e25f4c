import { PAGE_RETRY } from '@/client/line';
import type { FileId, MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import type { Failure } from '@/domain/failure';
import { createRetry } from '@/lib/retry';
import { isLineFault, isWaitReason, type WaitReason } from '@/session/messages/outbox/refusals';
import type { SessionContext } from '@/session/session-context';
import { sendFile, type Sending, type SendOutcome } from './send-file';
import { createPatience } from './until-answered';
import type { UploadItem } from './upload-items';

export interface UploadQueue {
  /** Sends what can be sent, unless it is waiting to try again. */
  readonly goOn: () => void;
  /** Leaves a file that is to be sent where it is; the next one goes on. */
  readonly pause: (fileId: FileId) => void;
  /** Stops sending a file, which may be under way; resolves when nothing of it is. */
  readonly halt: (fileId: FileId) => Promise<void>;
}

/** Sends one file after the other, each until it is there, refused for good, or paused. */
export function createUploadQueue(
  context: SessionContext,
  sending: Sending,
  deliver: (item: UploadItem, card: FileCard | MessageFile) => void,
  beginAgain: (item: UploadItem) => void,
): UploadQueue {
  const { page, over, onRefused } = context;
  const { items } = sending;
  const waits = createWaits(context, goOn);
  let current: { fileId: FileId; stop: AbortController; ended: Promise<void> } | null = null;

  function goOn() {
    if (over.aborted || current !== null || waits.isWaiting() || page.isOutdated()) return;
    const next = items.get().find(({ state }) => state.kind === 'queued' || state.kind === 'waiting');
    if (next === undefined) return;
    const stop = new AbortController();
    current = { fileId: next.fileId, stop, ended: run(next, stop.signal) };
  }

  async function run(item: UploadItem, stop: AbortSignal) {
    items.setState(item.fileId, { kind: 'sending' });
    const outcome = await sendFile(context, sending, item, stop);
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
      refuse(fileId, outcome.failure);
      return;
    }
    waits.end();
    if (outcome.kind === 'done') deliver(item, outcome.card);
    else if (outcome.kind === 'unknown') beginAgain(item);
    else if (outcome.kind === 'lost') items.setState(fileId, { kind: 'lost' });
    else items.setState(fileId, { kind: 'failed', reason: outcome.reason });
  }

  function refuse(fileId: FileId, failure: Failure) {
    const { reason, maxBytes } = failure;
    const wait = waits.begin(failure, items.find(fileId));
    if (wait !== null) {
      items.setState(fileId, { kind: 'waiting', ...wait });
      return;
    }
    waits.end();
    items.setState(fileId, { kind: 'failed', reason, ...(maxBytes !== undefined && { maxBytes }) });
    onRefused(failure);
  }

  over.addEventListener('abort', () => current?.stop.abort());

  async function halt(fileId: FileId) {
    if (current?.fileId === fileId) {
      current.stop.abort();
      await current.ended;
    } else goOn();
  }

  return {
    goOn,
    halt,
    pause: (fileId) => {
      const { kind } = items.find(fileId)?.state ?? {};
      if (kind !== 'queued' && kind !== 'sending' && kind !== 'waiting') return;
      items.setState(fileId, { kind: 'paused' });
      void halt(fileId);
    },
  };
}

type Wait = { readonly for: 'line' } | { readonly for: WaitReason; readonly until: number };

/** The times in which nothing is sent: the line is down, or the server wants a pause, which no line that comes back cuts short. */
function createWaits({ connection, random, over }: SessionContext, goOn: () => void) {
  const retry = createRetry(PAGE_RETRY, random);
  const patience = createPatience({ connection });
  /** The file that fails for the line's sake, and how much of it got through by then. */
  let failing: Pick<UploadItem, 'fileId' | 'sent'> | undefined;
  let isPaced = false;

  const again = () => {
    isPaced = false;
    goOn();
  };

  connection.subscribe(() => {
    if (connection.get().state !== 'live') {
      patience.renew();
      return;
    }
    if (isPaced) return;
    retry.reset();
    retry.cancel();
    goOn();
  });
  over.addEventListener('abort', retry.cancel);

  return {
    isWaiting: retry.isScheduled,
    end: () => {
      retry.reset();
      patience.renew();
    },
    /** Null for a failure that no wait mends: for longer than that, what is refused on the way would keep the files behind it from going. */
    begin: (failure: Failure, item: UploadItem | undefined): Wait | null => {
      const { reason, retryAfterSeconds = 0 } = failure;
      if (isLineFault(failure)) {
        if (failing?.fileId !== item?.fileId || failing?.sent !== item?.sent) patience.renew();
        failing = item;
        if (!patience.hasFor(failure)) return null;
        retry.schedule(again);
        return { for: 'line' };
      }
      if (!isWaitReason(reason)) return null;
      isPaced = true;
      const ms = retryAfterSeconds * 1_000;
      retry.schedule(again, ms);
      return { for: reason, until: Date.now() + ms };
    },
  };
}
