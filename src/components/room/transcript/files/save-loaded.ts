import type { LoadedFile } from '@/session/files/download';
import type { Files } from '@/session/files/files';
import type { SharedFile } from '@/session/files/shared-file';

/** Offers what was loaded as a download, under its safe name. */
export function saveLoaded({ url, name }: Pick<LoadedFile, 'url' | 'name'>): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

/** Loads a file unless it is there, and saves it. One that cannot be loaded says so where it stands. */
export function saveWhenLoaded(files: Pick<Files, 'downloadOf' | 'load'>, file: SharedFile): void {
  const store = files.downloadOf(file);
  const there = store.get();
  if (there.state === 'ready') {
    saveLoaded(there);
    return;
  }
  const unsubscribe = store.subscribe(() => {
    const download = store.get();
    if (download.state === 'loading') return;
    unsubscribe();
    if (download.state === 'ready') saveLoaded(download);
  });
  files.load(file);
}
