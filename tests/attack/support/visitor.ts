import * as z from 'zod/mini';
import { SEALED_CHARACTERS_MAX } from '@/domain/limits';
import { memberIdSchema, type MemberId, roomIdSchema, type RoomId } from '@/domain/room';
import { newcomer, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';

const ANSWER_WITHIN_MS = 20_000;

/** An answer of the server, read to its end; status 0 when there was no answer. */
export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterMs: number;
  readonly body: unknown;
}

/** A visitor with an address of their own, as the trusted proxy would report it. */
export interface Visitor {
  readonly address: string;
  ask(method: string, path: string, question?: { json?: unknown; token?: string }): Promise<Answer>;
  /** Makes a sealed room and returns its owner's seat. */
  open(room?: Record<string, unknown>): Promise<Seat>;
  join(roomId: RoomId): Promise<Seat>;
  /** The same, whatever the answer. */
  askToJoin(roomId: RoomId): Promise<Answer>;
}

export interface Seat {
  readonly roomId: RoomId;
  readonly memberId: MemberId;
  readonly token: string;
  readonly visitor: Visitor;
  /** Sends a request about the seat's own room: `as('GET', 'members')`. */
  as(method: string, path: string, json?: unknown): Promise<Answer>;
  send(message: Record<string, unknown>): Promise<Answer>;
}

const seatedSchema = z.object({ roomId: roomIdSchema, memberId: memberIdSchema, token: z.string() });
const problemSchema = z.object({ code: z.string() });

/** Nobody unseals these, so the content may be anything of the right shape. */
export const SHORT = { text: sealedOf(214) };
/** The most that one message may use of a room. A member’s rate passes two at once. */
export const LARGE = { text: sealedOf(SEALED_CHARACTERS_MAX) };
/** A quarter of that: many of them fit into a page, and a member’s rate passes eleven at once. */
export const LONGISH = { text: sealedOf(SEALED_CHARACTERS_MAX / 4) };

const joinPathOf = (roomId: RoomId) => `/api/room/join?roomId=${roomId}`;

let addresses = 0;

/** A visitor from an address that no one else has, taken from the range reserved for network tests. */
export function newVisitor(url: string): Visitor {
  addresses += 1;
  const address = `198.18.${addresses >> 8}.${addresses & 255}`;

  const ask: Visitor['ask'] = async (method, path, { json, token } = {}) => {
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          'x-forwarded-for': address,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      const body: unknown = text === '' ? null : JSON.parse(text);
      const problem = problemSchema.safeParse(body);
      const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000;
      return { status: response.status, code: problem.success ? problem.data.code : undefined, retryAfterMs, body };
    } catch {
      return { status: 0, code: undefined, retryAfterMs: 0, body: null };
    }
  };

  async function sit(path: string, json: Record<string, unknown>): Promise<Seat> {
    const answer = await ask('POST', path, { json: { credentials: 'bearer', ...json } });
    if (answer.status !== 201) throw new Error(`No seat was given: ${answer.status} ${JSON.stringify(answer.body)}`);
    const seated = seatedSchema.parse(answer.body);
    const as: Seat['as'] = (method, where, question) => {
      const query = where.includes('?') ? '&' : '?';
      return ask(method, `/api/${where}${query}roomId=${seated.roomId}`, { token: seated.token, json: question });
    };
    return { ...seated, visitor, as, send: (message) => as('POST', 'messages', { ...SHORT, ...message }) };
  }

  const visitor: Visitor = {
    address,
    ask,
    open: (room = {}) => sit('/api/room', sealedRoom({ lifetimeSeconds: 3_600, ...room })),
    join: (roomId) => sit(joinPathOf(roomId), newcomer()),
    askToJoin: (roomId) => ask('POST', joinPathOf(roomId), { json: { credentials: 'bearer', ...newcomer() } }),
  };
  return visitor;
}

/** How often each status occurred, as in `{ 201: 30, 429: 5 }`. */
export function tally(answers: readonly Pick<Answer, 'status'>[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `30 × 201, 5 × 429` */
export const inWords = (counts: Record<number, number>): string =>
  Object.entries(counts)
    .map(([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`)
    .join(', ') || 'none';
