import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import { STREAMS_PER_ADDRESS, STREAMS_PER_MEMBER } from '@/domain/limits';
import type { Cursor } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { newRequestId } from '@/server/auth/tokens';
import { FollowedRoom } from './followed-room';
import { Listener, type Sink } from './listener';
import { pingFrame, reconnectFrame } from './wire';

const PING_MS = 20_000;
/** When a stream too many was refused: by then another may have closed. */
const TOO_MANY_RETRY_SECONDS = 20;

export interface ListenRequest {
  roomId: RoomId;
  memberId: MemberId;
  /** Where the listener left off; not later than the newest event. */
  cursor: Cursor;
  /** Until the room expires, by Redis's clock. */
  leftMs: number;
  address: string;
  /** Called when the stream is admitted: from then on the answer is a stream. */
  openSink: () => Sink;
}

export interface HubOptions {
  redis: Redis;
  rateLimits: boolean;
  /** Where the platform ends a function after a time: streams end themselves before, each at its own moment. */
  maxStreamMs?: number | undefined;
}

/** Every stream of this process: one subscription for a room, however many listen. */
export class RoomHub {
  readonly #options: HubOptions;
  readonly #processId = newRequestId();
  readonly #rooms = new Map<RoomId, FollowedRoom>();
  readonly #streams = new Map<string, number>();
  /** What is to be done when a listener has gone. */
  readonly #ended = new Map<Listener, () => void>();
  #pingTimer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** Begins a stream. The returned function is to be called when its reader has gone. */
  listen({ roomId, memberId, cursor, leftMs, address, openSink }: ListenRequest): () => void {
    if (this.#closing) throw new RoomError('storage_unavailable', { retryAfterSeconds: 1 });
    const counted = [`member ${roomId} ${memberId}`, `address ${address}`];
    this.#admit(counted);
    const listener = new Listener(memberId, openSink());
    const room = this.#follow(roomId, leftMs);
    const timer = this.#plannedEnd(() => {
      listener.end(reconnectFrame(Date.now()));
      room.closed(listener);
    });
    this.#pingTimer ??= setInterval(() => this.#ping(), PING_MS);
    this.#ended.set(listener, () => {
      clearTimeout(timer);
      for (const key of counted) this.#count(key, -1);
    });
    room.listen(listener, cursor);
    return () => room.closed(listener);
  }

  /** Ends all streams so that clients come back elsewhere, and takes no new ones. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#pingTimer);
    const bytes = reconnectFrame(Date.now());
    await Promise.all([...this.#rooms.values()].map((room) => room.leave(bytes)));
  }

  #follow(roomId: RoomId, leftMs: number): FollowedRoom {
    const followed = this.#rooms.get(roomId);
    if (followed !== undefined) return followed;
    const room = new FollowedRoom(this.#options.redis, roomId, this.#processId, leftMs, {
      released: () => {
        if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId);
      },
      dropped: (listener) => {
        this.#ended.get(listener)?.();
        this.#ended.delete(listener);
        if (this.#ended.size > 0) return;
        clearInterval(this.#pingTimer);
        this.#pingTimer = undefined;
      },
    });
    this.#rooms.set(roomId, room);
    return room;
  }

  #admit([member = '', address = '']: readonly string[]): void {
    const tooMany =
      (this.#streams.get(member) ?? 0) >= STREAMS_PER_MEMBER || (this.#streams.get(address) ?? 0) >= STREAMS_PER_ADDRESS;
    if (tooMany && this.#options.rateLimits) {
      throw new RoomError('rate_limited', { retryAfterSeconds: TOO_MANY_RETRY_SECONDS });
    }
    this.#count(member, 1);
    this.#count(address, 1);
  }

  #count(key: string, by: number): void {
    const count = (this.#streams.get(key) ?? 0) + by;
    if (count > 0) this.#streams.set(key, count);
    else this.#streams.delete(key);
  }

  /** Anywhere in the second half of the time allowed, so that streams do not all end together. */
  #plannedEnd(end: () => void): NodeJS.Timeout | undefined {
    const { maxStreamMs } = this.#options;
    return maxStreamMs === undefined ? undefined : setTimeout(end, maxStreamMs * (0.5 + Math.random() / 2));
  }

  #ping(): void {
    const bytes = pingFrame(Date.now());
    for (const room of this.#rooms.values()) room.broadcast(bytes);
  }
}
