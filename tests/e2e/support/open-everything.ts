import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto';
import * as z from 'zod/mini';
import { deriveEpoch, toBytes, toText } from '../../support/sealing-reference.mjs';

/** What somebody holds who tries to open a recording: values of 32 bytes, as base64url. */
export interface Holdings {
  readonly secret: string;
  /** Private keys for agreeing on keys with whoever is found. */
  readonly agree: readonly string[];
  /** Anything else that may be a key, or lead to one. */
  readonly others?: readonly string[];
}

export interface Loot {
  /** By sealed string: its content. */
  readonly opened: ReadonlyMap<string, Content>;
  /** Every secret of the room that was held or found. */
  readonly secrets: ReadonlySet<string>;
}

const SEALED = /v2\.\d+\.[\w-]{16}\.[\w-]{192,}/g;
const WRAP = /(?<![\w.-])[\w-]{16}\.[\w-]{64}(?![\w-])/g;

const TAG_BYTES = 16;
const SIGNATURE_BYTES = 64;
/** The block that GCM encrypts its first bytes with, behind the initialization vector. */
const FIRST_BLOCK = Buffer.from([0, 0, 0, 2]);
const INFOS = ['message', 'check', 'phrase', 'join', 'wrap', 'whisper'];

/** Members of contents that lead further: `secret` of an epoch's `previous`, `agree` of a card. */
const contentSchema = z.looseObject({ secret: z.optional(z.string()), agree: z.optional(z.string()) });
export type Content = z.infer<typeof contentSchema>;

/**
 * Opens what can be opened in a recording, and goes on with what is found in it. It respects no rule: whatever is at hand is tried
 * as a key, as it is and by every derivation, on everything that is sealed or wrapped, and neither places nor tags nor signatures
 * are checked. So what it does not open needs a key that is not there.
 */
export function openEverything(recording: Buffer, { secret, agree, others = [] }: Holdings): Loot {
  const text = recording.toString('latin1');
  const sealed = new Set(text.match(SEALED));
  const wraps = new Set(text.match(WRAP));
  const opened = new Map<string, Content>();
  const secrets = new Set([secret]);
  const tried = new Set([secret, ...agree, ...others]);
  // A set that grows while it is gone through is gone through to its end.
  for (const value of tried) {
    const keys = keysFrom(toBytes(value));
    for (const key of keys) {
      for (const one of sealed) {
        const content = contentOf(decrypt(key, one));
        if (content) opened.set(one, content);
      }
      for (const wrap of wraps) {
        const unwrapped = toText(decrypt(key, wrap));
        // Any key gives 32 bytes. The server has the check of every secret.
        if (text.includes(deriveEpoch(unwrapped, 0).keyCheck)) secrets.add(unwrapped);
      }
    }
    for (const content of opened.values()) {
      if (content.secret !== undefined) secrets.add(content.secret);
      for (const privateKey of agree) if (content.agree !== undefined) tried.add(agreeOn(privateKey, content.agree));
    }
    for (const found of secrets) tried.add(found);
  }
  return { opened, secrets };
}

const keysFrom = (value: Buffer): Buffer[] => [
  value,
  ...INFOS.map((info) => Buffer.from(hkdfSync('sha256', value, '', `mayfly/v2/${info}`, value.length))),
];

/** AES-GCM without its tag, and so without additional data. */
function decrypt(key: Buffer, box: string): Buffer {
  const [iv = '', ciphertext = ''] = box.split('.').slice(-2);
  const decipher = createDecipheriv('aes-256-ctr', key, Buffer.concat([toBytes(iv), FIRST_BLOCK]));
  return decipher.update(toBytes(ciphertext).subarray(0, -TAG_BYTES));
}

/** Null for bytes that a wrong key gave. */
function contentOf(padded: Buffer): Content | null {
  const end = padded.lastIndexOf(0x80);
  try {
    return contentSchema.parse(JSON.parse(padded.subarray(SIGNATURE_BYTES, end).toString()));
  } catch {
    return null;
  }
}

function agreeOn(privateKey: string, publicKey: string): string {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(toBytes(privateKey));
  return toText(ecdh.computeSecret(toBytes(publicKey)));
}
