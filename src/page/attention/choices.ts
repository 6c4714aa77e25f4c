import * as z from 'zod/mini';
import { createStore, type Readable } from '@/lib/store';
import { readJson, tryToKeep, type TabStorage } from '@/lib/tab-storage';

const KEY = 'mayfly:attention';

const choicesSchema = z.object({
  sound: z.boolean(),
  /** A sound for what speaks to the reader, also where there is none for everything. */
  forYou: z.optional(z.boolean()),
  notify: z.boolean(),
  names: z.boolean(),
});

/** How this browser's person wants to hear of messages while they look elsewhere. */
export type Choices = Readonly<Record<keyof z.infer<typeof choicesSchema>, boolean>>;

const ALL_OFF: Choices = { sound: false, forYou: false, notify: false, names: false };

export interface ChoiceStore extends Readable<Choices> {
  readonly choose: (change: Partial<Choices>) => void;
  /** Another tab may have changed them. */
  readonly look: () => void;
}

/** Kept for the browser: they are about a person’s ears and not about a room, so they outlast it. Nothing is kept while all is off. */
export function createChoices(storage: TabStorage): ChoiceStore {
  const read = (): Choices => {
    const kept = choicesSchema.safeParse(readJson(storage, KEY)).data;
    return kept === undefined ? ALL_OFF : { ...kept, forYou: kept.forYou ?? false };
  };
  const store = createStore(read());
  return {
    get: store.get,
    subscribe: store.subscribe,
    look: () => store.set(read()),
    choose: (change) => {
      const next = { ...store.get(), ...change };
      if (Object.values(next).some((isOn) => isOn)) tryToKeep(storage, KEY, JSON.stringify(next));
      else storage.removeItem(KEY);
      store.set(next);
    },
  };
}
