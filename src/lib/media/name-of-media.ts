import { extensionOf, safeFileName } from './safe-file-name';
import type { Media, ShownType } from './sniff';

/** The endings of each type, the usual one first. */
const ENDINGS = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png', 'apng'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/avif': ['avif'],
  'audio/mpeg': ['mp3', 'mp2', 'mpga'],
  'audio/ogg': ['ogg', 'oga', 'opus', 'spx'],
  'audio/wav': ['wav', 'wave'],
  'audio/flac': ['flac'],
  'audio/aac': ['aac'],
  'audio/mp4': ['m4a', 'mp4', 'm4b'],
  'audio/webm': ['webm', 'weba'],
  'video/mp4': ['mp4', 'm4v', '3gp'],
  'video/webm': ['webm'],
  'video/ogg': ['ogv', 'ogg'],
  'video/quicktime': ['mov', 'qt'],
} as const satisfies Record<ShownType, readonly [string, ...string[]]>;

const ALL: ReadonlySet<string> = new Set(Object.values(ENDINGS).flat());

/**
 * A safe name whose ending does not lie: a file that is a picture, sound or video by its bytes ends as its type does, and any other file
 * does not end like one of these.
 */
export function nameOfMedia(name: string, media: Media | null): string {
  const safe = safeFileName(name);
  const extension = extensionOf(safe);
  if (media === null) return ALL.has(extension) ? safeFileName(`${safe}.bin`) : safe;
  const endings: readonly [string, ...string[]] = ENDINGS[media.type];
  if (endings.includes(extension)) return safe;
  const stem = ALL.has(extension) ? safe.slice(0, -extension.length - 1) : safe;
  return safeFileName(`${stem}.${endings[0]}`);
}
