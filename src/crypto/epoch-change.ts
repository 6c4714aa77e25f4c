import { memberIdSchema, type MemberId, type RoomId } from '@/domain/room';
import type { KeyCheck } from '@/domain/sealed';
import * as z from 'zod/mini';
import type { Card } from './card';
import { secretSchema } from './fragment';
import type { Identity } from './identity';
import { deriveRoomKeys, type RoomKeys } from './room-keys';
import { textOf, unseal, verify, type Unsealed } from './sealed-string';
import { unwrapSecret } from './wraps';

/** What the maker of an epoch says in it, sealed under its new secret. */
const previousSchema = z.object({
  /** The secret of the epoch before: a latecomer reads on from there. */
  secret: secretSchema,
  /** Everybody who got a real wrap, the maker too. */
  members: z.array(memberIdSchema),
  /** Everybody removed since the epoch before, by whatever call, oldest first; of these the newest 50. */
  removed: z.array(memberIdSchema),
});
export type Previous = z.infer<typeof previousSchema>;

/** Where a page stands: the newest keys that it holds in this room, and who it is. */
export interface Standing {
  readonly roomId: RoomId;
  readonly identity: Identity;
  readonly keys: RoomKeys;
}

/** A new epoch as the server reports it. */
export interface ReportedEpoch {
  readonly epoch: number;
  readonly keyCheck: KeyCheck;
  readonly previous: string;
  /** One's own. */
  readonly wrap?: string | undefined;
}

/** An epoch that a page knows: its keys, who held them when it was made, and who had been removed before. */
export interface KnownEpoch extends Omit<Previous, 'secret'> {
  readonly keys: RoomKeys;
}

/** Why a page does not take a new key. It stays with its own, says so and stops sending. */
export type EpochRefusal =
  /** Not the epoch after its own: one is missing, or the server goes back. */
  | 'not-next'
  /** No wrap, or one that `by` did not make for this page. */
  | 'no-wrap'
  /** The wrapped secret is not the one that the server names. */
  | 'wrong-check'
  /** `previous` does not open under the new secret, or is not signed by `by`. */
  | 'previous-unverified'
  /** It hands on another secret than this page holds: the room would be split. */
  | 'another-secret'
  /** It does not list this page's member. */
  | 'not-listed';

/**
 * Takes the next epoch's secret from one's own wrap, if everything agrees. That `by` may make one is the caller's to know: live, they are
 * seated and own the room; catching up, `mayMakeEpoch`.
 */
export async function followEpoch(
  { roomId, identity, keys: held }: Standing,
  by: Card,
  { epoch, keyCheck, previous, wrap }: ReportedEpoch,
): Promise<
  { readonly kind: 'followed'; readonly known: KnownEpoch } | { readonly kind: 'refused'; reason: EpochRefusal }
> {
  const refused = (reason: EpochRefusal) => ({ kind: 'refused', reason }) as const;
  if (epoch !== held.epoch + 1) return refused('not-next');
  const { memberId } = identity;
  const place = { roomId, epoch, from: by.memberId, to: memberId };
  const secret = await unwrapSecret(place, identity.agree.privateKey, by.keys.agree, wrap ?? '');
  if (secret === null) return refused('no-wrap');
  const keys = await deriveRoomKeys(secret, epoch);
  if (keys.keyCheck !== keyCheck) return refused('wrong-check');
  const unsealed = await unsealPrevious(roomId, keys, by.memberId, previous);
  const said = unsealed && (await verifyPrevious(unsealed, by));
  if (!said) return refused('previous-unverified');
  if (said.secret !== held.secret) return refused('another-secret');
  if (!said.members.includes(memberId)) return refused('not-listed');
  return { kind: 'followed', known: { keys, members: said.members, removed: said.removed } };
}

/** Whether `by` can have owned the room before `epoch`, by what is known of earlier epochs. That they did is the server's word. */
export const mayMakeEpoch = (by: Card, epoch: number, known: readonly KnownEpoch[]): boolean =>
  known.every(({ removed }) => !removed.includes(by.memberId)) &&
  (by.epoch === epoch - 1 ||
    known.some(({ keys, members }) => keys.epoch === epoch - 1 && members.includes(by.memberId)));

/** Opens `previous` of the epoch of `keys`; null when it does not open there. Nothing is known of its signature yet. */
export async function unsealPrevious(
  roomId: RoomId,
  keys: RoomKeys,
  by: MemberId,
  previous: string,
): Promise<Unsealed | null> {
  const ring = (epoch: number) => (epoch === keys.epoch ? keys : undefined);
  const unsealed = await unseal(ring, { field: 'previous', roomId, memberId: by }, previous);
  return unsealed.kind === 'unsealed' ? unsealed : null;
}

/** What `by` signed; null when they did not, or when it is no such record. */
export async function verifyPrevious(unsealed: Unsealed, by: Card): Promise<Previous | null> {
  const verified = await verify(unsealed, by.keys.sign);
  return verified.kind === 'opened' ? readPrevious(unsealed) : null;
}

/** Null for a content that is no such record. */
export function readPrevious({ content }: Unsealed): Previous | null {
  try {
    return previousSchema.parse(JSON.parse(textOf(content) ?? ''));
  } catch {
    return null;
  }
}
