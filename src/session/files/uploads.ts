import { customAlphabet } from 'nanoid';
import type { FileApi } from '@/client/file-api';
import { makeFileKey } from '@/crypto/sealed-file';
import type { Content } from '@/domain/content';
import { fileIdSchema, type FileId, type MessageFile } from '@/domain/file';
import type { FileCard } from '@/domain/file-card';
import { TEXT_CHARACTERS_MAX } from '@/domain/limits';
import { textFault } from '@/domain/text-rules';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import { fingerprintOf } from './pieces';
import { keepItems, recallItems, sealItem } from './keeping-uploads';
import type { KeptUpload } from './kept-uploads';
import type { Chosen, Upload, UploadFailure } from './upload';
import { createUploadItems, type UploadItem, type UploadItems } from './upload-items';
import { createUploadQueue, type UploadQueue } from './upload-queue';

const randomId = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 22);

/** How a file leaves: as the content of a message, or not at all. */
export interface Leaving {
  /** Resolves once the message is kept, or is stored. */
  readonly send: (content: Content) => Promise<void>;
  /** Removes a file that no message names. */
  readonly removeFile: (fileId: FileId) => void;
}

export interface Uploads {
  /** False: the text breaks the rules, and nothing is sent. */
  readonly send: (files: readonly Chosen[], text?: string) => Promise<boolean>;
  /** Goes on with a file after a reload; false: it is not the same one. */
  readonly provide: (fileId: FileId, file: Chosen) => Promise<boolean>;
  readonly pause: (fileId: FileId) => void;
  /** Goes on with one that was paused, waits or failed. */
  readonly resume: (fileId: FileId) => void;
  /** Gives a file up: the server forgets what it has of it. */
  readonly cancel: (fileId: FileId) => Promise<void>;
  /** The same for all. */
  readonly cancelAll: () => Promise<unknown>;
  readonly recall: (kept: readonly KeptUpload[]) => Promise<void>;
  /** They are in the hands of another page now. */
  readonly drop: () => void;
}

export function createUploads(
  context: SessionContext,
  api: FileApi,
  shown: Store<readonly Upload[]>,
  leaving: Leaving,
): Uploads {
  const { voice, over } = context;
  const items = createUploadItems();
  const { deliver, keep } = createDelivery(context, items, leaving);
  const queue = createUploadQueue(
    context,
    api,
    items,
    (item, card) => void deliver(item, card),
    (item) => void beginAgain(item),
  );
  const { add, provide } = createIntake(context, items, queue);
  items.subscribe(() => {
    // Uploads kept for a room that has ended may have been forgotten already.
    if (over.aborted) return;
    shown.set(items.get());
    keep();
  });

  async function cancel(fileId: FileId) {
    const item = items.find(fileId);
    if (item === undefined) return;
    items.remove(fileId);
    await queue.halt(fileId);
    // A beginning that was under way has been answered by now, so nothing is begun behind the removal.
    if (!over.aborted && item.begun) leaving.removeFile(fileId);
  }

  const { beginAgain, resume } = createRestarts(items, queue, { add, cancel });

  return {
    send: async (files, text) => {
      if (over.aborted || !voice.canSpeak) return false;
      if (text !== undefined && textFault(text, TEXT_CHARACTERS_MAX) !== null) return false;
      for (const [index, file] of files.filter(({ fault }) => fault === null).entries()) {
        // A file that cannot be read any more is found out, and shown as such, when its turn comes.
        const fingerprint = await fingerprintOf(file.content).catch(() => '');
        await add(file, fingerprint, index === 0 ? text : undefined);
        queue.goOn();
      }
      return true;
    },
    provide,
    pause: queue.pause,
    resume: (fileId) => void resume(fileId),
    cancel,
    cancelAll: () => Promise.all(items.get().map(({ fileId }) => cancel(fileId))),
    recall: async (kept) => {
      // Of a plain room nothing can be gone on with.
      for (const { fileId, sealed, begun } of kept) if (sealed === undefined && begun) leaving.removeFile(fileId);
      for (const item of await recallItems(context, kept)) if (items.find(item.fileId) === undefined) items.add(item);
      keep();
      queue.goOn();
    },
    drop: () => {
      for (const { fileId } of items.get()) {
        items.remove(fileId);
        void queue.halt(fileId);
      }
    },
  };
}

/** Goes on with what stopped; from its beginning where the server no longer has what was sent, or has something else. */
function createRestarts(
  items: UploadItems,
  queue: UploadQueue,
  { add, cancel }: Pick<ReturnType<typeof createIntake>, 'add'> & Pick<Uploads, 'cancel'>,
) {
  /** Under another id and key: an id that was removed is spent, and a key seals one content only. */
  async function beginAgain({ fileId, text, content, ...file }: UploadItem) {
    if (content === null) return;
    const fingerprint = await fingerprintOf(content).catch(() => null);
    // Meanwhile it may have been given up.
    if (items.find(fileId) === undefined) return;
    if (fingerprint === null) {
      items.setState(fileId, { kind: 'failed', reason: 'unreadable' });
      return;
    }
    await cancel(fileId);
    await add({ ...file, content }, fingerprint, text);
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

/** Files come new, or again after a reload: then they are gone on with. */
function createIntake(context: SessionContext, items: UploadItems, queue: UploadQueue) {
  const { over } = context;

  function goOnWith({ fileId }: UploadItem, content: Blob) {
    items.change(fileId, { content, state: { kind: 'queued' } });
    queue.goOn();
  }

  return {
    add: async (file: NewFile, fingerprint: string, text?: string) => {
      const { content } = file;
      const lost = items.get().find((item) => item.content === null && isSame(item, fingerprint, content));
      if (lost !== undefined) {
        goOnWith(lost, content);
        return;
      }
      const item = await sealItem(context, newItem(context, file, fingerprint, text));
      if (!over.aborted) items.add(item);
    },
    provide: async (fileId: FileId, { content }: Chosen) => {
      const fingerprint = await fingerprintOf(content);
      const item = items.find(fileId);
      if (item === undefined || !isSame(item, fingerprint, content)) return false;
      goOnWith(item, content);
      return true;
    },
  };
}

/** From a file whose pieces are all there to the message that names it. */
function createDelivery(context: SessionContext, items: UploadItems, leaving: Leaving) {
  const { voice, over } = context;
  /** Their messages are being sealed: until those are kept, the files are. */
  const delivered = new Map<FileId, UploadItem>();
  const keep = () => keepItems(context, [...delivered.values(), ...items.get()]);

  /** A picture may be too much beside a long text; it is the one thing that can be done without. */
  function fitting(content: Content): Content {
    if (content.kind !== 'file' || voice.fits(content) || !('key' in content.file)) return content;
    const { preview: _preview, ...file } = content.file;
    return { ...content, file };
  }

  return {
    keep,
    deliver: async (item: UploadItem, file: FileCard | MessageFile) => {
      const { fileId, text } = item;
      delivered.set(fileId, item);
      items.remove(fileId);
      await leaving.send(fitting({ kind: 'file', file, ...(text !== undefined && { text }) }));
      delivered.delete(fileId);
      if (!over.aborted) keep();
    },
  };
}

type NewFile = Pick<Chosen, 'name' | 'content' | 'preview' | 'voice'>;

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

/** The file is gone from the server, or is another one by now. */
const BEGUN_AGAIN: readonly UploadFailure[] = ['file_not_found', 'not_the_author', 'changed'];

const isSame = (item: UploadItem, fingerprint: string, content: Blob) =>
  item.size === content.size && item.fingerprint === fingerprint;
