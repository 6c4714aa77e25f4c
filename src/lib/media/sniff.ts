/** What a browser may do with a file: show it in the way of its kind, or only save it. */
export type MediaKind = 'picture' | 'audio' | 'video' | 'other';

const SHOWN = {
  'image/jpeg': 'picture',
  'image/png': 'picture',
  'image/gif': 'picture',
  'image/webp': 'picture',
  'image/avif': 'picture',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
  'audio/wav': 'audio',
  'audio/flac': 'audio',
  'audio/aac': 'audio',
  'audio/mp4': 'audio',
  'audio/webm': 'audio',
  'video/mp4': 'video',
  'video/webm': 'video',
  'video/ogg': 'video',
  'video/quicktime': 'video',
} as const satisfies Record<string, Exclude<MediaKind, 'other'>>;

export type ShownType = keyof typeof SHOWN;

/** What the bytes of a file are: the only types that an address of ours ever carries. None of them runs anything. */
export interface Media {
  readonly type: ShownType;
  readonly kind: Exclude<MediaKind, 'other'>;
}

/** Any other file has this type, whatever its author calls it. */
export const OPAQUE_TYPE = 'application/octet-stream';
/** Enough for the tracks of a recording, which tell sound from moving pictures. */
export const SNIFFED_BYTES = 16_384;

export const safeTypeOf = (media: Media | null): ShownType | typeof OPAQUE_TYPE => media?.type ?? OPAQUE_TYPE;

/** Recognises pictures, sound and video by their first bytes; null for everything else. */
export function sniffMedia(head: Uint8Array): Media | null {
  const type = typeOf(latin1(head.subarray(0, SNIFFED_BYTES)), head);
  return type === null ? null : { type, kind: SHOWN[type] };
}

/** Raw pictures of cameras and others that browsers do not show; most systems know no type for them. */
const MEDIA_ENDING =
  /\.(?:tiff?|dng|nef|nrw|cr[23w]|arw|orf|rw2|raf|pef|jxl|jp2|psd|bmp|hei[cf]s?|avi|mkv|mov|m2?ts|mpe?g|3gp|wmv|m4a|aiff?|wma)$/i;

/**
 * Whether something that we do not recognise is a picture, sound or video all the same, by its first bytes (those of Apple's phones) or
 * by what its system calls it. We cannot take out what it says about place and time.
 */
export const isOtherMedia = (head: Uint8Array, type: string, name: string): boolean =>
  /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brandOf(latin1(head.subarray(0, 12)))) ||
  /^(?:image|audio|video)\//.test(type) ||
  MEDIA_ENDING.test(name);

function typeOf(text: string, head: Uint8Array): ShownType | null {
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  if (text.startsWith('RIFF')) return RIFF[text.slice(8, 12)] ?? null;
  if (text.startsWith('fLaC')) return 'audio/flac';
  if (text.startsWith('OggS')) return /\x80theora/.test(text.slice(0, 256)) ? 'video/ogg' : 'audio/ogg';
  if (text.startsWith('\x1a\x45\xdf\xa3')) return matroskaType(text);
  if (text.slice(4, 8) === 'ftyp') return isoType(text);
  return mpegAudioType(text, head);
}

const RIFF: Readonly<Record<string, ShownType>> = { WEBP: 'image/webp', WAVE: 'audio/wav' };

/** Of Matroska's documents only WebM is for browsers. */
function matroskaType(text: string): ShownType | null {
  if (!text.slice(0, 64).includes('webm')) return null;
  return /V_(?:VP[89]|AV1)/.test(text) || !/A_(?:OPUS|VORBIS)/.test(text) ? 'video/webm' : 'audio/webm';
}

const brandOf = (text: string): string => (text.slice(4, 8) === 'ftyp' ? text.slice(8, 12) : '');

/** ISO base media: the brand names the family, and handlers say which tracks there are where they stand at the beginning. */
function isoType(text: string): ShownType | null {
  const brands = text.slice(8, Math.min(64, Math.max(16, text.charCodeAt(3))));
  if (/avi[fs]/.test(brands)) return 'image/avif';
  const brand = brandOf(text);
  if (brand.startsWith('M4A') || brand.startsWith('M4B')) return 'audio/mp4';
  if (brand.startsWith('qt')) return 'video/quicktime';
  if (!/^(?:iso[\dm]|mp4[12]|avc1|M4V|MSNV|dash|3gp|3g2|f4v|mmp4)/i.test(brand)) return null;
  return /hdlr.{8}soun/s.test(text) && !/hdlr.{8}vide/s.test(text) ? 'audio/mp4' : 'video/mp4';
}

/** A tag, or a frame whose header breaks no rule: a bit rate, a sampling rate and a layer that exist. */
function mpegAudioType(text: string, head: Uint8Array): ShownType | null {
  if (text.startsWith('ID3')) return 'audio/mpeg';
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff || head.length < 4) return null;
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  const [layer, rate, sampling] = [(second >> 1) & 3, third >> 4, (third >> 2) & 3];
  const isFrame = (second & 0xe0) === 0xe0 && ((second >> 3) & 3) !== 1;
  return isFrame && layer === 1 && rate !== 0 && rate !== 15 && sampling !== 3 ? 'audio/mpeg' : null;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
