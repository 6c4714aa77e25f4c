import { REKEY_MEMBERS_MAX, EPOCH_REMOVED_MAX } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import { sealedPreviousSchema, type ProofHash, type Sealed, type Wrap } from '@/domain/sealed';
import type { Previous, Standing } from './epoch-change';
import { makeSecret } from './fragment';
import { deriveJoinProof, deriveRoomKeys, hashProof, type RoomKeys } from './room-keys';
import { sealSigned } from './sealed-string';
import { dummyWrap, wrapSecret } from './wraps';

/** A seat at which a new epoch is to be known. `agree` is null for one that the page does not accept: it gets a dummy. */
export interface Remaining {
  readonly memberId: MemberId;
  readonly agree: CryptoKey | null;
}

/** A new epoch, made and not yet accepted by the server. A request that is repeated has to be this very one. */
export interface EpochChange {
  readonly keys: RoomKeys;
  readonly request: {
    readonly epoch: number;
    readonly keyCheck: KeyCheck;
    readonly proofHash: ProofHash;
    readonly previous: Sealed;
    readonly wraps: Readonly<Record<string, Wrap>>;
  };
}

/**
 * Draws a new secret, for the maker and `others`: every other seat that remains. `removed` has everybody who was removed since the
 * epoch of `keys`, oldest first, the one to be removed now included. Throws when somebody removed would get the secret.
 */
export async function makeEpoch(
  { roomId, identity, keys: { epoch: before, secret } }: Standing,
  others: readonly Remaining[],
  removed: readonly MemberId[],
): Promise<EpochChange> {
  const { memberId } = identity;
  const remaining = [{ memberId, agree: identity.agree.publicKey }, ...others];
  if (remaining.length > REKEY_MEMBERS_MAX) throw new RangeError('too many members for a new epoch');
  const wrapped = remaining.filter(({ agree }) => agree !== null).map((one) => one.memberId);
  if (wrapped.some((id) => removed.includes(id))) throw new TypeError('a removed member gets no new secret');

  const next = await deriveRoomKeys(makeSecret(), before + 1);
  const wrapFor = async ({ memberId: to, agree }: Remaining) => {
    const place = { roomId, epoch: next.epoch, from: memberId, to };
    return [to, agree ? await wrapSecret(place, identity.agree.privateKey, agree, next.secret) : dummyWrap()] as const;
  };
  const place = { field: 'previous', roomId, memberId } as const;
  const previous: Previous = { secret, members: wrapped, removed: removed.slice(-EPOCH_REMOVED_MAX) };
  const [proofHash, sealed, ...wraps] = await Promise.all([
    deriveJoinProof(next.secret).then(hashProof),
    sealSigned(next, place, identity.sign.privateKey, previous),
    ...remaining.map(wrapFor),
  ]);
  return {
    keys: next,
    request: {
      epoch: next.epoch,
      keyCheck: next.keyCheck,
      proofHash,
      previous: sealedPreviousSchema.parse(sealed),
      wraps: Object.fromEntries(wraps),
    },
  };
}
