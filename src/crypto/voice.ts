import type { Room } from '@/domain/room';
import type { Sealed } from '@/domain/sealed';
import { plainSchema, type Plain, type Speech } from '@/domain/speech';
import { createDeferred, type Deferred } from '@/lib/deferred';
import { seal, unseal, type RoomKeys, type SealedPlace } from './sealing';

/** The only way from the text that people type to the text that is sent, and back. */
export interface Voice<Said extends Speech = Speech> {
  /** Turns a text into what is sent, for its place. */
  readonly say: (place: SealedPlace, text: string) => Promise<Said>;
  /** Turns a received text back into the one that was typed; null when it cannot be opened. */
  readonly hear: (place: SealedPlace, said: string) => Promise<string | null>;
  /** Words to compare aloud, each an emoji, a space and its English name; null where nothing is sealed. */
  readonly safetyPhrase: Deferred<readonly string[]> | null;
}

export function sealedVoice(keys: RoomKeys): Voice<Sealed> {
  return {
    say: (place, text) => seal(keys, place, text),
    hear: (place, said) => unseal(keys, place, said),
    // Nobody compares words before they have come in, so the list of them is not part of the page.
    safetyPhrase: createDeferred(async () => (await import('./phrase-words')).phraseOf(keys.phraseBytes)),
  };
}

/** For plain rooms, which only the API makes. Throws for a sealed room: there is no fallback to plain text. */
export function plainVoice(room: Pick<Room, 'sealed'>): Voice<Plain> {
  if (room.sealed) throw new TypeError('a sealed room takes sealed strings only');
  return {
    say: (_place, text) => Promise.resolve(plainSchema.parse(text)),
    hear: (_place, said) => Promise.resolve(said),
    safetyPhrase: null,
  };
}
