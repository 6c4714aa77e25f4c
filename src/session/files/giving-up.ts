import type { FileId } from '@/domain/file';
import type { SessionContext } from '@/session/session-context';
import type { UploadItems } from './upload-items';
import type { Leaving } from './uploads';

export interface GivingUp {
  /** Resolves once the server has forgotten it, or that takes too long. */
  readonly giveUp: (fileId: FileId) => Promise<void>;
  /** The same with its words, which go back to the member. */
  readonly cancel: (fileId: FileId) => Promise<void>;
  /** Resolves once no file is being removed, or that takes too long; null where none is. */
  readonly removals: () => Promise<unknown> | null;
}

export function createGivingUp(
  { over }: Pick<SessionContext, 'over'>,
  items: UploadItems,
  leaving: Leaving,
  /** Resolves once nothing of it is under way. */
  halt: (fileId: FileId) => Promise<void>,
): GivingUp {
  const under = new Set<Promise<void>>();

  function giveUp(fileId: FileId): Promise<void> {
    const isBegun = items.find(fileId)?.begun ?? false;
    items.remove(fileId);
    const ended = (async () => {
      await halt(fileId);
      // A beginning that was under way has been answered by now, so nothing is begun behind the removal.
      if (!over.aborted && isBegun) await leaving.removeFile(fileId);
    })();
    under.add(ended);
    return ended.finally(() => under.delete(ended));
  }

  return {
    giveUp,
    cancel: async (fileId) => {
      const item = items.find(fileId);
      if (item === undefined) return;
      if (item.text !== undefined && !over.aborted) leaving.giveBack(item.text);
      await giveUp(fileId);
    },
    removals: () => {
      const others = leaving.removals();
      return under.size === 0 && others === null ? null : Promise.all([...under, others]);
    },
  };
}
