import 'server-only';

/**
 * Redis strings are bytes. In the engine a string of bytes is a JavaScript string whose characters are all
 * below 256, one a byte: it is a map key as it stands, `<` orders it as Redis does, and Lua gets it unharmed.
 */
export type Bytes = string;

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** From so many characters on, V8 makes a part of a text or a sum of texts by pointing at the original texts. */
const POINTING_CHARACTERS = 13;

/**
 * The UTF-8 of a text; lone surrogates become U+FFFD, as they do on any wire. Longer ones are always copied: twenty
 * characters that were cut out of a body of 64 kB would keep all of it in memory for as long as they are stored.
 */
export function textToBytes(text: string): Bytes {
  const flat = text.length < POINTING_CHARACTERS && !BEYOND_ASCII.test(text);
  return flat ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The text that UTF-8 bytes stand for; other bytes become U+FFFD. */
export function bytesToText(bytes: Bytes): string {
  return BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
