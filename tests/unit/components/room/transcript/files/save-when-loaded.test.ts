import { expect, it, vi } from 'vitest';
import { saveWhenLoaded } from '@/components/room/transcript/files/save-loaded';
import { fileIdSchema } from '@/domain/file';
import { createStore } from '@/lib/store';
import type { Download } from '@/session/files/download';
import type { SharedFile } from '@/session/files/shared-file';

const fileId = fileIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const card = { fileId, name: 'a.txt', type: 'text/plain', bytes: 1, pieces: 1 };
const file: SharedFile = { fileId, name: 'a.txt', type: 'text/plain', size: 1, card };
const ready: Download = { state: 'ready', url: 'blob:x', content: new Blob(), kind: 'other', name: 'safe.txt' };

function setUp(first: Download) {
  const store = createStore<Download>(first);
  const link = { href: '', download: '', click: vi.fn() };
  vi.stubGlobal('document', { createElement: () => link });
  const load = vi.fn();
  saveWhenLoaded({ downloadOf: () => store, load }, file);
  return { store, link, load };
}

it('saves what is there at once, under its safe name', () => {
  const { link, load } = setUp(ready);
  expect(link).toMatchObject({ href: 'blob:x', download: 'safe.txt' });
  expect(link.click).toHaveBeenCalledOnce();
  expect(load).not.toHaveBeenCalled();
});

it('loads first where it has to, also after a failure, and saves once', () => {
  const { store, link, load } = setUp({ state: 'failed', reason: 'unreachable' });
  expect(load).toHaveBeenCalledWith(file);
  store.set({ state: 'loading', loaded: 0, isWaiting: false });
  expect(link.click).not.toHaveBeenCalled();
  store.set(ready);
  store.set({ state: 'idle' });
  store.set(ready);
  expect(link.click).toHaveBeenCalledOnce();
});

it('saves nothing once loading has failed', () => {
  const { store, link } = setUp({ state: 'idle' });
  store.set({ state: 'failed', reason: 'altered' });
  store.set(ready);
  expect(link.click).not.toHaveBeenCalled();
});
