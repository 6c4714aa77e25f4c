const SCHEMES = ['https://', 'http://'];
const LETTER = /\w/;
/** An address ends before a blank, a bracket that quotes it, or a character that turns text around, which would make it read as another one. */
const OUTSIDE = /[\s<>"\u201c\u201d\u00ab\u00bb\p{Bidi_C}]/u;
/** These end a sentence, or what is set in bold, more often than an address. */
const TRAILING = ".,;:!?'\u2019\u2026*~";
const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

interface FoundLink {
  /** Just after its last character. */
  readonly end: number;
  /** False for what only begins like an address. */
  readonly isLink: boolean;
}

/**
 * The address that begins at `from`; null where none does. Nothing but an http address is ever a link. Each character is looked at
 * a few times at most, however many brackets and dots there are.
 */
export function linkAt(text: string, from: number): FoundLink | null {
  if (from > 0 && LETTER.test(text.charAt(from - 1))) return null;
  const scheme = SCHEMES.find((one) => text.slice(from, from + one.length).toLowerCase() === one);
  if (scheme === undefined) return null;
  /** How much more often each bracket is closed than opened. */
  const excess: Record<string, number> = { ')': 0, ']': 0 };
  let end = from + scheme.length;
  for (; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (OUTSIDE.test(character)) break;
    const closing = OPENING[character];
    if (closing !== undefined) excess[closing] = (excess[closing] ?? 0) - 1;
    else if (character in excess) excess[character] = (excess[character] ?? 0) + 1;
  }
  // It keeps closing brackets that it opened.
  for (; end > from; end -= 1) {
    const last = text.charAt(end - 1);
    if (TRAILING.includes(last)) continue;
    const closed = excess[last] ?? 0;
    if (closed <= 0) break;
    excess[last] = closed - 1;
  }
  return { end, isLink: URL.canParse(text.slice(from, end)) };
}
