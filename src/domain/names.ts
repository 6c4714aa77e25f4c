import type { RoomId } from './room';

/** What names are made of, in the reader's language. */
export interface NameWords {
  /** Friendly and short: with an animal they make a name that nobody minds. */
  readonly adjectives: readonly string[];
  readonly animals: readonly string[];
}

/**
 * A name to offer at the door, two words such as "Quiet Otter". `random` gives numbers from 0 up to but
 * not including 1, as `Math.random` does; a name is a label, not a secret.
 */
export function suggestName({ adjectives, animals }: NameWords, random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? '';
  return `${pick(adjectives)} ${pick(animals)}`;
}

/** What the names of rooms are made of. */
export interface RoomNameWords {
  readonly adjectives: readonly string[];
  readonly places: readonly string[];
}

/** The two words of a room's name. */
export interface RoomName {
  readonly adjective: string;
  readonly place: string;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const MIXER = 0x85ebca6b;

/** FNV-1a in 32 bits, mixed once more as MurmurHash3 does: each word is chosen by other bits of it. */
function hashOf(text: string): number {
  let hash = FNV_OFFSET;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), MIXER);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** A name for a room, made from its id: everybody who speaks the same language sees the same. It identifies nothing; rooms may share one. */
export function roomName(roomId: RoomId, { adjectives, places }: RoomNameWords): RoomName {
  const hash = hashOf(roomId);
  const place = Math.floor(hash / adjectives.length) % places.length;
  return { adjective: adjectives[hash % adjectives.length] ?? '', place: places[place] ?? '' };
}
