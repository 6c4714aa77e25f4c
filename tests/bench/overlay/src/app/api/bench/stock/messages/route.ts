import * as z from 'zod/mini';
import { messageSchema } from '@/domain/message';
import { roomIdSchema } from '@/domain/room';
import { newMemberId, newMessageId } from '@/server/auth/tokens';
import { stockRealtime } from '../stock';

const bodySchema = z.object({ sender: z.string(), text: z.string() });

/** The least that a chat on the stock library does for a message: no seat, no limits, no repeats. */
export async function POST(request: Request): Promise<Response> {
  const roomId = roomIdSchema.parse(new URL(request.url).searchParams.get('roomId'));
  const content = bodySchema.parse(await request.json());
  const message = messageSchema.parse({
    id: newMessageId(),
    roomId,
    memberId: newMemberId(),
    timestamp: Date.now(),
    ...content,
  });
  await (await stockRealtime()).channel(roomId).emit('chat.message', message);
  return Response.json(message, { status: 201 });
}
