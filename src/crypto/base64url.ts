/** Bytes as base64url without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Returns the bytes of a base64url text. Throws when the text is malformed, and when its last character has bits that belong
 * to no byte: one string of bytes has one spelling.
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  // `Uint8Array.from` takes three times as long, and a history has thousands of these texts.
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  if (toBase64url(bytes) !== text) throw new TypeError('not canonical base64url');
  return bytes;
}
