/** Firefox before 125 lacks it. */
const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('en', { granularity: 'grapheme' }) : null;

/** Whether a text is exactly one character as people count them, whatever number of code points it takes (UAX #29). */
export function isOneGrapheme(text: string): boolean {
  if (text === '') return false;
  // Without a segmenter the caller's bound on length has to do.
  if (segmenter === null) return true;
  const [first] = segmenter.segment(text);
  return first?.segment === text;
}

/** As many emoji alone are drawn large; more of them are a text. */
const EMOJI_MAX = 3;
/** The longest emoji, a flag made of tags, takes 14 code units. */
const EMOJI_UNITS_MAX = EMOJI_MAX * 15;
/** A flag is a pair, a keycap is built upon a digit; all others begin with a picture that is drawn in colour by itself or when asked. */
const EMOJI =
  /^(?:\p{Regional_Indicator}{2}|[\d#*]\uFE0F?\u20E3|(?!\p{Regional_Indicator})(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}(?=\uFE0F|\p{Emoji_Modifier}))[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\u200D\u{E0020}-\u{E007F}]*)$/u;

/** Whether a text is one to three emoji and nothing else but blanks between them. */
export function isFewEmoji(text: string): boolean {
  if (text.length > EMOJI_UNITS_MAX || segmenter === null) return false;
  const graphemes = Array.from(segmenter.segment(text.replace(/\s/gu, '')), ({ segment }) => segment);
  return graphemes.length >= 1 && graphemes.length <= EMOJI_MAX && graphemes.every((one) => EMOJI.test(one));
}

/** The first character as people count them; where the browser cannot tell, the first code point. */
export function firstGrapheme(text: string): string {
  if (segmenter === null) return Array.from(text)[0] ?? '';
  const [first] = segmenter.segment(text);
  return first?.segment ?? '';
}
