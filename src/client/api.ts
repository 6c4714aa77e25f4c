import { treaty } from '@elysiajs/eden/treaty2';
import * as z from 'zod/mini';
import { ROOM_REASONS } from '@/domain/errors';
import { MESSAGES_PER_PAGE_MAX } from '@/domain/limits';
import { seatedCardSchema, type EpochChange, type Rekey } from '@/domain/epoch';
import type { FileId, MessageFile } from '@/domain/file';
import { formerMemberSchema, memberSchema, type Member } from '@/domain/member';
import { cursorSchema, messageIdSchema, messageWithCursorSchema } from '@/domain/message';
import type { About, Cursor, MessageId, MessageWithCursor } from '@/domain/message';
import { roomSchema, seatSchema, type JoinRoom, type MemberId, type OpenRoom, type Room } from '@/domain/room';
import type { RoomId, Seat } from '@/domain/room';
import type { Sealed } from '@/domain/sealed';
import type { Signal } from '@/domain/signals';
import type { Speech } from '@/domain/speech';
import type { Api } from '@/server/api';
import type { Answer, Failure } from '@/domain/failure';

/** Longer than the slowest start of a serverless function; after this no answer is expected. */
const ANSWER_MS_MAX = 15_000;

export type SeatedRoom = Room & Seat;
export type RoomView = Room & { you: Seat | null };

/** What a newcomer shows; a plain room asks for nothing. */
export type Newcomer = Pick<JoinRoom, 'proof' | 'memberId' | 'card'>;

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

const problemSchema = z.object({
  code: z.enum(ROOM_REASONS),
  status: z.number(),
  members: z.optional(z.array(seatedCardSchema)),
  maxBytes: z.optional(z.number()),
});
/** What a page reads again and again is parsed: a server that answers nonsense is one that does not answer. */
const viewSchema = z.extend(roomSchema, { you: z.nullable(seatSchema) });
const membersSchema = z.object({ members: z.array(memberSchema), former: z.array(formerMemberSchema) });
const pageSchema = z.object({
  messages: z.array(messageWithCursorSchema),
  removed: z.array(messageIdSchema),
  cursor: cursorSchema,
  older: z.optional(z.nullable(cursorSchema)),
});
const secondsSchema = z.coerce.number().check(z.nonnegative());

interface Reply<T> {
  data: T | null;
  error: { value: unknown } | null;
  response: Response | undefined;
}

const hasType = (response: Response | undefined, type: string) =>
  response?.headers.get('content-type')?.startsWith(type) ?? false;

/** The body of an answer that is no success; null where it is not JSON. */
async function problemIn(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return null;
  }
}

/** Reads the failure from an answer. Anything but one of our problem documents came from something in between. */
function failureOf(value: unknown, response: Response | undefined, isOnline: boolean): Failure {
  const problem = problemSchema.safeParse(value);
  const isOurs =
    problem.success && hasType(response, 'application/problem+json') && problem.data.status === response?.status;
  if (!isOurs) return { reason: isOnline ? 'unreachable' : 'offline' };
  const seconds = secondsSchema.safeParse(response.headers.get('retry-after') ?? undefined);
  const { code, members, maxBytes } = problem.data;
  return {
    reason: code,
    ...(seconds.success && { retryAfterSeconds: seconds.data }),
    ...(members && { members }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}

export interface ApiEnvironment {
  /** Where the server is, as in `https://mayfly.example`. */
  readonly origin: string;
  readonly fetcher: typeof fetch;
  /** Distinguishes a browser without a network from a server that does not answer. */
  readonly isOnline: () => boolean;
}

export type RoomApi = ReturnType<typeof createRoomApi>;

/** The API as the browser calls it; no call throws. */
export function createRoomApi({ origin, fetcher, isOnline }: ApiEnvironment) {
  const { api } = treaty<Api>(origin, {
    parseDate: false,
    fetcher,
    onRequest: () => ({ signal: AbortSignal.timeout(ANSWER_MS_MAX) }),
  });

  /** A page that something in between sends with 200 is not an answer: ours are JSON, or a bare 204 for calls without a result. */
  async function answerOf<T>(
    reply: Promise<Reply<T>>,
    isOurs = (response?: Response) => hasType(response, 'application/json'),
  ): Promise<Answer<T>> {
    try {
      const { data, error, response } = await reply;
      if (error === null && data !== null && isOurs(response)) return { ok: true, value: data };
      return { ok: false, failure: failureOf(error?.value, response, isOnline()) };
    } catch {
      // The body was cut off, or is not what its type says.
      return { ok: false, failure: failureOf(null, undefined, isOnline()) };
    }
  }

  async function parsedOf<T>(schema: z.ZodMiniType<T>, reply: Promise<Reply<unknown>>): Promise<Answer<T>> {
    const answer = await answerOf(reply);
    if (!answer.ok) return answer;
    const { success, data } = schema.safeParse(answer.value);
    return success ? { ok: true, value: data } : { ok: false, failure: { reason: 'unreachable' } };
  }

  /** For calls that are answered without a body (204). */
  async function doneOf(reply: Promise<Reply<unknown>>): Promise<Answer<null>> {
    const answer = await answerOf(reply, (response) => response?.status === 204);
    return answer.ok ? { ok: true, value: null } : answer;
  }

  /**
   * A call whose body or answer is bytes, which Eden does not carry, or that is rare enough to be typed where it is made. `read` takes
   * what it needs of an answer of ours, and returns null for one that is not.
   */
  async function request<T>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T | null>,
  ): Promise<Answer<T>> {
    try {
      const response = await fetcher(`${origin}${path}`, init);
      if (!response.ok) return { ok: false, failure: failureOf(await problemIn(response), response, isOnline()) };
      const value = await read(response);
      if (value !== null) return { ok: true, value };
    } catch {
      // There was no answer, it was cut off, or nobody waits for it any more.
    }
    return { ok: false, failure: failureOf(null, undefined, isOnline()) };
  }

  return {
    request,
    openRoom: (room: OpenRoom): Promise<Answer<SeatedRoom>> => answerOf(api.room.post(room)),
    readRoom: (roomId: RoomId): Promise<Answer<RoomView>> => parsedOf(viewSchema, api.room.get({ query: { roomId } })),
    joinRoom: (roomId: RoomId, newcomer: Newcomer): Promise<Answer<SeatedRoom>> =>
      answerOf(api.room.join.post(newcomer, { query: { roomId } })),
    leaveRoom: (roomId: RoomId) => doneOf(api.room.leave.post({}, { query: { roomId } })),
    destroyRoom: (roomId: RoomId) => doneOf(api.room.delete({}, { query: { roomId } })),
    lockRoom: (roomId: RoomId, locked: boolean): Promise<Answer<Room>> =>
      answerOf(api.room.patch({ locked }, { query: { roomId } })),
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
    /** It goes on when the page is closed meanwhile. */
    removeFile: (roomId: RoomId, fileId: FileId): Promise<Answer<true>> =>
      request(
        `/api/files?${new URLSearchParams({ roomId, fileId }).toString()}`,
        { method: 'DELETE', keepalive: true, signal: AbortSignal.timeout(ANSWER_MS_MAX) },
        ({ status }) => Promise.resolve(status === 204 || null),
      ),
    sendSignal: (roomId: RoomId, signal: Signal) => doneOf(api.signals.post(signal, { query: { roomId } })),
    sendMessage: (roomId: RoomId, message: OutgoingMessage): Promise<Answer<MessageWithCursor>> =>
      answerOf(api.messages.post(message, { query: { roomId } })),
  };
}
