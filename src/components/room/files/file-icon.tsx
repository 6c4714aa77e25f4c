import { Drawing } from '@/components/ui/icon';
import type { FileKind } from './kind-of-file';

const FILE = 'M7 3.5h6.5L18.5 8.5v10a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2ZM13.5 3.5v5h5';

/** Drawn like those of `ui/icon`, and fetched with what shows files. */
const PATHS = {
  picture:
    'M5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-11A1.5 1.5 0 0 1 5.5 5ZM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15 9.5h.01',
  voice: 'M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4ZM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3',
  audio:
    'M9 17.5V6.5l9-2v11M9 17.5a2.25 2.25 0 1 1-4.5 0 2.25 2.25 0 0 1 4.5 0ZM18 15.5a2.25 2.25 0 1 1-4.5 0 2.25 2.25 0 0 1 4.5 0Z',
  video:
    'M5 6.5h8.5A1.5 1.5 0 0 1 15 8v8a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 16V8A1.5 1.5 0 0 1 5 6.5ZM15 10.5l5-3v9l-5-3',
  archive: `${FILE}M9.5 6.5h.01M9.5 9.5h.01M9.5 12.5h.01M9.5 15.5h.01`,
  written: `${FILE}M8.5 12.5h6M8.5 16h6`,
  file: FILE,
  play: 'M8 5.5v13l10.5-6.5L8 5.5Z',
  pause: 'M9 6v12M15 6v12',
  zoomIn: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5M11 8.5v5M8.5 11h5',
  zoomOut: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5M8.5 11h5',
} as const;

export type FileIconName = keyof typeof PATHS;

const OF_KIND: Record<FileKind, FileIconName> = {
  picture: 'picture',
  voice: 'voice',
  audio: 'audio',
  video: 'video',
  pdf: 'written',
  text: 'written',
  document: 'written',
  sheet: 'written',
  slides: 'written',
  archive: 'archive',
  other: 'file',
};

export const iconOfKind = (kind: FileKind): FileIconName => OF_KIND[kind];

export function FileIcon({ name, className = 'size-5' }: { name: FileIconName; className?: string }) {
  return <Drawing path={PATHS[name]} className={className} />;
}
