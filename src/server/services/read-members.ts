import 'server-only';
import type { Member } from '@/domain/member';
import { roomKeys } from '@/server/storage/keys';
import { readMembersScript } from '@/server/storage/members';
import type { ServerContext } from './context';
import { limitReads, readArguments } from './limit-reads';
import { membersOf } from './member-reply';
import type { RoomRequest } from './reply';

/** Who is seated, for members. */
export async function readMembers(context: ServerContext, request: RoomRequest): Promise<Member[]> {
  const { roomId, tokenHash } = request;
  const reply = await limitReads(context, 'members', request, () =>
    readMembersScript.run(context.storage.redis, roomKeys(roomId), [roomId, tokenHash, ...readArguments(context)]),
  );
  return membersOf(reply);
}
