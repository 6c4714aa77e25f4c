import type { FileApi } from '@/client/file-api';
import type { MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import type { Answer, Failure } from '@/domain/failure';
import { isLineFault } from '@/session/messages/outbox/refusals';
import type { SessionContext } from '@/session/session-context';
import { ChangedContent, piecesOf, sentBytes, type Pieces } from './pieces';
import type { UploadFailure } from './upload';
import type { UploadItem, UploadItems } from './upload-items';

/** A piece is on its way while the next one is sealed, and messages still find a connection. */
const PIECES_AT_ONCE = 2;

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

/** Brings the server what it lacks of a file. */
export async function sendFile(
  { roomId, report }: SessionContext,
  api: FileApi,
  items: UploadItems,
  item: UploadItem,
  stop: AbortSignal,
): Promise<SendOutcome> {
  const { fileId, size } = item;
  const isStopped = () => stop.aborted;
  const pieces = await piecesOf(roomId, item, (index, seal) => {
    const seals = [...(items.find(fileId)?.seals ?? [])];
    seals[index] = seal;
    items.change(fileId, { seals });
  });
  // Given up before anything of it was asked for: the server never hears of it, and has nothing to remove.
  if (isStopped()) return { kind: 'stopped' };
  if (item.content === null && !item.begun) return { kind: 'lost' };
  const begun = await begin(api, items, item, pieces);
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
    const failure = await putAll(missing, stop, async (index, signal) => {
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
  api: FileApi,
  items: UploadItems,
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
  const answer = await api.begin(fileId, plan, forever);
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
  stop: AbortSignal,
  put: (index: number, signal: AbortSignal) => Promise<Failure | null>,
): Promise<Failure | null> {
  const giveUp = new AbortController();
  const onStop = () => giveUp.abort();
  stop.addEventListener('abort', onStop);
  const hasEnded = () => giveUp.signal.aborted;
  let next = 0;
  let first: Failure | null = null;

  async function work() {
    for (let index = indexes[next++]; index !== undefined && !hasEnded(); index = indexes[next++]) {
      const failure = await put(index, giveUp.signal);
      if (failure === null || hasEnded()) continue;
      first = failure;
      giveUp.abort();
    }
  }

  const workers = await Promise.allSettled(
    Array.from({ length: PIECES_AT_ONCE }, () =>
      work().catch((error: unknown) => {
        giveUp.abort();
        throw error;
      }),
    ),
  );
  stop.removeEventListener('abort', onStop);
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return first;
}
