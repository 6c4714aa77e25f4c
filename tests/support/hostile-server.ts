import { onTestFinished } from 'vitest';
import { createRoomApi } from '@/client/api';
import { openEventStream } from '@/client/room-stream';
import { eventDataReader } from '@/client/sse-parser';
import { sealCard } from '@/crypto/card';
import { makeSecret, secretSchema } from '@/crypto/fragment';
import { deriveJoinProof, deriveRoomKeys, hashProof, type RoomKeys } from '@/crypto/room-keys';
import { unwrapSecret } from '@/crypto/wraps';
import { sealSigned } from '@/crypto/sealed-string';
import { messageIdSchema, type Cursor } from '@/domain/message';
import { rekeySchema, type Rekey } from '@/domain/requests';
import type { MemberId, RoomId } from '@/domain/room';
import { compareStreamIds } from '@/lib/stream-id';
import { createRunningSession, type RunningSession } from '@/session/running-session';
import { createMeasuredClock } from '@/session/server-clock';
import type { EndReason, Visit } from '@/session/visit';
import * as z from 'zod/mini';
import { FakePage, FakeStorage } from '@tests/unit/client/fake-browser';
import type { TestApp } from './app';
import { roomsApi, type Seat } from './rooms';
import { someone, type Someone } from './sealed-room';
import { eventually } from './storage-expectations';

type Fields = Record<string, unknown>;

/** An event of the stream, as it stands on the wire. */
export interface ToldEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Fields;
}

/** Rewrites the body of an answer; a `Response` takes the place of all of it. */
type Lie = (body: Fields, url: URL) => unknown;

/** A refusal as the server would word it. */
export const refusal = (status: number, code: string, fields: Fields = {}): Response =>
  new Response(JSON.stringify({ code, status, title: code, ...fields }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

/** The real server as one member meets it, with its answers and the events of its stream rewritten on the way. */
export class LyingServer {
  /** `GET /api/room` and so on, each request that the page made. */
  readonly requests: string[] = [];
  /** The bodies of `POST /api/room/rekey`. */
  readonly rekeys: Rekey[] = [];
  /** What becomes of an event; none: it is withheld. */
  events: (told: ToldEvent) => readonly ToldEvent[] = (told) => [told];
  private readonly answers = new Map<string, Lie>();
  private readonly refusals = new Map<string, () => unknown>();
  private readonly streams = new Set<(message: object) => void>();
  private newest = '0-0';

  constructor(
    private readonly url: string,
    private readonly roomId: RoomId,
    private readonly token: string,
  ) {}

  /** Rewrites every answer to such a request, as in `GET /api/members`. */
  answer(request: string, lie: Lie): void {
    this.answers.set(request, lie);
  }

  /** Answers such a request by itself: the real server never hears of it. Undefined: this time it does. */
  instead(request: string, answer: () => unknown): void {
    this.refusals.set(request, answer);
  }

  honest(request: string): void {
    this.answers.delete(request);
    this.refusals.delete(request);
  }

  count(request: string): number {
    return this.requests.filter((one) => one === request).length;
  }

  /** Puts an event into the stream that never was; behind all others, unless a place is given. */
  tell(event: string, data: Fields, id = this.next()): Cursor {
    this.note(id);
    for (const send of this.streams) send({ type: 'user_event', channel: this.roomId, id, event, data });
    return id as Cursor;
  }

  /** Puts a message into the stream that never was. */
  say(memberId: MemberId, id: string, text: string, place?: string): Cursor {
    return this.tell('chat.message', { id, roomId: this.roomId, memberId, text, timestamp: Date.now() }, place);
  }

  /** The place right behind the newest one. */
  next(): string {
    const [ms = '0', sequence = '0'] = this.newest.split('-');
    return `${ms}-${Number(sequence) + 1}`;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, this.url);
    const request = `${init?.method ?? 'GET'} ${url.pathname}`;
    this.requests.push(request);
    if (request === 'POST /api/room/rekey')
      this.rekeys.push(rekeySchema.parse(JSON.parse(z.string().parse(init?.body))));
    const made = await this.refusals.get(request)?.();
    if (made !== undefined) return made instanceof Response ? made : Response.json(made);
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${this.token}`);
    const response = await fetch(url, { ...init, headers });
    if (url.pathname === '/api/realtime') return this.rewritten(response);
    const lie = this.answers.get(request);
    if (lie === undefined) return response;
    const said = lie((await response.json().catch(() => ({}))) as Fields, url);
    return said instanceof Response ? said : Response.json(said);
  };

  private note(id: string) {
    if (compareStreamIds(id, this.newest) > 0) this.newest = id;
  }

  private rewritten(response: Response): Response {
    if (!response.ok || response.body === null) return response;
    const encoder = new TextEncoder();
    const decoder = new TextDecoder();
    let send: (message: object) => void = () => undefined;
    const feed = (take: (message: ToldEvent) => void) => eventDataReader((raw) => take(JSON.parse(raw) as ToldEvent));
    const stream = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => {
        send = (message) => controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
        this.streams.add(send);
      },
      transform: (bytes) => read(decoder.decode(bytes, { stream: true })),
      flush: () => void this.streams.delete(send),
    });
    const read = feed((told) => {
      if (typeof told.event !== 'string') {
        send(told);
        return;
      }
      this.note(told.id);
      for (const one of this.events(told)) send(one);
    });
    return new Response(response.body.pipeThrough(stream), { headers: response.headers });
  }
}

/** Somebody in a sealed room whose server lies to them. */
export interface Victim extends Someone {
  readonly seat: Seat;
  readonly server: LyingServer;
  readonly faults: unknown[];
  readonly ends: EndReason[];
  readonly reseats: string[];
  readonly storage: FakeStorage;
  /** Runs the session of the seat, as a page does. */
  readonly open: (visit?: Partial<Visit>) => Promise<RunningSession>;
}

/** A sealed room on a real server, whose people are all lied to as the test wishes. */
export class HostileRoom {
  private constructor(
    readonly app: TestApp,
    readonly keys: RoomKeys,
    readonly owner: Victim,
  ) {}

  static async open(app: TestApp, name: string): Promise<HostileRoom> {
    const keys = await deriveRoomKeys(makeSecret(), 0);
    const person = await someone(name);
    const seat = await roomsApi(app).open({
      sealed: true,
      keyCheck: keys.keyCheck,
      proofHash: await hashProof(await deriveJoinProof(keys.secret)),
      memberId: person.memberId,
      card: await sealCard(keys, person.identity, name),
    });
    return new HostileRoom(app, keys, victim(app, person, seat, keys));
  }

  get roomId(): RoomId {
    return this.owner.seat.roomId;
  }

  async join(name: string, keys = this.keys): Promise<Victim> {
    const person = await someone(name);
    const proof = await deriveJoinProof(keys.secret);
    const card = await sealCard(keys, person.identity, name);
    const seat = await roomsApi(this.app).join(this.roomId, { proof, memberId: person.memberId, card });
    return victim(this.app, person, seat, keys);
  }

  /** What a member seals, for the place where it is to stand. */
  async seal(
    author: Someone,
    id: string,
    content: object | string,
    { keys = this.keys, roomId = this.roomId, by = author.memberId } = {},
  ): Promise<string> {
    const messageId = messageIdSchema.parse(id);
    const said = typeof content === 'string' ? { kind: 'text', text: content } : content;
    return sealSigned(
      keys,
      { field: 'content', roomId, memberId: by, messageId },
      author.identity.sign.privateKey,
      said,
    );
  }
}

/** What a member gets of a rekey that somebody posted; null: nothing that opens. */
export const wrapOpens = async ({ roomId }: HostileRoom, from: Someone, to: Someone, { epoch, wraps }: Rekey) => {
  const wrap = wraps[to.memberId] ?? '';
  const place = { roomId, epoch, from: from.memberId, to: to.memberId };
  return (await unwrapSecret(place, to.identity.agree.privateKey, from.identity.agree.publicKey, wrap)) !== null;
};

/** The keys that a page has in its link. */
export const keysOf = (session: RunningSession, epoch: number): Promise<RoomKeys> =>
  deriveRoomKeys(secretSchema.parse(session.info.get().link), epoch);

function victim(app: TestApp, person: Someone, seat: Seat, keys: RoomKeys): Victim {
  const server = new LyingServer(app.url, seat.roomId, seat.token);
  const known = {
    faults: [] as unknown[],
    ends: [] as EndReason[],
    reseats: [] as string[],
    storage: new FakeStorage(),
  };
  const open = async (visit: Partial<Visit> = {}): Promise<RunningSession> => {
    const api = createRoomApi({ origin: app.url, fetcher: server.fetch, isOnline: () => true });
    const answer = await api.readRoom(seat.roomId);
    if (!answer.ok || answer.value.you === null) throw new Error('The seat was not found');
    const { you, ...room } = answer.value;
    const page = new FakePage();
    // Short waits: what is repeated is seen to be.
    const random = () => 0.02;
    const session = createRunningSession(
      {
        api,
        page,
        storage: known.storage,
        random,
        report: (fault) => known.faults.push(fault),
        openStream: (id, handlers) =>
          openEventStream(
            { fetch: server.fetch, random, page, locks: undefined, openChannel: undefined },
            id,
            handlers,
          ),
      },
      {
        room,
        seat: you,
        keys,
        identity: person.identity,
        lowestEpoch: 0,
        name: person.name,
        nameIsNew: false,
        clock: createMeasuredClock(),
        linkOf: (secret) => secret ?? '',
        onSecret: () => undefined,
        onEndMoved: () => undefined,
        onEnd: (reason) => known.ends.push(reason),
        onReseated: (draft) => known.reseats.push(draft),
        ...visit,
      },
    );
    onTestFinished(session.stop);
    session.start();
    await eventually(() => session.connection.get().state === 'live' || Promise.reject(new Error('not live')));
    return session;
  };
  return { ...person, ...known, seat, server, open };
}
