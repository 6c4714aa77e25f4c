import { plainWords } from '@/lib/markup';
import type { SharedFile } from '@/session/files/shared-file';
import type { MessageEntry, TranscriptEntry } from '@/session/messages/transcript';
import { isPictureCard } from '@/components/room/files/kind-of-file';

/** A picture among the messages. */
export interface PictureMessage {
  readonly message: MessageEntry;
  readonly file: SharedFile;
}

/** All that came as pictures, in their order. */
export function picturesIn(entries: readonly TranscriptEntry[]): readonly PictureMessage[] {
  return entries.flatMap((message) =>
    message.kind === 'message' &&
    message.file !== undefined &&
    message.leaving === undefined &&
    isPictureCard(message.file)
      ? [{ message, file: message.file }]
      : [],
  );
}

/** The words of a picture stand for it, else its name does. */
export function altOf({ text }: Pick<MessageEntry, 'text'>, { name }: Pick<SharedFile, 'name'>): string {
  return text === null || text === '' ? name : plainWords(text);
}
