import { firstGrapheme } from './graphemes';

/** Punctuation, signs and blanks in front of a word. */
const NO_LETTER = /^[^\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]+/u;
/** Of other scripts one letter is enough: where letters join, two of them would look like a word. */
const CASED = /^[\p{Lu}\p{Ll}\p{Lt}]/u;

/** A letter as a capital, if that is still one letter: that of ß is two. */
function capital(letter: string, locale: string): string {
  const upper = letter.toLocaleUpperCase(locale);
  return firstGrapheme(upper) === upper ? upper : letter;
}

/**
 * One or two letters that stand for a name: of its first word and, in scripts with capitals, of its last one. A name that begins
 * with an emoji is that emoji; one without letters is its first character.
 */
export function initialsOf(name: string, locale: string): string {
  const words = name
    .normalize('NFC')
    .split(/\s+/u)
    .map((word) => word.replace(NO_LETTER, ''))
    .filter((word) => word !== '');
  const [first = firstGrapheme(name.trim()), ...others] = words.map((word) => capital(firstGrapheme(word), locale));
  const last = others.findLast((letter) => CASED.test(letter));
  return CASED.test(first) && last !== undefined ? first + last : first;
}
