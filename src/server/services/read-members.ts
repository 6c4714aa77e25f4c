import 'server-only';
import type { Member } from '@/domain/member';
import { roomKeys } from '@/server/storage/keys';
import { readMembersScript } from '@/server/storage/scripts/members';
import type { ServerContext } from './context';
import { membersOf } from './member-reply';
import type { RoomRequest } from './reply';

/** Who is seated, for members. */
export async function readMembers({ storage }: ServerContext, { roomId, tokenHash }: RoomRequest): Promise<Member[]> {
  return membersOf(await readMembersScript.run(storage.redis, roomKeys(roomId), [roomId, tokenHash]));
}
