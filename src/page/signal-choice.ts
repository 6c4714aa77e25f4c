import { createStore, type Readable } from '@/lib/store';
import { tryToKeep, type TabStorage } from '@/lib/tab-storage';
import { browserStorage } from './browser-storage';

const KEY = 'mayfly:signals';
const OFF = 'off';

/** Whether this browser’s person shows that they write and how far they have read, and sees the same of the others. */
export interface SignalChoice extends Readable<boolean> {
  readonly choose: (isOn: boolean) => void;
  /** Another tab may have changed it. */
  readonly look: () => void;
}

/** Kept for the browser: it is about a person and not about a room, so it outlasts it. Nothing is kept while it is on. */
export function createSignalChoice(storage: TabStorage): SignalChoice {
  const read = () => storage.getItem(KEY) !== OFF;
  const store = createStore(read());
  return {
    get: store.get,
    subscribe: store.subscribe,
    look: () => store.set(read()),
    choose: (isOn) => {
      if (isOn) storage.removeItem(KEY);
      else tryToKeep(storage, KEY, OFF);
      store.set(isOn);
    },
  };
}

let choice: SignalChoice | undefined;

/** That of this browser, which all its tabs follow. To be called in the browser only. */
export function signalChoice(): SignalChoice {
  if (choice !== undefined) return choice;
  const made = createSignalChoice(browserStorage());
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) made.look();
  });
  return (choice = made);
}
