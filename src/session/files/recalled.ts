import type { FileApi } from '@/client/file-api';
import type { SessionContext } from '@/session/session-context';
import { createForgotten } from './forgotten';
import { recallItems } from './keeping-uploads';
import type { KeptUpload } from './kept-uploads';
import type { UploadItems } from './upload-items';
import type { Leaving } from './uploads';

/** Brings back what pages before this one were sending. Until that is done it is kept as it is: this page may go as well. */
export function createRecalled(
  context: SessionContext,
  api: Pick<FileApi, 'look'>,
  items: UploadItems,
  leaving: Pick<Leaving, 'removeFile'>,
  { keep, goOn }: { keep: () => void; goOn: () => void },
) {
  const { over, report } = context;
  const isOver = () => over.aborted;
  const unopened = new Set<KeptUpload>();
  const { forget } = createForgotten(context, api, items, leaving);

  async function recall(kept: readonly KeptUpload[]) {
    if (isOver()) return;
    for (const one of kept) unopened.add(one);
    keep();
    const opened = new Map((await recallItems(context, kept)).map((item) => [item.fileId, item]));
    // The next page finds them as they are.
    if (isOver()) return;
    // Meanwhile another page may have taken them.
    for (const one of kept.filter((each) => unopened.has(each))) {
      const item = opened.get(one.fileId);
      if (item === undefined) void forgetLeft(one);
      else {
        unopened.delete(one);
        if (items.find(item.fileId) === undefined) items.add(item);
      }
    }
    goOn();
  }

  /** On the shelf until it needs no more care. */
  async function forgetLeft(one: KeptUpload) {
    try {
      await forget(one);
    } catch (error) {
      if (isOver()) return;
      report(error);
    }
    unopened.delete(one);
    if (!isOver()) keep();
  }

  return { recall, unopened };
}
