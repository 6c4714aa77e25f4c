import 'server-only';
import { PAGE_BYTES_MAX } from '@/domain/limits';
import { type Cursor, readableCursor } from '@/domain/message';
import { type MessagePage, type MessagePageBack, readMessages, readMessagesBack } from '@/server/storage/message-pages';
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

/** As many before a cursor or the end, oldest first as well, and where the page before them ends. */
export async function readTranscriptBack(
  context: ServerContext,
  { before, limit, ...request }: RoomRequest & { before: Cursor | 'end'; limit: number },
): Promise<MessagePageBack> {
  const page = { before: before === 'end' ? before : readableCursor(before), limit, bytesMax: PAGE_BYTES_MAX };
  return limitReads(context, 'messages', request, (pace) =>
    readMessagesBack(context.storage.redis, { ...request, ...page, pace }),
  );
}
