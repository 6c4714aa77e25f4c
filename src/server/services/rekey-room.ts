import 'server-only';
import { type RequestFault, RoomError } from '@/domain/errors';
import { EPOCHS_MAX, REKEY_MEMBERS_MAX, ROOM_BYTES_MAX } from '@/domain/limits';
import type { Rekey } from '@/domain/requests';
import type { Room } from '@/domain/room';
import { epochOf } from '@/domain/sealed';
import { type Rekeyed, rekeyRoom as storeRekey } from '@/server/storage/epochs';
import { countAddressBytes } from './address-bytes';
import type { RoomRequest, ServerContext } from './context';
import { readPace } from './limit-reads';

type Unfit = Extract<Rekeyed, { status: 'unfit' }>['what'];
const FAULTS: Record<Unfit | 'previous', RequestFault> = {
  plain: { path: '', message: 'is for sealed rooms: this one has no secret' },
  remove: { path: 'remove', message: 'names the owner, who leaves a room instead' },
  keyCheck: { path: 'keyCheck', message: 'was in use in this room before' },
  previous: { path: 'previous', message: 'is not sealed for the new epoch' },
};
const invalid = (what: keyof typeof FAULTS) => new RoomError('invalid_request', { faults: [FAULTS[what]] });

/**
 * Replaces the secret of a sealed room, and removes a member with it. Only the owner can, at any rate and however full the
 * storage is; what is stored counts for the address all the same. A repeat finds its own work done.
 *
 * @throws RoomError `members_changed` with the members that the wraps have to name
 */
export async function rekeyRoom(
  context: ServerContext,
  { roomId, tokenHash, address, rekey }: RoomRequest & { address: string; rekey: Rekey },
): Promise<Room> {
  const { epoch, keyCheck, proofHash, previous, wraps, remove = '' } = rekey;
  if (epochOf(previous) !== epoch) throw invalid('previous');
  // More names than a room has members whose secret is replaced get the same answer as none, and cost Redis nothing.
  const named = Object.keys(wraps);
  const wrapped = named.length > REKEY_MEMBERS_MAX ? [] : named;
  const wrapsJson = wrapped.length === 0 ? '{}' : JSON.stringify(wraps);
  const rekeyed = await storeRekey(context.storage.redis, {
    roomId,
    tokenHash,
    epoch,
    keyCheck,
    proofHash,
    previous,
    wrapsJson,
    remove,
    epochsMax: EPOCHS_MAX,
    membersMax: REKEY_MEMBERS_MAX,
    bytesMax: ROOM_BYTES_MAX,
    pace: readPace(context),
    wrapped,
  });
  if (rekeyed.status === 'unfit') throw invalid(rekeyed.what);
  if (rekeyed.status === 'rekeyed') await countAddressBytes(context, address, previous.length + wrapsJson.length);
  return rekeyed.room;
}
