import type { FileApi } from '@/client/file-api';
import { PICTURE_PIXELS_MAX } from '@/domain/limits';
import { nameOfMedia } from '@/lib/media/name-of-media';
import { SNIFFED_BYTES, sniffMedia, safeTypeOf, type Media } from '@/lib/media/sniff';
import { SIZED_BYTES, wholePictureSizeIn } from '@/lib/media/whole-picture-size';
import { createSlots } from '@/lib/slots';
import type { Store } from '@/lib/store';
import type { SessionContext } from '@/session/session-context';
import type { Downloads } from './download';
import { loadFile } from './load-file';
import { contentOf, type Held } from './loaded-files';
import type { SharedFile } from './shared-file';

/** A few requests at once, whatever the number of files: the room's other calls find a connection, and memory holds a few pieces. */
const REQUESTS_AT_ONCE = 3;

export type Loading = Pick<Downloads, 'load' | 'release'>;

/** `heldOf`: where is said what is there of a file. */
export function createDownloads(
  context: SessionContext,
  api: FileApi,
  heldOf: (file: SharedFile) => Store<Held>,
): Loading {
  const { over, report, onRefused } = context;
  const slots = createSlots(() => (api.atOnce.down() === 1 ? 1 : REQUESTS_AT_ONCE));
  const under = new Map<string, { readonly file: SharedFile; readonly stop: AbortController }>();
  const there = new Map<string, { readonly file: SharedFile; readonly url: string }>();

  async function run(file: SharedFile, stop: AbortSignal) {
    const store = heldOf(file);
    const show = (download: Held) => {
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
    there.set(contentOf(file), { file, url });
    const nameFor = (name: string) => nameOfMedia(name, media);
    show({ state: 'ready', url, content, kind: shown?.kind ?? 'other', nameFor });
  }

  function release(file: SharedFile) {
    const content = contentOf(file);
    under.get(content)?.stop.abort();
    under.delete(content);
    const url = there.get(content)?.url;
    there.delete(content);
    if (url !== undefined) URL.revokeObjectURL(url);
    heldOf(file).set({ state: 'idle' });
  }

  // Nothing of a room outlives it.
  over.addEventListener('abort', () => {
    for (const { file } of [...under.values(), ...there.values()]) release(file);
  });

  return {
    release,
    load: (file) => {
      const content = contentOf(file);
      if (over.aborted || under.has(content) || there.has(content)) return;
      const stop = new AbortController();
      under.set(content, { file, stop });
      run(file, stop.signal)
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          heldOf(file).set({ state: 'failed', reason: 'altered' });
          report(error);
        })
        .finally(() => {
          if (under.get(content)?.stop === stop) under.delete(content);
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
