import { treaty } from '@elysiajs/eden/treaty2';
import * as z from 'zod/mini';
import { MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import type { EpochChange } from '@/domain/epoch-change';
import type { FileId, MessageFile } from '@/domain/file';
import { formerMemberSchema, memberSchema, type Member } from '@/domain/member';
import { cursorSchema, messageIdSchema, messageWithCursorSchema } from '@/domain/message';
import type { About, Cursor, MessageId, MessageWithCursor } from '@/domain/message';
import { roomSchema, seatSchema, type MemberId, type Room } from '@/domain/room';
import type { RoomId, Seat } from '@/domain/room';
import type { Sealed } from '@/domain/sealed';
import type { Speech } from '@/domain/speech';
import type { Api } from '@/server/api';
import type { Answer } from '@/domain/failure';
import type { Rekey, JoinRoom, OpenRoom, Signal, UpdateRoom } from '@/domain/requests';
import { createAnswers, type ApiEnvironment } from './answers';

/** Longer than the slowest start of a serverless function; after this no answer is expected. */
const ANSWER_MS_MAX = 15_000;

export type SeatedRoom = Room & Seat;
export type RoomView = Room & { you: Seat | null };

/** What a newcomer shows; in a plain room it is only for an owner who is asked first. */
export type Newcomer = Pick<JoinRoom, 'proof' | 'memberId' | 'card' | 'name'>;

/** The owner has been asked, and has not answered yet. */
export interface Knocking {
  knockId: string;
}

/** A person's words as they are sent: speech, which in a sealed room only sealing makes. */
export interface OutgoingMessage {
  id: MessageId;
  text: Speech;
  /** In plain rooms. */
  sender?: Speech;
  about?: About;
  /** In plain rooms. */
  file?: MessageFile;
}

/** Messages before a cursor or the end, oldest first. */
export interface PageBack {
  messages: MessageWithCursor[];
  removed: MessageId[];
  /** The newest one: the stream goes on from here. */
  cursor: Cursor;
  /** Where the page before ends; null at the beginning. */
  older: Cursor | null;
}

/** What a page reads again and again is parsed: a server that answers nonsense is one that does not answer. */
const viewSchema = z.object({ ...roomSchema.shape, you: z.nullable(seatSchema) });
const membersSchema = z.object({ members: z.array(memberSchema), former: z.array(formerMemberSchema) });
const pageSchema = z.object({
  messages: z.array(messageWithCursorSchema),
  removed: z.array(messageIdSchema),
  cursor: cursorSchema,
  older: z.optional(z.nullable(cursorSchema)),
});

export type RoomApi = ReturnType<typeof createRoomApi>;

/** The API as the browser calls it; no call throws. */
export function createRoomApi(environment: ApiEnvironment) {
  const { origin, fetcher } = environment;
  const { answerOf, parsedOf, doneOf, request } = createAnswers(environment);
  const { api } = treaty<Api>(origin, {
    parseDate: false,
    fetcher,
    onRequest: () => ({ signal: AbortSignal.timeout(ANSWER_MS_MAX) }),
  });

  return {
    request,
    openRoom: (room: OpenRoom): Promise<Answer<SeatedRoom>> => answerOf(api.room.post(room)),
    readRoom: (roomId: RoomId): Promise<Answer<RoomView>> => parsedOf(viewSchema, api.room.get({ query: { roomId } })),
    /** Where the owner lets each newcomer in, the same again asks how that stands. */
    joinRoom: (roomId: RoomId, newcomer: Newcomer): Promise<Answer<SeatedRoom | Knocking>> =>
      answerOf(api.room.join.post(newcomer, { query: { roomId } })),
    leaveRoom: (roomId: RoomId) => doneOf(api.room.leave.post({}, { query: { roomId } })),
    destroyRoom: (roomId: RoomId) => doneOf(api.room.delete({}, { query: { roomId } })),
    lockRoom: (roomId: RoomId, locked: boolean): Promise<Answer<Room>> =>
      answerOf(api.room.patch({ locked }, { query: { roomId } })),
    /** The owner changes who comes and how they talk. */
    steerRoom: (roomId: RoomId, change: UpdateRoom): Promise<Answer<Room>> =>
      answerOf(api.room.patch(change, { query: { roomId } })),
    /** Ten minutes more, from the end that one knows of: proposes or agrees to them, or ends what is proposed. */
    extendRoom: (roomId: RoomId, agree: boolean, expiresAt: number): Promise<Answer<Room>> =>
      answerOf(api.room.extension.post({ agree, expiresAt }, { query: { roomId } })),
    /** Makes a member the owner. */
    giveRoom: (roomId: RoomId, memberId: MemberId): Promise<Answer<Room>> =>
      answerOf(api.room.owner.post({}, { query: { roomId, memberId } })),
    /** Everybody seated, and those who left: the newest of them, or these. */
    readMembers: (roomId: RoomId, memberIds?: readonly MemberId[]) =>
      parsedOf(membersSchema, api.members.get({ query: { roomId, ...(memberIds && { memberId: [...memberIds] }) } })),
    /** How the room's key was replaced after an epoch, at most 25 times. */
    readEpochs: (roomId: RoomId, after: number): Promise<Answer<{ epochs: EpochChange[] }>> =>
      answerOf(api.epochs.get({ query: { roomId, after } })),
    rekey: (roomId: RoomId, change: Rekey): Promise<Answer<Room>> =>
      answerOf(api.room.rekey.post(change, { query: { roomId } })),
    rename: (roomId: RoomId, name: Speech): Promise<Answer<Member>> =>
      answerOf(api.members.patch({ name }, { query: { roomId } })),
    /** The same in a sealed room. */
    changeCard: (roomId: RoomId, card: Sealed): Promise<Answer<Member>> =>
      answerOf(api.members.patch({ card }, { query: { roomId } })),
    putOut: (roomId: RoomId, memberId: MemberId) => doneOf(api.members.delete({}, { query: { roomId, memberId } })),
    /** Reads a page of the messages after a cursor. Pages are cut by size too: the last one has no messages, or a cursor beyond its own. */
    readMessages: (roomId: RoomId, after: Cursor): Promise<Answer<Omit<PageBack, 'older'>>> =>
      parsedOf(pageSchema, api.messages.get({ query: { roomId, after, limit: MESSAGES_PER_PAGE_MAX } })),
    /** A page of what stands before a cursor, or the newest one. */
    readPage: async (roomId: RoomId, before: Cursor | 'end'): Promise<Answer<PageBack>> => {
      const reply = api.messages.get({ query: { roomId, before, limit: MESSAGES_PER_PAGE_MAX } });
      const answer = await parsedOf(pageSchema, reply);
      return answer.ok ? { ok: true, value: { ...answer.value, older: answer.value.older ?? null } } : answer;
    },
    /** Takes messages of one author back, at most 50. It goes on when the page is closed meanwhile. */
    takeBack: (roomId: RoomId, ids: readonly MessageId[]) =>
      doneOf(api.messages.delete({}, { query: { roomId, id: [...ids] }, fetch: { keepalive: true } })),
    /** `memberId`: whose it has to be, or nothing is removed. It goes on when the page is closed meanwhile. */
    removeFile: (roomId: RoomId, fileId: FileId, memberId?: MemberId): Promise<Answer<true>> =>
      request(
        `/api/files?${new URLSearchParams({ roomId, fileId, ...(memberId && { memberId }) }).toString()}`,
        { method: 'DELETE', keepalive: true, signal: AbortSignal.timeout(ANSWER_MS_MAX) },
        ({ status }) => Promise.resolve(status === 204 || null),
      ),
    sendSignal: (roomId: RoomId, signal: Signal) => doneOf(api.signals.post(signal, { query: { roomId } })),
    sendMessage: (roomId: RoomId, message: OutgoingMessage): Promise<Answer<MessageWithCursor>> =>
      answerOf(api.messages.post(message, { query: { roomId } })),
  };
}
