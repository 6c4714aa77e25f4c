'use client';

import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';
import type { RoomSession } from '@/session/room-session';
import { useStore } from './use-store';

/** A file of the talk as far as this page has it; `release` also stops loading it. */
export function useDownload(
  { files }: Pick<RoomSession, 'files'>,
  file: SharedFile,
): { download: Download; load: () => void; release: () => void } {
  const download = useStore(files.downloadOf(file));
  return { download, load: () => files.load(file), release: () => files.release(file) };
}
