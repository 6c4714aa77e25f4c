import type { FileId } from '@/domain/file';
import type { Outbox } from '@/session/messages/outbox/outbox';
import type { Leaving } from './uploads';

/** Nobody waits longer than this for the bytes of a removed file: they come back as soon as the line does. */
const REMOVING_MS_MAX = 10_000;

export type LeavingOutbox = Pick<Outbox, 'send' | 'removeFile' | 'messages' | 'get' | 'subscribe'>;

/** Files leave by the outbox: what it has, it keeps, repeats and removes. */
export function leavingBy(outbox: LeavingOutbox, giveBack: Leaving['giveBack']): Leaving {
  const isRemoving = (fileId?: FileId) =>
    outbox
      .get()
      .items.some(
        (item) =>
          item.kind === 'removal' && item.fileId !== undefined && (fileId === undefined || item.fileId === fileId),
      );

  function until(isSo: () => boolean, ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (isSo()) end();
      };
      const end = () => {
        unsubscribe();
        clearTimeout(timer);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(() => end(), ms);
      const unsubscribe = outbox.subscribe(look);
      look();
    });
  }

  return {
    giveBack,
    removeFile: (fileId) => {
      outbox.removeFile(fileId);
      return until(() => !isRemoving(fileId), REMOVING_MS_MAX);
    },
    removals: () => (isRemoving() ? until(() => !isRemoving(), REMOVING_MS_MAX) : null),
    send: (content) => {
      const id = outbox.send(content);
      return until(() => !outbox.messages().some((message) => message.id === id && message.words === null));
    },
  };
}
