/** A text as it is compared, and where each of its characters comes from. */
export interface Folded {
  readonly text: string;
  /** For each unit of `text`, and for its end, the place in the original. */
  readonly from: readonly number[];
}

/** A part of a text, from one place up to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Accents and vowel points, which many people leave out when they search, and characters that show nothing. The vowel signs of other
 * scripts are letters to their readers.
 */
const LEFT_OUT = /(?=\p{Mn})[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}]|\p{DI}/gu;

/** As many different characters are remembered: more than a talk has, fewer than somebody who makes them all up. */
const KNOWN_MAX = 4_096;
/** A whole talk is folded at the first letter of a search, and most of its characters are the same few. */
const known = new Map<string, string>();

/** Upper case first makes ß and ss, ς and σ the same. */
function foldCharacter(character: string): string {
  const before = known.get(character);
  if (before !== undefined) return before;
  const folded = character.toUpperCase().toLowerCase().normalize('NFKD').replace(LEFT_OUT, '');
  if (known.size === KNOWN_MAX) known.clear();
  known.set(character, folded);
  return folded;
}

/** Returns a text without case, accents and compatibility forms. */
export function fold(original: string): Folded {
  let text = '';
  const from: number[] = [];
  let at = 0;
  for (const character of original) {
    const folded = foldCharacter(character);
    text += folded;
    for (let unit = 0; unit < folded.length; unit += 1) from.push(at);
    at += character.length;
  }
  from.push(original.length);
  return { text, from };
}

/** The words of a query, folded. */
export const wordsOf = (query: string): readonly string[] =>
  fold(query)
    .text.split(/\s+/u)
    .filter((word) => word !== '');

/** Where the words stand in a text, in order and without overlaps; null unless all of them do. */
export function findWords({ text, from }: Folded, words: readonly string[]): readonly Span[] | null {
  const spans: Span[] = [];
  for (const word of words) {
    let at = text.indexOf(word);
    if (at < 0) return null;
    for (; at >= 0; at = text.indexOf(word, at + word.length))
      spans.push({ from: from[at] ?? 0, to: endOf(from, at + word.length) });
  }
  spans.sort((one, other) => one.from - other.from);
  const apart: Span[] = [];
  for (const { from: begin, to } of spans) {
    const last = apart.at(-1);
    if (last === undefined || begin > last.to) apart.push({ from: begin, to });
    else apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, to) };
  }
  return apart;
}

/** The accents of the last character belong to it, and so does the rest of one that is folded into several. */
function endOf(from: readonly number[], unit: number): number {
  const last = from[unit - 1];
  let next = unit;
  while (next < from.length - 1 && from[next] === last) next += 1;
  return from[next] ?? 0;
}
