import * as z from 'zod/mini';
import { memberIdSchema, type MemberId, roomIdSchema, type RoomId, timestampSchema } from '@/domain/room';
import { createApi } from '@/server/api';
import { PEER_ADDRESS_HEADER } from '@/server/auth/origin';
import { openRoom } from '@/server/services/open-room';
import type { TestApp } from './app';

/** An answer of the API, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, null if there is none, otherwise the text. */
  readonly body: unknown;
  /** Where it is no text: `body` is null then. */
  readonly bytes?: Buffer;
}

export interface Question {
  /** Sent as JSON; `body` is sent as it is. */
  json?: unknown;
  body?: BodyInit | undefined;
  token?: string | undefined;
  headers?: Record<string, string>;
}

export interface RoomsApi {
  ask(method: string, path: string, question?: Question): Promise<Answer>;
  /** Makes a room and returns its owner's seat, with bearer tokens unless `room` says otherwise. */
  open(room?: Record<string, unknown>): Promise<Seat>;
  /** The same with a lifetime in milliseconds, which only the services accept. */
  openFor(lifetimeMs: number, maxMembers?: number): Promise<Seat>;
  /** Takes a new seat. */
  join(roomId: RoomId, newcomer?: Record<string, unknown>): Promise<Seat>;
}

/** A seat and everything that its holder can do. Each function returns the bare answer. */
export interface Seat {
  readonly roomId: RoomId;
  readonly memberId: MemberId;
  readonly token: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  look(): Promise<Answer>;
  /** `newcomer` is what a sealed room asks for. */
  join(newcomer?: Record<string, unknown>): Promise<Answer>;
  leave(): Promise<Answer>;
  destroy(): Promise<Answer>;
  lock(locked: boolean): Promise<Answer>;
  /** What an owner may say of a room, as in `{ entry: 'knock' }`. */
  steer(change: Record<string, unknown>): Promise<Answer>;
  /** `query` as in `memberId=…`. */
  members(query?: string): Promise<Answer>;
  rename(name: unknown): Promise<Answer>;
  /** The same in a sealed room. */
  present(card: unknown): Promise<Answer>;
  remove(memberId: string): Promise<Answer>;
  send(message?: Record<string, unknown>): Promise<Answer>;
  takeBack(...ids: string[]): Promise<Answer>;
  signal(signal: Record<string, unknown>): Promise<Answer>;
  /** `query` as in `after=5`. */
  epochs(query?: string): Promise<Answer>;
  /** `query` as in `limit=5&after=0-0`. */
  history(query?: string): Promise<Answer>;
  beginFile(file: Record<string, unknown>): Promise<Answer>;
  putPiece(fileId: string, index: number, piece: Uint8Array): Promise<Answer>;
  readFile(fileId: string): Promise<Answer>;
  /** The bytes are the answer's `bytes`. */
  readPiece(fileId: string, index: number): Promise<Answer>;
  /** Proposes ten minutes more than `expiresAt`, the seat's own unless given, or agrees; with `false` it ends the proposal. */
  extend(agree: boolean, expiresAt?: number): Promise<Answer>;
  whisper(to: string, text: unknown): Promise<Answer>;
  knocks(): Promise<Answer>;
  answerKnock(knockId: string, admit: boolean): Promise<Answer>;
  handOver(memberId: string): Promise<Answer>;
  /** With `memberId`: only if that member began it. */
  removeFile(fileId: string, memberId?: string): Promise<Answer>;
}

/** The answer that gives a seat, as far as the tests use it. */
export const seatedSchema = z.object({
  roomId: roomIdSchema,
  memberId: memberIdSchema,
  token: z.string(),
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
});

export const SENDER = 'Quiet Otter';
export const TEXT = 'hello';
export const SEALED_TEXT = `v2.0.${'A'.repeat(16)}.${'B'.repeat(192)}`;
export const KEY_CHECK = 'AbC-_012345';
export const UNKNOWN_ROOM = roomIdSchema.parse('Z'.repeat(22));

/** The headers with which a piece of a file is sent. */
export const OCTETS = { 'content-type': 'application/octet-stream' };

export async function read(response: Response): Promise<Answer> {
  if (response.headers.get('content-type') === OCTETS['content-type']) {
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body: null, bytes };
  }
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body: unknown = text === '' ? null : isJson ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

function requestOf(
  method: string,
  path: string,
  { json, body, token, headers = {} }: Question,
  address: string,
): Request {
  const content = json === undefined ? body : JSON.stringify(json);
  return new Request(`http://localhost${path}`, {
    method,
    headers: {
      host: 'localhost',
      [PEER_ADDRESS_HEADER]: address,
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    // A body that is a stream is sent while it is written.
    ...(content !== undefined && { body: content, duplex: 'half' }),
  });
}

/** The API of an app, used by one client at `address`. */
export function roomsApi(
  { context }: Pick<TestApp, 'context'>,
  {
    trustedProxies = 0,
    address = '192.0.2.1',
    operatorToken,
  }: { trustedProxies?: number; address?: string; operatorToken?: string } = {},
): RoomsApi {
  const api = createApi(context, { trustedProxies, operatorToken });
  const ask: RoomsApi['ask'] = async (method, path, question = {}) =>
    read(await api.fetch(requestOf(method, path, question, address)));

  function seatOf(body: unknown): Seat {
    const seated = seatedSchema.parse(body);
    const { roomId, token } = seated;
    const as = (method: string, path: string, json?: unknown) =>
      ask(method, `/api/${path}roomId=${roomId}`, { token, json });
    return {
      ...seated,
      look: () => as('GET', 'room?'),
      join: (newcomer = {}) => as('POST', 'room/join?', newcomer),
      leave: () => as('POST', 'room/leave?', {}),
      destroy: () => as('DELETE', 'room?'),
      lock: (locked) => as('PATCH', 'room?', { locked }),
      steer: (change) => as('PATCH', 'room?', change),
      members: (query = '') => as('GET', `members?${query}&`),
      rename: (name) => as('PATCH', 'members?', { name }),
      present: (card) => as('PATCH', 'members?', { card }),
      remove: (memberId) => as('DELETE', `members?memberId=${memberId}&`),
      send: (message = {}) => as('POST', 'messages?', { sender: SENDER, text: TEXT, ...message }),
      takeBack: (...ids) => as('DELETE', `messages?${ids.map((id) => `id=${id}&`).join('')}`),
      signal: (signal) => as('POST', 'signals?', signal),
      epochs: (query = '') => as('GET', `epochs?${query}&`),
      history: (query = '') => as('GET', `messages?${query}&`),
      beginFile: (file) => as('POST', 'files?', file),
      putPiece: (fileId, index, piece) =>
        ask('PUT', `/api/files/piece?roomId=${roomId}&fileId=${fileId}&index=${index}`, {
          token,
          body: Buffer.from(piece),
          headers: OCTETS,
        }),
      readFile: (fileId) => as('GET', `files?fileId=${fileId}&`),
      readPiece: (fileId, index) => as('GET', `files/piece?fileId=${fileId}&index=${index}&`),
      extend: (agree, expiresAt = seated.expiresAt) => as('POST', 'room/extension?', { agree, expiresAt }),
      whisper: (to, text) => as('POST', `whispers?to=${to}&`, { text }),
      knocks: () => as('GET', 'knocks?'),
      answerKnock: (knockId, admit) => as('POST', `knocks?knockId=${knockId}&`, { admit }),
      handOver: (memberId) => as('POST', `room/owner?memberId=${memberId}&`, {}),
      removeFile: (fileId, memberId) =>
        as('DELETE', `files?fileId=${fileId}&${memberId === undefined ? '' : `memberId=${memberId}&`}`),
    };
  }

  async function seat(path: string, json: Record<string, unknown>): Promise<Seat> {
    const { status, body } = await ask('POST', path, { json: { credentials: 'bearer', ...json } });
    if (status !== 201) throw new Error(`No seat was given: ${status} ${JSON.stringify(body)}`);
    return seatOf(body);
  }

  return {
    ask,
    open: (room = {}) => seat('/api/room', room),
    openFor: async (lifetimeMs, maxMembers = 10) => {
      const opened = await openRoom(context, { lifetimeMs, maxMembers });
      return seatOf({ ...opened.room, ...opened.seat, token: opened.token });
    },
    join: (roomId, newcomer = {}) => seat(`/api/room/join?roomId=${roomId}`, newcomer),
  };
}
