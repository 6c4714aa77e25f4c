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
