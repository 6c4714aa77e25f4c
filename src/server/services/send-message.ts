import 'server-only';
import {
  MESSAGE_BYTES_PER_MEMBER,
  MESSAGE_BYTES_PER_ROOM,
  MESSAGES_KEPT_PER_SEAT_MAX,
  MESSAGES_PER_MEMBER,
  MESSAGES_PER_ROOM,
  ROOM_BYTES_MAX,
  ROOM_MESSAGES_MAX,
} from '@/domain/limits';
import type { MessageFile } from '@/domain/file';
import { type About, type MessageId, type MessageWithCursor } from '@/domain/message';
import { plainContentSchema, plainFileSchema, plainReactionSchema, sealedContentSchema } from '@/domain/requests';
import { epochOf, sealedSchema } from '@/domain/sealed';
import { newMessageId } from '@/server/auth/tokens';
import { appendMessage } from '@/server/storage/messages';
import { countAddressBytes, longMessageWaitMs } from './address-bytes';
import { fitOf } from './content';
import type { RoomRequest, ServerContext } from './context';
import { rateIn } from './rates';

export interface SendMessage extends RoomRequest {
  id?: MessageId | undefined;
  sender?: string | undefined;
  text: string;
  about?: About | undefined;
  file?: MessageFile | undefined;
  address: string;
}

function plainSchemaOf({ about, file }: Pick<SendMessage, 'about' | 'file'>) {
  if (file !== undefined) return plainFileSchema;
  return about?.kind === 'reaction' ? plainReactionSchema : plainContentSchema;
}

/**
 * Stores and publishes a message in one command. `repeated` when the same member sent the same under
 * this id before: what was stored then is the answer.
 */
export async function sendMessage(
  context: ServerContext,
  { roomId, tokenHash, id = newMessageId(), address, ...said }: SendMessage,
): Promise<{ message: MessageWithCursor; repeated: boolean }> {
  const { sender, text, about, file } = said;
  const content = { ...(sender !== undefined && { sender }), text, ...(about && { about }), ...(file && { file }) };
  const fit = fitOf(content, sealedContentSchema, plainSchemaOf(said));
  const sealed = sealedSchema.safeParse(text);
  const fileJson = file === undefined ? '' : JSON.stringify(file);
  const bytes = [sender ?? '', text, fileJson].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  const appended = await appendMessage(context.storage.redis, {
    roomId,
    tokenHash,
    messageId: id,
    senderJson: sender === undefined ? '' : JSON.stringify(sender),
    textJson: JSON.stringify(text),
    aboutKind: about?.kind ?? '',
    aboutId: about?.id ?? '',
    fileId: file?.fileId ?? '',
    fileJson,
    fileBytes: file?.bytes ?? 0,
    filePieceCount: file?.pieces ?? 0,
    epoch: sealed.success ? String(epochOf(sealed.data)) : '',
    fitsSealed: fit.sealed,
    fitsPlain: fit.plain,
    messagesMax: ROOM_MESSAGES_MAX,
    bytesMax: ROOM_BYTES_MAX,
    memberRate: rateIn(context, MESSAGES_PER_MEMBER),
    roomRate: rateIn(context, MESSAGES_PER_ROOM),
    memberBytes: rateIn(context, MESSAGE_BYTES_PER_MEMBER),
    roomBytes: rateIn(context, MESSAGE_BYTES_PER_ROOM),
    keptPerSeatMax: MESSAGES_KEPT_PER_SEAT_MAX,
    storageFull: context.storage.isFull(),
    addressWaitMs: longMessageWaitMs(context, address, bytes),
  });
  if (appended.status === 'misfit') return fit.refuse(appended.kind);
  const { status, cursor, memberId, timestamp } = appended;
  if (status === 'sent') await countAddressBytes(context, address, bytes);
  return { message: { id, roomId, memberId, ...content, timestamp, cursor }, repeated: status === 'repeated' };
}
