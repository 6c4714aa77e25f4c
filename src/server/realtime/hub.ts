import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import { STREAMS_PER_ADDRESS, STREAMS_PER_MEMBER } from '@/domain/limits';
import type { MemberId, RoomId } from '@/domain/room';
import { newRequestId } from '@/server/auth/tokens';
import { type Admission, FollowedRoom } from './followed-room';
import { Listener, type Sink } from './listener';
import { STREAM_TIMINGS, type StreamTimings } from './stream-timings';
import { pingFrame, reconnectFrame } from './wire';

/** When a stream too many was refused: by then another may have closed. */
const TOO_MANY_RETRY_SECONDS = 20;

export interface ListenRequest extends Admission {
  roomId: RoomId;
  memberId: MemberId;
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
  /** Tests live faster. */
  timings?: Partial<StreamTimings>;
}

/** What the check of a credential tells Redis for this process: the member is here, for as long as the lease. */
export interface PresenceClaim {
  processId: string;
  leaseMs: number;
  gatherMs: number;
  /** Whether the list of those here is wanted, as the process does not hear of it yet. */
  wantsHere: boolean;
}

/** Every stream of this process: one subscription for a room, however many listen. */
export class RoomHub {
  readonly #options: HubOptions;
  readonly #timings: StreamTimings;
  readonly #processId = newRequestId();
  readonly #rooms = new Map<RoomId, FollowedRoom>();
  readonly #streams = new Map<string, number>();
  /** What is to be done when a listener has gone. */
  readonly #ended = new Map<Listener, () => void>();
  #pingTimer: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timings = { ...STREAM_TIMINGS, ...options.timings };
  }

  /** What a listener's credential is checked with. Throws `storage_unavailable` once the hub is closing. */
  claim(roomId: RoomId): PresenceClaim {
    this.#refuseWhenClosing();
    const { lease, gather } = this.#timings;
    const wantsHere = this.#rooms.get(roomId)?.hearing !== true;
    return { processId: this.#processId, leaseMs: lease, gatherMs: gather, wantsHere };
  }

  /** Begins a stream. The returned function is to be called when its reader has gone. */
  listen({ roomId, memberId, leftMs, address, openSink, ...admission }: ListenRequest): () => void {
    this.#refuseWhenClosing();
    const counted = [`member ${roomId} ${memberId}`, `address ${address}`];
    this.#admit(counted);
    const listener = new Listener(memberId, openSink());
    const room = this.#follow(roomId, leftMs);
    const timer = this.#plannedEnd(() => {
      listener.end(reconnectFrame(Date.now()));
      room.closed(listener);
    });
    this.#pingTimer ??= setInterval(() => this.#ping(), this.#timings.ping);
    this.#ended.set(listener, () => {
      clearTimeout(timer);
      for (const key of counted) this.#count(key, -1);
    });
    room.listen(listener, admission);
    return () => room.closed(listener);
  }

  /** Ends all streams so that clients come back elsewhere, and takes no new ones. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#pingTimer);
    const bytes = reconnectFrame(Date.now());
    await Promise.all([...this.#rooms.values()].map((room) => room.leave(bytes)));
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new RoomError('storage_unavailable', { retryAfterSeconds: 1 });
  }

  #follow(roomId: RoomId, leftMs: number): FollowedRoom {
    const followed = this.#rooms.get(roomId);
    if (followed !== undefined) return followed;
    const place = { redis: this.#options.redis, roomId, processId: this.#processId, timings: this.#timings };
    const room = new FollowedRoom(place, leftMs, {
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
