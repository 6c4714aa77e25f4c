import { nanoid } from 'nanoid';
import { makeFileKey } from '@/crypto/sealed-file';
import { fileIdSchema, type FileId } from '@/domain/file';
import type { SessionContext } from '@/session/session-context';
import { sealItem } from './keeping-uploads';
import { fingerprintOf } from './pieces';
import type { Chosen } from './upload';
import type { UploadItem, UploadItems } from './upload-items';
import type { UploadQueue } from './upload-queue';

const ID_CHARACTERS = 22;
/** Letters and digits alone, as the ids of rooms are; of three times as many characters enough are always left. */
const randomId = () =>
  nanoid(3 * ID_CHARACTERS)
    .replace(/[-_]/g, '')
    .slice(0, ID_CHARACTERS);

export type NewFile = Pick<Chosen, 'name' | 'content' | 'preview' | 'voice'>;

export interface Intake {
  readonly add: (file: NewFile, fingerprint: string, text?: string) => Promise<void>;
  /** Goes on with a file after a reload; false: it is not the same one. */
  readonly provide: (fileId: FileId, file: Chosen) => Promise<boolean>;
}

/** Files come new, or again after a reload: then they are gone on with. */
export function createIntake(context: SessionContext, items: UploadItems, queue: Pick<UploadQueue, 'goOn'>): Intake {
  const { over } = context;

  function goOnWith({ fileId }: UploadItem, change: Partial<UploadItem>) {
    items.change(fileId, { ...change, state: { kind: 'queued' } });
    queue.goOn();
  }

  return {
    add: async (file, fingerprint, text) => {
      const { content } = file;
      const lost = items.get().find((item) => item.content === null && isSame(item, fingerprint, content));
      if (lost !== undefined) {
        // Its author has it in hand, and has just said what is to stand below it.
        const { sealed } = text === undefined ? lost : await sealItem(context, { ...lost, text });
        if (!over.aborted) goOnWith(lost, { content, sealed, ...(text !== undefined && { text }) });
        return;
      }
      const item = await sealItem(context, newItem(context, file, fingerprint, text));
      if (!over.aborted) items.add(item);
    },
    provide: async (fileId, { content }) => {
      const fingerprint = await fingerprintOf(content);
      const item = items.find(fileId);
      if (item === undefined || !isSame(item, fingerprint, content)) return false;
      goOnWith(item, { content });
      return true;
    },
  };
}

function newItem({ room }: SessionContext, file: NewFile, fingerprint: string, text?: string): UploadItem {
  const { content, name, preview, voice } = file;
  const isSealed = room.get().sealed;
  return {
    fileId: fileIdSchema.parse(randomId()),
    name,
    type: content.type,
    size: content.size,
    sent: 0,
    state: { kind: 'queued' },
    fingerprint,
    content,
    key: isSealed ? makeFileKey() : null,
    seals: [],
    begun: false,
    sealed: null,
    ...(text !== undefined && { text }),
    ...(isSealed && preview !== undefined && { preview }),
    ...(isSealed && voice && { voice }),
  };
}

const isSame = (item: UploadItem, fingerprint: string, content: Blob) =>
  item.size === content.size && item.fingerprint === fingerprint;
