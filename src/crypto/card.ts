import type { MemberId } from '@/domain/room';
import type { Sealed } from '@/domain/sealed';
import { nameFault } from '@/domain/text-rules';
import * as z from 'zod/mini';
import { fromBase64url, toBase64url } from './base64url';
import { exportRaw, importPublicKeys, memberIdOf, type Identity, type PublicKeys, type RawKeys } from './identity';
import type { KeyRing, RoomKeys } from './room-keys';
import { sealSigned, textOf, unseal, verify, type NotOpened } from './sealed-string';

/** A member as others know them: a name of their own choice, and the keys that their id is made from. */
export interface Card {
  readonly memberId: MemberId;
  /** The epoch under which it was sealed. */
  readonly epoch: number;
  /**
   * Null for a name that breaks the rules. The keys count all the same: engines of different age disagree on new emoji, and that is
   * no reason to refuse a member's words.
   */
  readonly name: string | null;
  /** Kept by whoever keeps the card, in the roster, for all messages of the member. */
  readonly keys: PublicKeys;
}

/** Why there is no card to show: `another-member` means that its keys give another id than that of its seat. */
export type NoCard = NotOpened | { readonly kind: 'another-member' };

/** An uncompressed point: 65 bytes leave four bits for the last of 87 characters. */
export const rawKeySchema = z.string().check(z.regex(/^B[\w-]{85}[AEIMQUYcgkosw048]$/));
/** Members that a reader does not know are ignored. */
const cardSchema = z.object({ name: z.string(), sign: rawKeySchema, agree: rawKeySchema });

/** A member's card under the keys of one epoch. Throws a TypeError for a name that breaks the rules. */
export async function sealCard(keys: RoomKeys, identity: Identity, name: string): Promise<Sealed> {
  const fault = nameFault(name);
  if (fault !== null) throw new TypeError(`not a name: ${fault}`);
  const [sign, agree] = await Promise.all([exportRaw(identity.sign.publicKey), exportRaw(identity.agree.publicKey)]);
  const place = { field: 'card', memberId: identity.memberId } as const;
  const card = { name, sign: toBase64url(sign), agree: toBase64url(agree) };
  return sealSigned(keys, place, identity.sign.privateKey, card);
}

/** Opens the card at a member's seat. It is signed with the key that it brings, and that key makes the member's id. */
export async function openCard(
  ring: KeyRing,
  memberId: MemberId,
  sealed: string,
): Promise<{ readonly kind: 'opened'; readonly card: Card } | NoCard> {
  const unsealed = await unseal(ring, { field: 'card', memberId }, sealed);
  if (unsealed.kind !== 'unsealed') return unsealed;
  const said = readCard(textOf(unsealed.content));
  if (!said) return { kind: 'malformed' };
  if ((await memberIdOf(said.raw)) !== memberId) return { kind: 'another-member' };
  const keys = await importPublicKeys(said.raw);
  if (!keys) return { kind: 'malformed' };
  const verified = await verify(unsealed, keys.sign);
  if (verified.kind !== 'opened') return verified;
  const name = nameFault(said.name) === null ? said.name : null;
  return { kind: 'opened', card: { memberId, epoch: unsealed.epoch, name, keys } };
}

function readCard(json: string | null): { name: string; raw: RawKeys } | null {
  try {
    const { name, sign, agree } = cardSchema.parse(JSON.parse(json ?? ''));
    return { name, raw: { sign: fromBase64url(sign), agree: fromBase64url(agree) } };
  } catch {
    return null;
  }
}
