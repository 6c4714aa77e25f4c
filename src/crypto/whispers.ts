import type { MemberId, RoomId } from '@/domain/room';
import { agreeOnKey } from './agreement';
import { fromBase64url, toBase64url } from './base64url';
import { decrypt, encrypt, random, readBox, TAG_BYTES } from './box';
import { rawKeySchema } from './card';
import { exportRaw, importAgreeKey, makeAgreePair } from './identity';
import { pad, unpad } from './padding';
import { textOf } from './sealed-string';

/** The two members that a whisper is between. It is authenticated with the place, so nobody can turn one round or say it in another room. */
export interface WhisperPlace {
  readonly roomId: RoomId;
  readonly from: MemberId;
  readonly to: MemberId;
}

/** The two halves of a key for whispers: one's own private one, and the other's public one. */
export interface Halves {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/**
 * The keys that two pages of a plain room gave each other, as they were spelled: that of the page which asked, and the other’s.
 * Whispers are bound to both.
 */
export interface Exchange {
  readonly asked: string;
  readonly answered: string;
}

/** All whispers have one size, so that it says nothing of what is whispered. */
const WHISPER_BYTES = 512;
const ID_BYTES = 16;

const encoder = new TextEncoder();

/** 22 characters, fresh for each whisper: one that was heard before is dropped. */
export const makeWhisperId = (): string => toBase64url(random(ID_BYTES));

/** A key pair for one exchange. Its private half cannot be exported, and whoever made it forgets it afterwards. */
export async function makeExchangeKey(): Promise<{ readonly privateKey: CryptoKey; readonly spelled: string }> {
  const { privateKey, publicKey } = await makeAgreePair();
  return { privateKey, spelled: toBase64url(await exportRaw(publicKey)) };
}

/** Null for what is no point of the curve, or not spelled as a key is. */
export const readExchangeKey = async (spelled: string): Promise<CryptoKey | null> =>
  rawKeySchema.safeParse(spelled).success ? importAgreeKey(fromBase64url(spelled)) : null;

/**
 * Seals a whisper between two members by the keys that they are, or, where an exchange is given, by keys that were made for it. Throws
 * a RangeError when its JSON takes more than 511 bytes.
 */
export async function sealWhisper(
  place: WhisperPlace,
  { privateKey, publicKey }: Halves,
  said: object,
  exchange?: Exchange,
): Promise<string> {
  const padded = pad([encoder.encode(JSON.stringify(said))], WHISPER_BYTES);
  if (padded.length > WHISPER_BYTES) throw new RangeError('longer than a whisper may be');
  return encrypt(await keyOf(privateKey, publicKey, exchange), additionalDataOf(place, exchange), padded);
}

/** The JSON of a whisper, which its reader still has to parse; null for one that is not for this place and these keys. */
export async function openWhisper(
  place: WhisperPlace,
  { privateKey, publicKey }: Halves,
  sealed: string,
  exchange?: Exchange,
): Promise<string | null> {
  const box = readBox(sealed);
  if (box?.ciphertext.length !== WHISPER_BYTES + TAG_BYTES) return null;
  const padded = await decrypt(await keyOf(privateKey, publicKey, exchange), additionalDataOf(place, exchange), box);
  const said = padded && unpad(padded);
  return said && textOf(said);
}

const keyOf = (privateKey: CryptoKey, publicKey: CryptoKey, exchange: Exchange | undefined): Promise<CryptoKey> =>
  agreeOnKey(privateKey, publicKey, exchange === undefined ? 'whisper' : 'plain-whisper');

const additionalDataOf = ({ roomId, from, to }: WhisperPlace, exchange: Exchange | undefined): string =>
  (exchange === undefined
    ? ['v2', 'whisper', roomId, from, to]
    : ['v2', 'plain-whisper', roomId, from, to, exchange.asked, exchange.answered]
  ).join('\n');
