import { codePointLength, isWellFormed } from '@/lib/code-points';
import { SENDER_CHARACTERS_MAX } from './limits';

export type TextFault = 'not-well-formed' | 'blank' | 'too-long' | 'forbidden';

/**
 * Characters that leave no mark on a screen: spaces, those that Unicode calls ignorable (zero-width characters, joiners,
 * bidi controls, Hangul fillers), and a few others: the blank Braille pattern, annotation marks, the object placeholder, a
 * note without a head. Combining marks, controls, private and unassigned characters do leave one, if only a box.
 */
const UNSEEN = /[\p{White_Space}\p{DI}\u2800\ufff9-\ufffc\u{1d159}]+/gu;

/** Letters and their marks in scripts where a joiner decides how neighbours are written. */
const JOINED_LETTER =
  '(?=[\\p{L}\\p{M}])[' +
  'Arab Syrc Mong Nkoo Mand Mani Phag Adlm Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr Bali Java Sund Lana Newa Tirh Cakm Gran Kthi Mtei Saur'.replace(
    /\w+ ?/g,
    (script) => `\\p{scx=${script.trim()}}`,
  ) +
  ']';
const EMOJI = '\\p{ExtPict}[\\p{EMod}\\ufe0f]*';

/**
 * Where format characters belong to the writing: between the parts of one emoji, in the flags of regions, and one joiner (or the
 * Mongolian vowel separator) after a letter of a joined script. It may end the word, as in Kurdish and Malayalam.
 */
const JOINED = new RegExp(
  `${EMOJI}(?:\\u200d${EMOJI})+|\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}|${JOINED_LETTER}[\\u200c\\u200d\\u180e]`,
  'gu',
);
/** Controls, line and paragraph separators, and format characters, of which bidi controls are some. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u;

/** Whether a text shows nothing on a screen. */
export const isBlank = (text: string): boolean => text.replace(UNSEEN, '') === '';

/** Why a text may not be sent, or null. The browser checks too, before it sends and after it unseals. */
export function textFault(text: string, charactersMax: number): TextFault | null {
  if (!isWellFormed(text)) return 'not-well-formed';
  if (isBlank(text)) return 'blank';
  return codePointLength(text) > charactersMax ? 'too-long' : null;
}

/**
 * Why a name is not allowed, or null. A name appears in sentences and beside other names: a line break, a character that
 * turns its neighbours around or an invisible one would make it pass for something else.
 */
export function nameFault(name: string, charactersMax: number = SENDER_CHARACTERS_MAX): TextFault | null {
  return textFault(name, charactersMax) ?? (FORBIDDEN.test(name.replace(JOINED, 'x')) ? 'forbidden' : null);
}

/** Returns a name made safe to show, wherever it came from: one line that turns nothing around it, without wide gaps. */
export function shownName(name: string): string {
  return name
    .replace(/\p{Bidi_C}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]|[\p{White_Space}\u115f\u1160\u2800\u3164\uffa0]{2,}/gu, ' ')
    .trim();
}

/** Looks like the mark beside a name: a raised dot of any kind and a number. */
const TYPED_MARK = /(?:\s*[\u00b7\u1427\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f]\s*\p{N}+)+$/u;

/** Whether a name ends in something that looks like the mark by which the page tells the same names apart. */
export const endsInMark = (name: string): boolean => TYPED_MARK.test(fold(name));

/**
 * Returns the same text for two names that people take for the same: it ignores compatibility forms, case, invisible
 * characters, blanks and typed marks. Letters of different scripts that look alike stay different.
 */
export const namesake = (name: string): string => fold(name).replace(TYPED_MARK, '').trim();

function fold(name: string): string {
  // Decomposed throughout, so removing a character never separates a letter from its mark. Upper case first makes ß and
  // ss, ς and σ the same.
  const bare = (text: string) => text.normalize('NFKD').replace(/\p{DI}/gu, '');
  return bare(bare(name).toUpperCase().toLowerCase())
    .replace(/[\s\u2800]+/g, ' ')
    .trim();
}
