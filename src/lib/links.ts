/** A part of a text: words, or the address of a link among them. */
export interface TextPart {
  readonly text: string;
  readonly isLink: boolean;
}

/**
 * An http address up to a blank, a bracket that quotes it, or a character that turns text around, which would make it read
 * as another address. Nothing else is ever made a link.
 */
const ADDRESS = /\bhttps?:\/\/[^\s<>"\u201c\u201d\u00ab\u00bb\p{Bidi_C}]+/giu;
/** These end a sentence more often than an address. */
const TRAILING = /[.,;:!?'\u2019\u2026]+$/;

/** Returns `address` without the punctuation around it; it keeps closing brackets that it opened. */
function trimmed(address: string): string {
  let end = address.replace(TRAILING, '');
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
  ] as const) {
    while (end.endsWith(close) && end.split(close).length > end.split(open).length)
      end = end.slice(0, -1).replace(TRAILING, '');
  }
  return end;
}

/** Returns the parts of a text in order; joined they are the text. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    if (!URL.canParse(address)) continue;
    if (index > from) parts.push({ text: text.slice(from, index), isLink: false });
    parts.push({ text: address, isLink: true });
    from = index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isLink: false });
  return parts;
}
