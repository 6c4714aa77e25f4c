import type { FileId } from '@/domain/file';
import { createStore, type Readable } from '@/lib/store';
import type { Upload, UploadState } from './upload';

/** All that this page knows of a file that it sends. */
export interface UploadItem extends Upload {
  /** base64url(SHA-256 of the SHA-256s of its pieces, unsealed): the same file is recognised by it. */
  readonly fingerprint: string;
  /** Null after a reload, until the same file is chosen again. */
  readonly content: Blob | null;
  /** Of the file; null in a plain room. */
  readonly key: string | null;
  /** By piece, once it is sealed: its initialization vector and the digest of what was made with it. */
  readonly seals: readonly (string | undefined)[];
  /** The server may know the file. */
  readonly begun: boolean;
  /** Name, key and all else that the server does not see, sealed for the shelf; null in a plain room. */
  readonly sealed: string | null;
}

export interface UploadItems extends Readable<readonly UploadItem[]> {
  readonly find: (fileId: FileId) => UploadItem | undefined;
  readonly add: (item: UploadItem) => void;
  readonly change: (fileId: FileId, change: Partial<UploadItem>) => void;
  readonly setState: (fileId: FileId, state: UploadState) => void;
  readonly remove: (fileId: FileId) => void;
}

/** In the order in which they were chosen. */
export function createUploadItems(): UploadItems {
  const { get, set, subscribe } = createStore<readonly UploadItem[]>([]);
  const change = (fileId: FileId, changed: Partial<UploadItem>) =>
    set(get().map((item) => (item.fileId === fileId ? { ...item, ...changed } : item)));
  return {
    get,
    subscribe,
    find: (fileId) => get().find((item) => item.fileId === fileId),
    add: (item) => set([...get(), item]),
    change,
    setState: (fileId, state) => change(fileId, { state }),
    remove: (fileId) => set(get().filter((item) => item.fileId !== fileId)),
  };
}
