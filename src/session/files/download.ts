import type { Failure } from '@/domain/failure';
import type { MediaKind } from '@/lib/media/sniff';
import type { Readable } from '@/lib/store';
import type { SharedFile } from './shared-file';

/** `altered`: a piece, or the whole, is not what its author sealed. */
export type DownloadFailure = Failure['reason'] | 'altered';

export interface LoadedFile {
  /** An address of the content, under a type that runs nothing. Gone once the file is released. */
  readonly url: string;
  readonly content: Blob;
  /** What the bytes are; only what is not `other` may be shown. */
  readonly kind: MediaKind;
  /** To save it under, as the card calls it that was asked for: safe, and its ending is that of its bytes. */
  readonly name: string;
}

/** A received file: `loaded` in bytes of content. `waiting`: the line is down, or the server wants a pause; it goes on by itself. */
export type Download =
  | { readonly state: 'idle' }
  | { readonly state: 'loading'; readonly loaded: number; readonly isWaiting: boolean }
  | ({ readonly state: 'ready' } & LoadedFile)
  | { readonly state: 'failed'; readonly reason: DownloadFailure };

export interface Downloads {
  /** The same object for the same card. */
  readonly downloadOf: (file: SharedFile) => Readable<Download>;
  /** Loads a file unless it is there or on its way. */
  readonly load: (file: SharedFile) => void;
  /** Stops loading, or lets go of what was loaded, whichever card shows it: its address leads nowhere from then on. */
  readonly release: (file: SharedFile) => void;
}
