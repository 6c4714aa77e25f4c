import { openCard, sealCard, type Card } from '@/crypto/card';
import { makeIdentity, type Identity } from '@/crypto/identity';
import type { KeyRing, RoomKeys } from '@/crypto/room-keys';
import { memberIdSchema, type MemberId } from '@/domain/room';
import type { Sealed } from '@/domain/sealed';
import { toText, type Member } from './sealing-reference.mjs';

/** A member with the card that the others know. */
export interface RoomMember {
  readonly memberId: MemberId;
  readonly identity: Identity;
  readonly card: Card;
  readonly sealedCard: Sealed;
}

export const ringOf =
  (...all: readonly RoomKeys[]): KeyRing =>
  (epoch) =>
    all.find((keys) => keys.epoch === epoch);

/** Makes a member, or gives one whose keys are known its card. */
export async function joinAs(keys: RoomKeys, name: string, known?: Identity): Promise<RoomMember> {
  const identity = known ?? (await makeIdentity());
  const sealedCard = await sealCard(keys, identity, name);
  const opened = await openCard(ringOf(keys), identity.memberId, sealedCard);
  if (opened.kind !== 'opened') throw new Error(`the card of ${name} is ${opened.kind}`);
  return { memberId: identity.memberId, identity, card: opened.card, sealedCard };
}

/** A member of the reference, with keys as a page holds them. */
export async function identityOf({ memberId, sign, agree, signPrivate, agreePrivate }: Member): Promise<Identity> {
  return {
    memberId: memberIdSchema.parse(memberId),
    sign: await importPair(sign, signPrivate, 'ECDSA', ['sign'], ['verify']),
    agree: await importPair(agree, agreePrivate, 'ECDH', ['deriveBits'], []),
  };
}

async function importPair(
  point: Uint8Array,
  scalar: Uint8Array,
  name: 'ECDSA' | 'ECDH',
  privateUsages: KeyUsage[],
  publicUsages: KeyUsage[],
): Promise<CryptoKeyPair> {
  const algorithm = { name, namedCurve: 'P-256' };
  const jwk = { kty: 'EC', crv: 'P-256', x: toText(point.subarray(1, 33)), y: toText(point.subarray(33)) };
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, d: toText(scalar) }, algorithm, false, privateUsages),
    publicKey: await crypto.subtle.importKey('jwk', jwk, algorithm, true, publicUsages),
  };
}
