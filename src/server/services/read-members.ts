import 'server-only';
import { FORMER_MEMBERS_PER_PAGE_MAX, PAGE_BYTES_MAX } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import { listMembers, type Members } from '@/server/storage/members';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** The members of a room, for members; with those who left last, or those of `formerIds`, and have a message in the room. */
export async function readMembers(
  context: ServerContext,
  { formerIds, ...request }: RoomRequest & { formerIds: readonly MemberId[] },
): Promise<Members> {
  const asked = {
    formerIds: [...new Set(formerIds)],
    formerMax: FORMER_MEMBERS_PER_PAGE_MAX,
    // With the cards of a thousand members the list is as long as six pages of history.
    readingBytes: PAGE_BYTES_MAX,
  };
  return limitReads(context, 'members', request, (pace) =>
    listMembers(context.storage.redis, { ...request, ...asked, pace }),
  );
}
