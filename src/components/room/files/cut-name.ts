/** More of a name than this fills its card. */
const SHOWN_CHARACTERS = 48;
/** The end of a name shows the kind of file. */
const END_CHARACTERS = 14;

/** A long name without its middle. What it is cut from has to be safe to show. */
export function cutName(name: string): string {
  const characters = Array.from(name);
  if (characters.length <= SHOWN_CHARACTERS) return name;
  const start = characters.slice(0, SHOWN_CHARACTERS - END_CHARACTERS - 1);
  // A mark that was cut off from its letter would join the dots.
  const end = characters
    .slice(-END_CHARACTERS)
    .join('')
    .replace(/^\p{M}+/u, '');
  return `${start.join('').trimEnd()}…${end.trimStart()}`;
}
