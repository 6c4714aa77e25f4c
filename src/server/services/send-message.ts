import 'server-only';
import * as z from 'zod/mini';
import {
  MESSAGE_BYTES_PER_MEMBER,
  MESSAGE_BYTES_PER_ROOM,
  MESSAGES_KEPT_PER_SEAT_MAX,
  MESSAGES_PER_MEMBER,
  MESSAGES_PER_ROOM,
  ROOM_BYTES_MAX,
  ROOM_MESSAGES_MAX,
} from '@/domain/limits';
import {
  cursorSchema,
  type MessageId,
  type MessageWithCursor,
  plainContentSchema,
  sealedContentSchema,
} from '@/domain/message';
import { memberIdSchema } from '@/domain/room';
import { newMessageId } from '@/server/auth/tokens';
import { roomKeys } from '@/server/storage/keys';
import { appendMessageScript } from '@/server/storage/messages';
import { flag } from '@/server/storage/lua/script';
import { countAddressBytes, longMessageWaitMs } from './address-bytes';
import { fitOf, refuseMisfit } from './content';
import type { ServerContext } from './context';
import { rateArguments } from './rates';
import { accepted, type RoomRequest } from './reply';

const appendedSchema = z.tuple([cursorSchema, memberIdSchema, z.coerce.number()]);

export interface SendMessage extends RoomRequest {
  id?: MessageId | undefined;
  sender: string;
  text: string;
  address: string;
}

/**
 * Stores and publishes a message in one command. `repeated` when the same member sent the same under
 * this id before: what was stored then is the answer.
 */
export async function sendMessage(
  context: ServerContext,
  { roomId, tokenHash, id = newMessageId(), sender, text, address }: SendMessage,
): Promise<{ message: MessageWithCursor; repeated: boolean }> {
  const { storage, rateLimits } = context;
  const fit = fitOf({ sender, text }, sealedContentSchema, plainContentSchema);
  const bytes = Buffer.byteLength(sender) + Buffer.byteLength(text);
  const reply = await appendMessageScript.run(storage.redis, roomKeys(roomId), [
    roomId,
    tokenHash,
    id,
    JSON.stringify(sender),
    JSON.stringify(text),
    flag(fit.sealed),
    flag(fit.open),
    ROOM_MESSAGES_MAX,
    ROOM_BYTES_MAX,
    ...[MESSAGES_PER_MEMBER, MESSAGES_PER_ROOM, MESSAGE_BYTES_PER_MEMBER, MESSAGE_BYTES_PER_ROOM].flatMap((rate) =>
      rateArguments(rate, rateLimits),
    ),
    MESSAGES_KEPT_PER_SEAT_MAX,
    flag(storage.isFull()),
    longMessageWaitMs(context, address, bytes),
  ]);
  refuseMisfit(reply, fit);
  const { status, rest } = accepted(reply);
  const [cursor, memberId, timestamp] = appendedSchema.parse(rest);
  if (status === 'sent') await countAddressBytes(context, address, bytes);
  return { message: { id, roomId, memberId, sender, text, timestamp, cursor }, repeated: status === 'repeated' };
}
