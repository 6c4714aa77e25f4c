import type { FileId, MessageFile } from '@/domain/file';
import type { FileCard, VoiceNote } from '@/domain/file-card';
import { PREVIEW_SIDE_MAX } from '@/domain/limits';
import { pictureSizeIn } from '@/lib/media/picture-size';
import { safeFileName } from '@/lib/media/safe-file-name';

/** A file that somebody sent, as it is shown. Nothing of it is checked against its bytes before it is loaded. */
export interface SharedFile {
  readonly fileId: FileId;
  /** Safe to show and to save under. */
  readonly name: string;
  /** As its author calls it. Decides nothing but the card's face. */
  readonly type: string;
  /** In bytes, of the content. */
  readonly size: number;
  /** A small still picture as a data URL. */
  readonly preview?: string;
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
    ...(preview !== undefined && isSmallStill(preview) && { preview }),
    ...(voice && { voice }),
  };
}

/**
 * By its bytes, as browsers go by them too: a data URL that calls itself a picture of some type may hold any other, of any size, and would
 * be drawn on every screen of the room.
 */
function isSmallStill(dataUrl: string): boolean {
  try {
    const binary = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
    const size = pictureSizeIn(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    return size !== null && !size.isMoving && Math.max(size.width, size.height) <= PREVIEW_SIDE_MAX;
  } catch {
    // It is not base64.
    return false;
  }
}
