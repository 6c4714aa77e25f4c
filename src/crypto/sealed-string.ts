import type { MessageId } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { sealedParts, sealedSchema, type Sealed } from '@/domain/sealed';
import { decrypt, encrypt, readBox, TAG_BYTES } from './box';
import { isPaddedSize, pad, unpad } from './padding';
import { nullWhenRefused } from './refusals';
import type { KeyRing, RoomKeys } from './room-keys';

/**
 * Where something sealed belongs, as the server stamped it. It is authenticated and signed with it, so nobody can move it elsewhere.
 * A card names no room: the maker of a room seals theirs before the room has an id, and key and member bind it.
 */
export type SealedPlace =
  | { readonly field: 'content'; readonly roomId: RoomId; readonly memberId: MemberId; readonly messageId: MessageId }
  | { readonly field: 'previous'; readonly roomId: RoomId; readonly memberId: MemberId }
  | { readonly field: 'card'; readonly memberId: MemberId };

/** Opened, and signed by the member whose key was given. `json` is text that its reader still has to parse. */
export interface Opened {
  readonly kind: 'opened';
  readonly epoch: number;
  readonly json: string;
}

/**
 * Why there is nothing to show: it was made with a key of an epoch that the ring does not have; it opens and its signature is not
 * the author's; it does not open here with the epoch's key; or it breaks the format.
 */
export type NotOpened =
  | { readonly kind: 'unknown-epoch'; readonly epoch: number }
  | { readonly kind: 'unverified' }
  | { readonly kind: 'unopened' }
  | { readonly kind: 'malformed' };

/** Opened, and signed by nobody knows who. */
export interface Unsealed {
  readonly kind: 'unsealed';
  readonly epoch: number;
  /** As found: what was signed is compared before it is read. */
  readonly content: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly signed: Uint8Array<ArrayBuffer>;
}

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' };
/** IEEE P1363: two numbers of 32 bytes. */
const SIGNATURE_BYTES = 64;
/** A card is padded to one size, so that its length says nothing of the name, and no other size is one. */
const CARD_BYTES = 1_024;

const encoder = new TextEncoder();
/** Fatal: bytes that are not UTF-8 are not a text. A byte order mark at the start belongs to the text. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Signs a value as its author and seals it for one place, with a fresh initialization vector. Throws a RangeError when its JSON takes
 * more than 32,703 bytes (a card's: 959).
 */
export async function sealSigned(
  keys: RoomKeys,
  place: SealedPlace,
  signKey: CryptoKey,
  value: object,
): Promise<Sealed> {
  const additionalData = additionalDataOf(keys, place);
  const content = encoder.encode(JSON.stringify(value));
  const signature = await crypto.subtle.sign(ECDSA, signKey, signedBytes(additionalData, content));
  const isCard = place.field === 'card';
  const padded = pad([new Uint8Array(signature), content], isCard ? CARD_BYTES : undefined);
  if (isCard && padded.length > CARD_BYTES) throw new RangeError('longer than a card may be');
  return sealedSchema.parse(`v2.${keys.epoch}.${await encrypt(keys.messageKey, additionalData, padded)}`);
}

/**
 * Opens what was sealed for exactly this place, and checks that the author signed it. Calls do not depend on each other: with a
 * page of messages under way at once each takes a third of the time that it takes alone.
 */
export async function openSigned(
  ring: KeyRing,
  place: SealedPlace,
  sealed: string,
  signKey: CryptoKey,
): Promise<Opened | NotOpened> {
  const unsealed = await unseal(ring, place, sealed);
  return unsealed.kind === 'unsealed' ? verify(unsealed, signKey) : unsealed;
}

/** The first half of `openSigned`, for what names its own author or whose author is not known yet. */
export async function unseal(ring: KeyRing, place: SealedPlace, sealed: string): Promise<Unsealed | NotOpened> {
  const parts = sealedParts(sealed);
  const box = parts && readBox(parts.box);
  if (!box || !isSize(place, box.ciphertext.length - TAG_BYTES)) return { kind: 'malformed' };
  const { epoch } = parts;
  const keys = ring(epoch);
  if (!keys) return { kind: 'unknown-epoch', epoch };
  const additionalData = additionalDataOf(keys, place);
  const padded = await decrypt(keys.messageKey, additionalData, box);
  if (!padded) return { kind: 'unopened' };
  const signature = padded.subarray(0, SIGNATURE_BYTES);
  // The mark has to come after the signature, whose bytes may look like one.
  const end = unpad(padded)?.length ?? 0;
  if (end < SIGNATURE_BYTES) return { kind: 'malformed' };
  const content = padded.subarray(SIGNATURE_BYTES, end);
  return { kind: 'unsealed', epoch, content, signature, signed: signedBytes(additionalData, content) };
}

/** The second half of `openSigned`. */
export async function verify(
  { epoch, content, signature, signed }: Unsealed,
  signKey: CryptoKey,
): Promise<Opened | NotOpened> {
  const isSigned = await nullWhenRefused(crypto.subtle.verify(ECDSA, signKey, signature, signed));
  if (isSigned !== true) return { kind: 'unverified' };
  const json = textOf(content);
  return json === null ? { kind: 'malformed' } : { kind: 'opened', epoch, json };
}

/** Null for bytes that are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const isSize = ({ field }: SealedPlace, bytes: number): boolean =>
  field === 'card' ? bytes === CARD_BYTES : isPaddedSize(bytes);

function additionalDataOf({ epoch, keyCheck }: RoomKeys, place: SealedPlace): string {
  const roomId = place.field === 'card' ? '-' : place.roomId;
  const messageId = place.field === 'content' ? place.messageId : '-';
  return ['v2', roomId, `${epoch}.${keyCheck}`, place.memberId, messageId, place.field].join('\n');
}

function signedBytes(additionalData: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${additionalData}\n`);
  const signed = new Uint8Array(head.length + content.length);
  signed.set(head);
  signed.set(content, head.length);
  return signed;
}
