import type { RoomApi } from '@/client/api';
import type { Room } from '@/domain/room';
import { plainSchema } from '@/domain/speech';
import { nameFault } from '@/domain/text-rules';
import { createStore } from '@/lib/store';
import { hearPlain, plainPartsOf } from '@/session/speech';
import type { Posting, Voice } from './voice';

const ALWAYS: Posting = {
  isCurrent: () => true,
  standing: createStore({ state: 'current' }),
  keys: createStore(null),
  isFresh: () => true,
  refresh: () => Promise.resolve(),
  leave: () => Promise.resolve(),
};

/** For plain rooms, which only the API makes. Throws for a sealed room: there is no fallback to plain text. */
export function plainVoice({ roomId, sealed }: Pick<Room, 'roomId' | 'sealed'>, api: Pick<RoomApi, 'rename'>): Voice {
  if (sealed) throw new TypeError('a sealed room takes sealed strings only');
  return {
    canSpeak: true,
    posting: ALWAYS,
    fits: () => true,
    say: (_id, name, content) => {
      const { text, about, file } = plainPartsOf(content);
      return Promise.resolve({
        sender: plainSchema.parse(name),
        text: plainSchema.parse(text),
        ...(about && { about }),
        ...(file && { file }),
      });
    },
    hear: (message) => Promise.resolve(hearPlain(message)),
    // Nothing of a plain room is kept.
    reread: () => Promise.resolve(null),
    nameOf: ({ name }) => Promise.resolve({ name: name !== undefined && nameFault(name) !== null ? null : name }),
    rename: (name) => api.rename(roomId, plainSchema.parse(name)),
    keep: (draft) => Promise.resolve(draft),
    recall: (kept) => Promise.resolve(kept),
  };
}
