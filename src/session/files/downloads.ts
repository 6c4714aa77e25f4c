import type { FileApi } from '@/client/file-api';
import type { FileId } from '@/domain/file';
import { PICTURE_PIXELS_MAX } from '@/domain/limits';
import { nameOfMedia } from '@/lib/media/name-of-media';
import { SNIFFED_BYTES, sniffMedia, safeTypeOf, type Media } from '@/lib/media/sniff';
import { SIZED_BYTES, wholePictureSizeIn } from '@/lib/media/whole-picture-size';
import { createSlots } from '@/lib/slots';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Download } from './download';
import { loadFile } from './load-file';
import type { SharedFile } from './shared-file';

/** A few requests at once, whatever the number of files: the room's other calls find a connection, and memory holds a few pieces. */
const REQUESTS_AT_ONCE = 3;

export interface Loading {
  readonly load: (file: SharedFile) => void;
  readonly release: (fileId: FileId) => void;
}

export function createDownloads(
  context: SessionContext,
  api: FileApi,
  storeOf: (fileId: FileId) => Store<Download>,
): Loading {
  const { over, report, onRefused } = context;
  const slots = createSlots(REQUESTS_AT_ONCE);
  const under = new Map<FileId, AbortController>();
  const urls = new Map<FileId, string>();

  async function run(file: SharedFile, stop: AbortSignal) {
    const store = storeOf(file.fileId);
    const show = (download: Download) => {
      if (!stop.aborted) store.set(download);
    };
    show({ state: 'loading', loaded: 0, isWaiting: false });
    const outcome = await loadFile(context, api, slots, file.card, {
      stop,
      onProgress: (loaded, isWaiting) => show({ state: 'loading', loaded, isWaiting }),
    });
    if (outcome.kind === 'failed') {
      show({ state: 'failed', reason: outcome.reason });
      if (outcome.reason !== 'altered') onRefused({ reason: outcome.reason });
      return;
    }
    const bytes = new Blob([...outcome.parts]);
    const media = await mediaOf(bytes);
    const shown = media !== null && (await isDrawable(bytes, media)) ? media : null;
    if (stop.aborted) return;
    const content = bytes.slice(0, undefined, safeTypeOf(shown));
    const url = URL.createObjectURL(content);
    urls.set(file.fileId, url);
    show({ state: 'ready', url, content, kind: shown?.kind ?? 'other', name: nameOfMedia(file.name, media) });
  }

  function release(fileId: FileId) {
    under.get(fileId)?.abort();
    under.delete(fileId);
    const url = urls.get(fileId);
    urls.delete(fileId);
    if (url !== undefined) URL.revokeObjectURL(url);
    storeOf(fileId).set({ state: 'idle' });
  }

  // Nothing of a room outlives it.
  over.addEventListener('abort', () => {
    for (const fileId of new Set([...under.keys(), ...urls.keys()])) release(fileId);
  });

  return {
    release,
    load: (file) => {
      const { fileId } = file;
      if (over.aborted || under.has(fileId) || urls.has(fileId)) return;
      const stop = new AbortController();
      under.set(fileId, stop);
      run(file, stop.signal)
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          storeOf(fileId).set({ state: 'failed', reason: 'altered' });
          report(error);
        })
        .finally(() => {
          if (under.get(fileId) === stop) under.delete(fileId);
        });
    },
  };
}

const mediaOf = async (content: Blob): Promise<Media | null> =>
  sniffMedia(new Uint8Array(await content.slice(0, SNIFFED_BYTES).arrayBuffer()));

/** A picture may claim more pixels than a device has memory for, or hide how many: such a one is only saved. */
async function isDrawable(content: Blob, { kind, type }: Media): Promise<boolean> {
  if (kind !== 'picture') return true;
  const size = wholePictureSizeIn(new Uint8Array(await content.slice(0, SIZED_BYTES).arrayBuffer()), type);
  return size !== null && size.width * size.height <= PICTURE_PIXELS_MAX;
}
