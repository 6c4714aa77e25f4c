import 'server-only';
import { PAGE_BYTES_MAX } from '@/domain/limits';
import { type Cursor, readableCursor } from '@/domain/message';
import { type MessagePage, readMessages } from '@/server/storage/messages';
import type { RoomRequest, ServerContext } from './context';
import { limitReads } from './limit-reads';

/** At most `limit` messages and a page's bytes after a cursor, oldest first, and the cursor to go on or to listen from. */
export async function readTranscript(
  context: ServerContext,
  { after, limit, ...request }: RoomRequest & { after: Cursor; limit: number },
): Promise<MessagePage> {
  const page = { after: readableCursor(after), limit, bytesMax: PAGE_BYTES_MAX };
  return limitReads(context, 'messages', request, (pace) =>
    readMessages(context.storage.redis, { ...request, ...page, pace }),
  );
}
