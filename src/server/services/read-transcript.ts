import 'server-only';
import * as z from 'zod/mini';
import { PAGE_BYTES_MAX } from '@/domain/limits';
import { type Cursor, cursorSchema, messageSchema, type MessageWithCursor, readableCursor } from '@/domain/message';
import { roomKeys } from '@/server/storage/keys';
import { readMessagesScript } from '@/server/storage/messages';
import type { ServerContext } from './context';
import { limitReads, readArguments } from './limit-reads';
import { accepted, type RoomRequest } from './reply';

const pageSchema = z.tuple([cursorSchema, z.array(z.string())]);

/** At most `limit` messages and a page's bytes after a cursor, oldest first, and the cursor to go on or to listen from. */
export async function readTranscript(
  context: ServerContext,
  { after, limit, ...request }: RoomRequest & { after: Cursor; limit: number },
): Promise<{ messages: MessageWithCursor[]; cursor: Cursor }> {
  const { roomId, tokenHash } = request;
  const reply = await limitReads(context, 'messages', request, () =>
    readMessagesScript.run(context.storage.redis, roomKeys(roomId), [
      roomId,
      tokenHash,
      readableCursor(after),
      limit,
      PAGE_BYTES_MAX,
      ...readArguments(context),
    ]),
  );
  const [cursor, found] = pageSchema.parse(accepted(reply).rest);
  const messages: MessageWithCursor[] = [];
  for (let index = 0; index + 1 < found.length; index += 2) {
    const message = messageSchema.parse(JSON.parse(found[index + 1] ?? ''));
    messages.push({ ...message, cursor: cursorSchema.parse(found[index]) });
  }
  return { messages, cursor };
}
