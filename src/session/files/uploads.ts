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
import { createUploadQueue } from './upload-queue';

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
  readonly cancelAll: () => Promise<void>;
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
  const queue = createUploadQueue(context, api, items, (item, card) => void deliver(item, card));
  items.subscribe(() => {
    // What was kept of a room that has ended may have been forgotten already.
    if (over.aborted) return;
    shown.set(items.get());
    keep();
  });

  /** A file that was lost with its page is gone on with; any other one is new. */
  async function add(file: Chosen, text?: string) {
    const fingerprint = await fingerprintOf(file.content);
    const lost = items.get().find((item) => item.content === null && isSame(item, fingerprint, file.content));
    if (lost !== undefined) items.change(lost.fileId, { content: file.content, state: { kind: 'queued' } });
    else await addNew(newItem(context, file, fingerprint, text));
  }

  async function addNew(item: UploadItem) {
    const sealed = await sealItem(context, item);
    if (!over.aborted) items.add(sealed);
  }

  async function cancel(fileId: FileId) {
    if (items.find(fileId) === undefined) return;
    items.remove(fileId);
    await queue.halt(fileId);
    // What is begun while it is given up is begun by the time it has ended.
    if (!over.aborted) leaving.removeFile(fileId);
  }

  /** Under another id and key: an id that was removed is spent, and a key seals one content only. */
  async function beginAnew({ fileId, content, text, ...item }: UploadItem) {
    await cancel(fileId);
    if (content === null || over.aborted) return;
    const fingerprint = await fingerprintOf(content).catch(() => null);
    const kind = 'other' as const;
    const file: Chosen = { ...item, kind, content, metadata: 'none', fault: null };
    if (fingerprint !== null) await addNew(newItem(context, file, fingerprint, text));
    else
      items.add({ ...item, fileId, content, ...(text && { text }), state: { kind: 'failed', reason: 'unreadable' } });
  }

  async function resume(fileId: FileId) {
    const item = items.find(fileId);
    if (item === undefined || item.state.kind === 'sending' || item.state.kind === 'lost') return;
    if (item.state.kind === 'failed' && BEGUN_ANEW.includes(item.state.reason)) await beginAnew(item);
    else items.setState(fileId, { kind: 'queued' });
    queue.goOn();
  }

  return {
    send: async (files, text) => {
      if (over.aborted || !voice.canSpeak) return false;
      if (text !== undefined && textFault(text, TEXT_CHARACTERS_MAX) !== null) return false;
      for (const [index, file] of files.filter(({ fault }) => fault === null).entries()) {
        await add(file, index === 0 ? text : undefined);
        queue.goOn();
      }
      return true;
    },
    provide: async (fileId, { content }) => {
      const fingerprint = await fingerprintOf(content);
      const item = items.find(fileId);
      if (item === undefined || !isSame(item, fingerprint, content)) return false;
      items.change(fileId, { content, state: { kind: 'queued' } });
      queue.goOn();
      return true;
    },
    pause: (fileId) => {
      const { kind } = items.find(fileId)?.state ?? {};
      if (kind !== 'queued' && kind !== 'sending' && kind !== 'waiting') return;
      items.setState(fileId, { kind: 'paused' });
      void queue.halt(fileId);
    },
    resume: (fileId) => void resume(fileId),
    cancel,
    cancelAll: async () => {
      await Promise.all(items.get().map(({ fileId }) => cancel(fileId)));
    },
    recall: async (kept) => {
      // Of a plain room nothing can be gone on with.
      for (const { fileId, sealed } of kept) if (sealed === undefined) leaving.removeFile(fileId);
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

function newItem({ room }: SessionContext, file: Chosen, fingerprint: string, text?: string): UploadItem {
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
const BEGUN_ANEW: readonly UploadFailure[] = ['file_not_found', 'not_the_author', 'changed'];

const isSame = (item: UploadItem, fingerprint: string, content: Blob) =>
  item.size === content.size && item.fingerprint === fingerprint;
