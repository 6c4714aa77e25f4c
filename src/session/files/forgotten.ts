import type { FileApi } from '@/client/file-api';
import type { FileId } from '@/domain/file';
import type { SessionContext } from '@/session/session-context';
import type { KeptUpload } from './kept-uploads';
import { untilAnswered } from './until-answered';
import type { UploadItems } from './upload-items';
import type { Leaving } from './uploads';

/** Whoever holds it is sending the file. */
const lockOf = (fileId: FileId) => `mayfly:file:${fileId}`;

/**
 * Removes what pages before this one have begun and nobody can go on with. In a plain room that is said in the tab's storage, which a tab
 * that is duplicated takes along: there, the page that it was copied from may be sending the file, or have sent it.
 */
export function createForgotten(
  context: SessionContext,
  api: Pick<FileApi, 'look'>,
  items: UploadItems,
  leaving: Pick<Leaving, 'removeFile'>,
) {
  const { locks, room, over } = context;
  if (locks !== undefined && !room.get().sealed) holdLocks(locks, items, over);

  async function removeUnfinished(fileId: FileId) {
    const found = await untilAnswered(context, over, () => api.look(fileId, over));
    // A finished file may stand in a message.
    if (found.ok && found.value.received.length < found.value.pieces) void leaving.removeFile(fileId);
  }

  return {
    /** Resolves once it needs no more care. Rejects when the session is over first. */
    forget: async ({ fileId, sealed, begun }: KeptUpload): Promise<void> => {
      if (!begun) return;
      if (sealed !== undefined) void leaving.removeFile(fileId);
      else if (locks === undefined) await removeUnfinished(fileId);
      else await locks.request(lockOf(fileId), { signal: over }, () => removeUnfinished(fileId));
    },
  };
}

/** As long as a file is on its way from this page. */
function holdLocks(locks: NonNullable<SessionContext['locks']>, items: UploadItems, over: AbortSignal): void {
  const held = new Map<FileId, AbortController>();

  function hold(fileId: FileId) {
    const stop = new AbortController();
    held.set(fileId, stop);
    const untilStopped = () =>
      new Promise<void>((resolve) => {
        if (stop.signal.aborted) resolve();
        stop.signal.addEventListener('abort', () => resolve());
      });
    // Refused, or given up before it was granted: then the file is as good as in a browser without locks.
    locks.request(lockOf(fileId), { signal: stop.signal }, untilStopped).catch(() => undefined);
  }

  function release(fileId: FileId) {
    held.get(fileId)?.abort();
    held.delete(fileId);
  }

  items.subscribe(() => {
    for (const { fileId } of items.get()) if (!held.has(fileId) && !over.aborted) hold(fileId);
    for (const fileId of held.keys()) if (items.find(fileId) === undefined) release(fileId);
  });
  over.addEventListener('abort', () => [...held.keys()].forEach(release));
}
