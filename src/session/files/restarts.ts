import type { FileId } from '@/domain/file';
import type { Intake } from './intake';
import { fingerprintOf } from './pieces';
import type { UploadFailure } from './upload';
import type { UploadItem, UploadItems } from './upload-items';
import type { UploadQueue } from './upload-queue';

/** The file is gone from the server, or is another one by now. */
const BEGUN_AGAIN: readonly UploadFailure[] = ['file_not_found', 'not_the_author', 'changed'];

/** Goes on with files that stopped; from the start, where the server no longer has what was sent, or has something else. */
export function createRestarts(
  items: UploadItems,
  queue: UploadQueue,
  { add, giveUp }: Pick<Intake, 'add'> & { giveUp: (fileId: FileId) => unknown },
) {
  /** Under another id and key: an id that was removed is spent, and a key seals one content only. */
  async function beginAgain({ fileId, content }: UploadItem) {
    if (content === null) return;
    items.setState(fileId, { kind: 'sending' });
    const fingerprint = await fingerprintOf(content).catch(() => null);
    // Meanwhile it may have been given up.
    const item = items.find(fileId);
    if (item === undefined) return;
    if (fingerprint === null) {
      items.setState(fileId, { kind: 'failed', reason: 'unreadable' });
      return;
    }
    // First, so that its words are kept at every moment. Its beginning waits for the removal where the room is too full without that.
    const { text, ...file } = item;
    await add({ ...file, content }, fingerprint, text);
    giveUp(fileId);
    queue.goOn();
  }

  async function resume(fileId: FileId) {
    const item = items.find(fileId);
    if (item === undefined || item.state.kind === 'sending' || item.state.kind === 'lost') return;
    const { state, content } = item;
    if (content !== null && state.kind === 'failed' && BEGUN_AGAIN.includes(state.reason)) await beginAgain(item);
    else {
      items.setState(fileId, { kind: 'queued' });
      queue.goOn();
    }
  }

  return { beginAgain, resume };
}
