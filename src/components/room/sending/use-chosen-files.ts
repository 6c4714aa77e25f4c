import { useRef, useState } from 'react';
import type { Chosen } from '@/session/files/upload';
import type { Files } from '@/session/files/files';

/** A file in the sheet; `chosen` is null until it has been looked at. */
export interface ChosenFile {
  readonly id: number;
  readonly chosen: Chosen | null;
}

export interface ChosenFiles {
  readonly items: readonly ChosenFile[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: number) => void;
  readonly clear: () => void;
  /**
   * Sends them in order, the words with the first; `onSaid` is called once those are on their way. Returns whether all are that can be sent.
   */
  readonly send: (words: string | undefined, onSaid: () => void) => Promise<boolean>;
}

/** The files that are about to be sent. */
export function useChosenFiles({ choose, send }: Pick<Files, 'choose' | 'send'>): ChosenFiles {
  const [items, setItems] = useState<readonly ChosenFile[]>([]);
  const lastId = useRef(0);
  const put = (id: number, chosen: Chosen) =>
    setItems((now) => now.map((item) => (item.id === id ? { id, chosen } : item)));
  const remove = (id: number) => setItems((now) => now.filter((item) => item.id !== id));

  /** One after the other: many large pictures at once are more than a phone holds. */
  async function look(added: readonly (readonly [number, File])[]) {
    for (const [id, file] of added) put(id, await choose(file, file.name));
  }

  async function sendAll(words: string | undefined, onSaid: () => void): Promise<boolean> {
    let isSaid = false;
    let isComplete = true;
    for (const { id, chosen } of items) {
      if (chosen === null || chosen.fault !== null) continue;
      try {
        if (!(await send([chosen], isSaid ? undefined : words))) return false;
        if (!isSaid) onSaid();
        isSaid = true;
        remove(id);
      } catch {
        // It was moved or deleted after it was looked at.
        put(id, { ...chosen, fault: 'unreadable' });
        isComplete = false;
      }
    }
    return isComplete;
  }

  return {
    items,
    remove,
    clear: () => setItems([]),
    send: sendAll,
    add: (files) => {
      const added = files.map((file) => [(lastId.current += 1), file] as const);
      setItems((now) => [...now, ...added.map(([id]) => ({ id, chosen: null }))]);
      void look(added);
    },
  };
}
