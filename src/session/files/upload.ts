import type { FileId } from '@/domain/file';
import type { VoiceNote } from '@/domain/file-card';
import type { Failure } from '@/domain/failure';
import type { MediaKind } from '@/lib/media/sniff';
import type { WaitReason } from '@/session/messages/outbox/refusals';

/**
 * Why a file is not sent, in addition to what the server says. `changed`: its content is another one than when it was chosen, and what was
 * sent of it belongs to the old one; `unreadable`: the browser cannot read it any more, because it was moved, changed or deleted.
 */
export type UploadFailure = Failure['reason'] | 'changed' | 'unreadable';

/**
 * `queued`: another file goes first. `waiting`: for the line, or because the server wants a pause, until a time on this browser's clock; it goes
 * on by itself. `failed`: `maxBytes` of content is what the room would take of it, where that is why. `lost`: the page was loaded again, so the same file has to be chosen again; what arrived is kept.
 */
export type UploadState =
  | { readonly kind: 'queued' | 'sending' | 'paused' | 'lost' }
  | { readonly kind: 'waiting'; readonly for: 'line' }
  | { readonly kind: 'waiting'; readonly for: WaitReason; readonly until: number }
  | { readonly kind: 'failed'; readonly reason: UploadFailure; readonly maxBytes?: number };

/** A file of one's own that is on its way. It leaves the list when its message is in the transcript. */
export interface Upload {
  readonly fileId: FileId;
  readonly name: string;
  readonly type: string;
  /** In bytes; `sent` counts whole pieces that the server has. */
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  /** Words that go with it. */
  readonly text?: string;
  readonly preview?: string;
  readonly voice?: VoiceNote;
}

/** A file that was chosen and looked at, before it is sent. */
export interface Chosen {
  /** Safe to show. */
  readonly name: string;
  readonly kind: MediaKind;
  /** As it will be sent, under a type that is safe to show, so its address may be shown as what `kind` says. */
  readonly content: Blob;
  /**
   * `removed`: where and with what a picture was taken is not sent. `kept`: a picture, video or sound is sent as it is, with whatever it
   * says about that. `none`: the file is something else.
   */
  readonly metadata: 'removed' | 'kept' | 'none';
  /** Why it cannot be sent; null when it can. */
  readonly fault: 'files-off' | 'empty' | 'too-large' | 'unreadable' | null;
  readonly preview?: string;
  readonly voice?: VoiceNote;
}
