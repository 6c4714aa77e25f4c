import type { FileId, MessageFile } from '@/domain/file';
import type { FileCard, VoiceNote } from '@/domain/file-card';
import { safeFileName } from '@/lib/media/safe-file-name';

/** A data URL that its author calls a small picture. It is no text, so that nothing can show it before it was looked at. */
export interface ClaimedPreview {
  readonly claimed: string;
}

/** A file that somebody sent, as it is shown. Nothing of it is checked against its bytes before it is loaded. */
export interface SharedFile {
  readonly fileId: FileId;
  /** Safe to show and to save under. */
  readonly name: string;
  /** As its author calls it. Decides nothing but the card's face. */
  readonly type: string;
  /** In bytes, of the content. */
  readonly size: number;
  readonly preview?: ClaimedPreview;
  readonly voice?: VoiceNote;
  /** What its pieces are found by and checked against. */
  readonly card: FileCard | MessageFile;
}

export function sharedFileOf(card: FileCard | MessageFile): SharedFile {
  const { fileId, name, type } = card;
  const shared = { fileId, name: safeFileName(name), type, card };
  if (!('key' in card)) return { ...shared, size: card.bytes };
  const { size, preview, voice } = card;
  return {
    ...shared,
    size,
    ...(preview !== undefined && { preview: { claimed: preview } }),
    ...(voice && { voice }),
  };
}
