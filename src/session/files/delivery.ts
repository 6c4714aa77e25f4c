import type { Content } from '@/domain/content';
import type { FileId, MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import type { SessionContext } from '@/session/session-context';
import type { UploadItem, UploadItems } from './upload-items';
import type { Leaving } from './uploads';

/** From a file whose pieces are all there to the message that names it. */
export function createDelivery(
  { voice, over }: SessionContext,
  items: UploadItems,
  leaving: Pick<Leaving, 'send'>,
  onDelivered: () => void,
) {
  /** Their messages are being sealed: until those are kept, the files are. */
  const delivered = new Map<FileId, UploadItem>();

  /** A picture may be too much beside a long text; it is the one thing that can be done without. */
  function fitting(content: Content): Content {
    if (content.kind !== 'file' || voice.fits(content) || !('key' in content.file)) return content;
    const { preview: _preview, ...file } = content.file;
    return { ...content, file };
  }

  return {
    pending: (): readonly UploadItem[] => [...delivered.values()],
    deliver: async (item: UploadItem, file: FileCard | MessageFile) => {
      const { fileId, text } = item;
      delivered.set(fileId, item);
      items.remove(fileId);
      await leaving.send(fitting({ kind: 'file', file, ...(text !== undefined && { text }) }));
      delivered.delete(fileId);
      if (!over.aborted) onDelivered();
    },
  };
}
