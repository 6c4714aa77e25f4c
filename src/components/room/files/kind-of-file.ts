import { extensionOf } from '@/lib/media/safe-file-name';
import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';

/** What a file is called in words. */
export type FileKind =
  'picture' | 'voice' | 'audio' | 'video' | 'pdf' | 'text' | 'archive' | 'document' | 'sheet' | 'slides' | 'other';

type Card = Pick<SharedFile, 'type' | 'voice'> & Partial<Pick<SharedFile, 'name'>> & { readonly preview?: unknown };

/** The first that fits decides. */
const KINDS: readonly (readonly [RegExp, FileKind])[] = [
  [/^image\//, 'picture'],
  [/^audio\//, 'audio'],
  [/^video\//, 'video'],
  [/^application\/pdf$/, 'pdf'],
  [/spreadsheet|excel|^text\/csv$/, 'sheet'],
  [/presentation|powerpoint/, 'slides'],
  [/wordprocessing|msword|opendocument\.text|\/rtf$/, 'document'],
  [/zip|compressed|-tar$|\/gzip$|rar$/, 'archive'],
  [/^text\//, 'text'],
];

/** Most files come without a type. No ending makes a picture or a recording of one. */
const ENDINGS: ReadonlyMap<string, FileKind> = new Map(
  Object.entries<FileKind>({
    pdf: 'pdf',
    ...{ txt: 'text', md: 'text', log: 'text', html: 'text', json: 'text', xml: 'text' },
    ...{ zip: 'archive', gz: 'archive', tar: 'archive', tgz: 'archive', rar: 'archive', '7z': 'archive' },
    ...{ doc: 'document', docx: 'document', odt: 'document', rtf: 'document' },
    ...{ xls: 'sheet', xlsx: 'sheet', ods: 'sheet', csv: 'sheet' },
    ...{ ppt: 'slides', pptx: 'slides', odp: 'slides' },
  }),
);

/** By what its author says, which is all there is before it is loaded. */
export function kindOfFile({ name = '', type, preview, voice }: Card): FileKind {
  if (voice !== undefined) return 'voice';
  const said = type.toLowerCase();
  // A video may have a small picture, too.
  if (preview !== undefined && !/^(?:audio|video)\//.test(said)) return 'picture';
  return KINDS.find(([pattern]) => pattern.test(said))?.[1] ?? ENDINGS.get(extensionOf(name)) ?? 'other';
}

/** Of these the viewer shows one; others are only saved, whatever they are called. */
const SHOWN_PICTURE = /^image\/(?:jpeg|png|gif|webp|avif)$/;

/** Whether it is shown as a picture unless its bytes turn out to be something else. */
export const isPictureCard = (card: Card): boolean =>
  kindOfFile(card) === 'picture' && (card.preview !== undefined || SHOWN_PICTURE.test(card.type.toLowerCase()));

/** What to show a file as: the bytes decide once they are there. Only a recording that is sound is shown as a voice. */
export function faceOfFile(card: Card, download: Download): 'picture' | 'voice' | 'audio' | 'video' | 'card' {
  if (download.state !== 'ready') return isPictureCard(card) ? 'picture' : card.voice !== undefined ? 'voice' : 'card';
  const { kind } = download;
  if (kind === 'other') return 'card';
  return kind === 'audio' && card.voice !== undefined ? 'voice' : kind;
}
