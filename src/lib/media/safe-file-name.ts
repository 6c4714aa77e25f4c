/** Of 255 bytes, which file systems take, some are left to a browser that numbers copies. */
const NAME_BYTES_MAX = 200;
/** Longer than any extension that a program is chosen by. */
const EXTENSION_UNITS_MAX = 16;
/** Windows has devices by these names, whatever follows the dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?=\.|$)/i;

const encoder = new TextEncoder();

/**
 * A name that is safe to show and to save under, whoever chose it: no path, nothing that turns or hides what stands around it, nothing
 * that a file system refuses, and not too long. The extension is the last thing to be cut.
 */
export function safeFileName(name: string, fallback = 'file'): string {
  const plain = name
    .normalize('NFC')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // Format characters, of which bidi controls are some, and fillers that show nothing.
    .replace(/[\p{Cf}\p{Variation_Selector}\u115f\u1160\u2800\u3164\uffa0]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[/\\:*?"<>|]/g, '_');
  const trimmed = plain.replace(/^[\s.]+|[\s.]+$/g, '');
  const shortened = shorten(trimmed === '' ? fallback : trimmed);
  return RESERVED.test(shortened) ? `_${shortened}` : shortened;
}

/** The part behind the last dot, in lower case; empty where there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot <= 0 ? '' : name.slice(dot + 1);
  return extension.length <= EXTENSION_UNITS_MAX && /^[a-z\d]+$/i.test(extension) ? extension.toLowerCase() : '';
}

function shorten(name: string): string {
  if (encoder.encode(name).length <= NAME_BYTES_MAX) return name;
  const extension = extensionOf(name);
  const tail = extension === '' ? '' : name.slice(-extension.length - 1);
  let bytes = encoder.encode(`…${tail}`).length;
  let head = '';
  for (const character of name.slice(0, name.length - tail.length)) {
    bytes += encoder.encode(character).length;
    if (bytes > NAME_BYTES_MAX) break;
    head += character;
  }
  return `${head.trimEnd()}…${tail}`;
}
