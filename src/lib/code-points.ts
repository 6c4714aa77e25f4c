/** Counts Unicode code points, which people and the API call characters (`length` counts UTF-16 units). */
export function codePointLength(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a text has no lone surrogate: one would not survive UTF-8 and would come back as another text. */
export function isWellFormed(text: string): boolean {
  // With the `u` flag a pair matches as one code point, so this only matches a lone surrogate.
  return !/\p{Surrogate}/u.test(text);
}
