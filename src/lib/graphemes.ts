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
