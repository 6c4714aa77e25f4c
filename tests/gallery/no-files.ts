import { createDeferred } from '@/lib/deferred';
import { createStore } from '@/lib/store';
import type { Files } from '@/session/files/files';

const nothing = () => undefined;

/** The files of a session that stands still: none are on their way, and none is loaded. */
export const noFiles: Files = {
  part: createDeferred(() => new Promise<never>(nothing)),
  limits: createStore({ maxBytes: 10_485_760, roomBytes: 41_943_040 }),
  uploads: createStore([]),
  downloadOf: () => createStore({ state: 'idle' }),
  choose: () => new Promise<never>(nothing),
  send: () => Promise.resolve(true),
  provide: () => Promise.resolve(true),
  pause: nothing,
  resume: nothing,
  cancel: () => Promise.resolve(),
  load: nothing,
  release: nothing,
};
