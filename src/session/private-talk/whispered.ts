import * as z from 'zod/mini';
import { secretSchema } from '@/crypto/fragment';
import { roomIdSchema } from '@/domain/room';
import { parseJson } from '@/lib/tab-storage';

/** 16 bytes: the last character carries two bits. */
export const whisperIdSchema = z.string().check(z.regex(/^[\w-]{21}[AQgw]$/));

/** `opened`: the other one goes there. */
export const answerSchema = z.enum(['opened', 'declined']);
export type TalkAnswer = z.infer<typeof answerSchema>;

/** What members whisper to each other. Members that a reader does not know are ignored, and so are other kinds. */
const whisperedSchema = z.discriminatedUnion('kind', [
  /** Offers a sealed room. Id and secret are all that says where it is, so it leads nowhere but to a room of this site. */
  z.object({ kind: z.literal('room'), id: whisperIdSchema, roomId: roomIdSchema, secret: secretSchema }),
  /** The other one’s answer to the offer `re`. */
  z.object({ kind: z.literal('answer'), id: whisperIdSchema, re: whisperIdSchema, answer: answerSchema }),
  /** The offer `re` no longer stands. */
  z.object({ kind: z.literal('withdrawn'), id: whisperIdSchema, re: whisperIdSchema }),
]);

export type Whispered = z.infer<typeof whisperedSchema>;
export type OfferedRoom = Omit<Extract<Whispered, { kind: 'room' }>, 'kind'>;

/** Null for what breaks the rules. */
export const readWhispered = (json: string): Whispered | null =>
  whisperedSchema.safeParse(parseJson(json)).data ?? null;

export const offeredRoomSchema = z.object({ id: whisperIdSchema, roomId: roomIdSchema, secret: secretSchema });
