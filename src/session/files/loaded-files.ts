import { createStore, type Readable, type Store } from '@/lib/store';
import { deriveStore } from '@/lib/derived-store';
import type { Download, LoadedFile } from './download';
import type { SharedFile } from './shared-file';

/** A file as far as it is there, whatever a card calls it. */
export type Held =
  | Exclude<Download, { state: 'ready' }>
  | ({ readonly state: 'ready'; readonly nameFor: (name: string) => string } & Omit<LoadedFile, 'name'>);

export interface LoadedFiles {
  readonly heldOf: (file: SharedFile) => Store<Held>;
  readonly downloadOf: (file: SharedFile) => Readable<Download>;
}

/**
 * Cards name what they show: an id alone may stand in any card, so a second one with another key or hash is about another file, and says
 * nothing of the first.
 */
export const contentOf = ({ card }: SharedFile): string =>
  'key' in card ? `${card.fileId} ${card.hash} ${card.key}` : card.fileId;

export function createLoadedFiles(): LoadedFiles {
  const held = new Map<string, Store<Held>>();
  const named = new Map<string, Readable<Download>>();

  const heldOf = (file: SharedFile) => made(held, contentOf(file), () => createStore<Held>({ state: 'idle' }));

  return {
    heldOf,
    downloadOf: (file) =>
      made(named, `${contentOf(file)} ${file.name}`, () => {
        const store = heldOf(file);
        return deriveStore([store], () => withName(store.get(), file.name));
      }),
  };
}

function withName(download: Held, name: string): Download {
  if (download.state !== 'ready') return download;
  const { nameFor, ...rest } = download;
  return { ...rest, name: nameFor(name) };
}

function made<T>(all: Map<string, T>, key: string, make: () => T): T {
  const known = all.get(key);
  if (known !== undefined) return known;
  const one = make();
  all.set(key, one);
  return one;
}
