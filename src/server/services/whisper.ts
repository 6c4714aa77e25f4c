import 'server-only';
import { MESSAGE_BYTES_PER_MEMBER } from '@/domain/limits';
import type { MemberId } from '@/domain/room';
import { whisper as publishWhisper } from '@/server/storage/whispers';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';
import { rateIn } from './rates';

/**
 * Says something to one member alone, who hears it on their streams or never.
 *
 * @throws RoomError `member_away` where they have none
 */
export async function whisper(
  context: ServerContext,
  { memberId, text, ...request }: RoomRequest & { memberId: MemberId; text: string },
): Promise<void> {
  const memberBytes = rateIn(context, MESSAGE_BYTES_PER_MEMBER);
  await limitReads(context, 'whispers', request, (pace) =>
    publishWhisper(context.storage.redis, { ...request, memberId, textJson: JSON.stringify(text), pace, memberBytes }),
  );
}
