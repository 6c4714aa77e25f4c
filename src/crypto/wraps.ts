import type { MemberId, RoomId } from '@/domain/room';
import { wrapSchema, type Wrap } from '@/domain/sealed';
import { agreeOnKey } from './agreement';
import { fromBase64url } from './base64url';
import { decrypt, encrypt, randomBox, readBox } from './box';
import { secretOf, type RoomSecret } from './fragment';

/** The two members that a wrap is between, and the new epoch. */
export interface WrapPlace {
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly from: MemberId;
  readonly to: MemberId;
}

const SECRET_BYTES = 32;

/** A new secret for one member, who opens it with their own private key and the sender's public one. */
export async function wrapSecret(
  place: WrapPlace,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  secret: RoomSecret,
): Promise<Wrap> {
  const key = await agreeOnKey(privateKey, publicKey, 'wrap');
  return wrapSchema.parse(await encrypt(key, additionalDataOf(place), fromBase64url(secret)));
}

/** Null for a wrap that is not for this place and these keys, such as a dummy. */
export async function unwrapSecret(
  place: WrapPlace,
  privateKey: CryptoKey,
  publicKey: CryptoKey,
  wrap: string,
): Promise<RoomSecret | null> {
  const box = wrapSchema.safeParse(wrap).success ? readBox(wrap) : null;
  if (!box) return null;
  const bytes = await decrypt(await agreeOnKey(privateKey, publicKey, 'wrap'), additionalDataOf(place), box);
  return bytes && secretOf(bytes);
}

/**
 * What a seat gets that the owner does not accept: the server asks for a wrap for every seat, and neither it nor anybody but the one
 * at the seat learns that this one opens for nobody.
 */
export const dummyWrap = (): Wrap => wrapSchema.parse(randomBox(SECRET_BYTES));

const additionalDataOf = ({ roomId, epoch, from, to }: WrapPlace): string =>
  ['v2', 'wrap', roomId, epoch, from, to].join('\n');
