import { expect } from '@playwright/test';

/** Something that nobody may find: its name for the report, and the text or bytes themselves. */
export type Secrets = Readonly<Record<string, string | Uint8Array>>;

/** Fewer bytes would be found anywhere by chance. */
const TRACE_BYTES_MIN = 5;

/** Expects to find none of the secrets in the recordings, in whatever encoding. */
export function expectNoTrace(recordings: Readonly<Record<string, Buffer>>, secrets: Secrets): void {
  expect(countTraces(recordings, secrets)).toEqual({});
}

/**
 * How often the secrets stand in the recordings: as they are, as base64 or base64url at any offset, as hex, percent or JSON
 * escapes, or as UTF-16. A secret that is not found is not listed.
 */
export function countTraces(
  recordings: Readonly<Record<string, Buffer>>,
  secrets: Secrets,
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, secret] of Object.entries(secrets)) {
    for (const [encoding, trace] of encodingsOf(Buffer.from(secret))) {
      if (trace.length < TRACE_BYTES_MIN) throw new RangeError(`"${name}" is too short to be looked for.`);
      for (const [place, recording] of Object.entries(recordings)) {
        const count = occurrences(recording, trace);
        if (count > 0) found[`${name} as ${encoding} in ${place}`] = count;
      }
    }
  }
  return found;
}

function occurrences(recording: Buffer, trace: Buffer): number {
  let count = 0;
  for (let at = recording.indexOf(trace); at >= 0; at = recording.indexOf(trace, at + trace.length)) count += 1;
  return count;
}

/** The ways to encode some bytes. */
export function encodingsOf(secret: Buffer): [encoding: string, trace: Buffer][] {
  const text = secret.toString();
  const isText = Buffer.from(text).equals(secret);
  const hex = secret.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const encodings: [string, string | Buffer][] = [
    ['plain', secret],
    ['lower-case hex', hex],
    ['upper-case hex', hex.toUpperCase()],
    ['percent escapes', pairs.map((pair) => `%${pair}`).join('')],
    ['upper-case percent escapes', pairs.map((pair) => `%${pair.toUpperCase()}`).join('')],
    ...[0, 1, 2].flatMap((offset): [string, string][] => {
      const base64 = base64At(secret, offset);
      const base64url = base64.replaceAll('+', '-').replaceAll('/', '_');
      return [
        [`base64 at ${offset}`, base64],
        [`base64url at ${offset}`, base64url],
        [`escaped base64 at ${offset}`, encodeURIComponent(base64)],
      ];
    }),
  ];
  if (isText) {
    const utf16 = Buffer.from(text, 'utf16le');
    const escapes = Array.from({ length: text.length }, (_, index) =>
      text.charCodeAt(index).toString(16).padStart(4, '0'),
    );
    encodings.push(
      ['URI component', encodeURIComponent(text)],
      ['JSON', JSON.stringify(text).slice(1, -1)],
      ['JSON escapes', escapes.map((escape) => `\\u${escape}`).join('')],
      [
        'JSON escapes of what is not ASCII',
        text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
      ],
      ['UTF-16', utf16],
      ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    );
  }
  return encodings.map(([encoding, trace]) => [encoding, Buffer.from(trace)]);
}

/** The characters of base64 that stand for these bytes alone when `offset` others come before them. */
function base64At(bytes: Buffer, offset: number): string {
  const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return base64.slice(Math.ceil((offset * 8) / 6), whole);
}
