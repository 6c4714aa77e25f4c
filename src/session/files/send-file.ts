import type { FileApi } from '@/client/file-api';
import type { MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import type { Answer, Failure } from '@/domain/failure';
import { workAtOnce } from '@/lib/at-once';
import { isLineFault } from '@/session/messages/outbox/refusals';
import type { SessionContext } from '@/session/session-context';
import { ChangedContent, piecesOf, sentBytes, type Pieces } from './pieces';
import type { UploadFailure } from './upload';
import type { UploadItem, UploadItems } from './upload-items';

/**
 * `lost`: the content is needed and this page does not have it. `unknown`: the server has a piece that this browser does not know any more, so
 * nothing that would name it can be trusted. `stopped`: somebody wants to wait, or not to send it at all.
 */
export type SendOutcome =
  | { readonly kind: 'done'; readonly card: FileCard | MessageFile }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly reason: UploadFailure };

export interface Sending {
  readonly api: FileApi;
  readonly items: UploadItems;
  /** Resolves once no file is being removed, or that takes too long; null where none is. */
  readonly removals: () => Promise<unknown> | null;
}

/** Brings the server what it lacks of a file. */
export async function sendFile(
  { roomId, report }: SessionContext,
  sending: Sending,
  item: UploadItem,
  stop: AbortSignal,
): Promise<SendOutcome> {
  const { fileId, size } = item;
  const { api, items } = sending;
  const isStopped = () => stop.aborted;
  const pieces = await piecesOf(roomId, item, (index, seal) => {
    const seals = [...(items.find(fileId)?.seals ?? [])];
    seals[index] = seal;
    items.change(fileId, { seals });
  });
  // Given up before anything of it was asked for: the server never hears of it, and has nothing to remove.
  if (isStopped()) return { kind: 'stopped' };
  if (item.content === null && !item.begun) return { kind: 'lost' };
  const begun = await begin(sending, item, pieces);
  if (isStopped()) return { kind: 'stopped' };
  if (!begun.ok) return { kind: 'refused', failure: begun.failure };
  const received = new Set(begun.value);
  const missing = Array.from({ length: pieces.plan.pieces }, (_, index) => index).filter(
    (index) => !received.has(index),
  );
  items.change(fileId, { sent: sentBytes(size, received) });
  const isKnown = begun.value.every(pieces.isMade);
  if (item.content === null && (missing.length > 0 || !isKnown)) return { kind: 'lost' };
  // A browser that went down with the machine may have forgotten its last seals; the server keeps the first bytes of a piece.
  // One that says so of a file which was only just begun is not to be believed, nor asked again.
  if (!isKnown) return item.begun ? { kind: 'unknown' } : { kind: 'refused', failure: { reason: 'invalid_request' } };
  try {
    const failure = await putAll(missing, api.atOnce.up, stop, async (index, signal) => {
      if (item.content === null) return null;
      const answer = await api.put(fileId, index, await pieces.make(item.content, index), signal);
      if (!answer.ok) return answer.failure;
      received.add(index);
      items.change(fileId, { sent: sentBytes(size, received) });
      return null;
    });
    if (isStopped()) return { kind: 'stopped' };
    return failure === null ? { kind: 'done', card: await pieces.card() } : { kind: 'refused', failure };
  } catch (error) {
    if (error instanceof ChangedContent) return { kind: 'failed', reason: 'changed' };
    // A Blob that cannot be read says so with a DOMException of one of several names.
    if (!(error instanceof DOMException)) report(error);
    return { kind: 'failed', reason: 'unreadable' };
  }
}

/** The pieces that the server has. It is not stopped: what was begun for nothing has to be known, so that it can be removed. */
async function begin(
  { api, items, removals }: Sending,
  { fileId, begun }: UploadItem,
  { plan, pieceBytes }: Pieces,
): Promise<Answer<readonly number[]>> {
  const forever = new AbortController().signal;
  if (begun) {
    const found = await api.look(fileId, forever);
    if (found.ok) return { ok: true, value: found.value.received };
    if (found.failure.reason !== 'file_not_found') return found;
  }
  items.change(fileId, { begun: true });
  const removed = removals();
  let answer = await api.begin(fileId, plan, forever);
  if (removed !== null && !answer.ok && answer.failure.reason === 'file_limit_reached') {
    // A file that is just being removed may be in the way.
    await removed;
    answer = await api.begin(fileId, plan, forever);
  }
  if (!answer.ok) {
    // What the server refused at the first attempt it does not have; where the line broke, it may.
    if (!begun && !isLineFault(answer.failure)) items.change(fileId, { begun: false });
    return answer;
  }
  // A server that cuts in another way is newer than this page.
  return answer.value.pieceBytes === pieceBytes
    ? { ok: true, value: answer.value.received }
    : { ok: false, failure: { reason: 'invalid_request' } };
}

/** Puts pieces in order, a few at once. Returns the first failure, once all that was under way has ended. */
async function putAll(
  indexes: readonly number[],
  atOnce: () => number,
  stop: AbortSignal,
  put: (index: number, signal: AbortSignal) => Promise<Failure | null>,
): Promise<Failure | null> {
  const giveUp = new AbortController();
  const onStop = () => giveUp.abort();
  const hasEnded = () => giveUp.signal.aborted;
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop);
  let first: Failure | null = null;
  try {
    await workAtOnce(indexes, atOnce, async (index) => {
      if (hasEnded()) return false;
      try {
        const failure = await put(index, giveUp.signal);
        if (failure === null || hasEnded()) return failure === null;
        first = failure;
      } catch (error) {
        giveUp.abort();
        throw error;
      }
      giveUp.abort();
      return false;
    });
  } finally {
    stop.removeEventListener('abort', onStop);
  }
  return first;
}
