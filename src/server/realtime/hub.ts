import 'server-only';
import { RoomError } from '@/domain/errors';
import type { Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { newRequestId } from '@/server/auth/tokens';
import type { StorageRedis } from '@/server/storage/client';
import { type Admission, FollowedRoom } from './followed-room';
import { Listener, type Sink } from './listener';
import { PingWheel } from './ping-wheel';
import { StreamLimits, type StreamPlaceTaken } from './stream-limits';
import { STREAM_TIMINGS, type StreamTimings } from './stream-timings';
import { pingFrame, reconnectFrame } from './wire';

/** The part of its longest life that a stream has for sure. */
const RENEWED_FROM = 0.75;

/** Who asks for a stream. */
export interface StreamRequest {
  roomId: RoomId;
  tokenHash: string;
  address: string;
}

export interface ListenRequest extends Admission {
  /** Until the room expires, by Redis's clock. */
  leftMs: number;
  /** Called when the stream is admitted: from then on the answer is a stream. */
  openSink: () => Sink;
}

export interface HubOptions {
  redis: StorageRedis;
  rateLimits: boolean;
  /** Tests live faster. */
  timings?: Partial<StreamTimings>;
}

/** A stream that was asked for, from before its credential is checked until it ends or is refused. */
export interface StreamClaim extends StreamRequest, StreamPlaceTaken {
  /** What the check tells Redis for this process: the member is here, for as long as the lease. */
  processId: string;
  leaseMs: number;
  gatherMs: number;
  /** Whether the list of those here is wanted, as the process does not hear of it yet. */
  wantsHere: boolean;
}

interface Riding {
  room: FollowedRoom;
  /** What is to be done when the listener has gone. */
  gone: () => void;
}

/** Every stream of this process: one subscription for a room, however many listen. */
export class RoomHub {
  readonly #redis: StorageRedis;
  readonly #timings: StreamTimings;
  readonly #processId = newRequestId();
  readonly #rooms = new Map<RoomId, FollowedRoom>();
  readonly #limits: StreamLimits;
  readonly #riding = new Map<Listener, Riding>();
  readonly #wheel: PingWheel<Listener>;
  #closing = false;

  constructor({ redis, rateLimits, timings }: HubOptions) {
    this.#redis = redis;
    this.#timings = { ...STREAM_TIMINGS, ...timings };
    this.#limits = new StreamLimits(rateLimits);
    this.#wheel = new PingWheel(this.#timings.ping, (listeners) => {
      const bytes = pingFrame(Date.now());
      for (const listener of listeners) this.#riding.get(listener)?.room.tell(listener, bytes);
    });
  }

  /** The first word of a stream, before its credential is checked. Throws `storage_unavailable` once the hub is closing. */
  claim(request: StreamRequest): StreamClaim {
    this.#refuseWhenClosing();
    const { roomId, tokenHash, address } = request;
    const { lease, gather } = this.#timings;
    return {
      ...request,
      ...this.#limits.take(`${roomId} ${tokenHash}`, address),
      processId: this.#processId,
      leaseMs: lease,
      gatherMs: gather,
      wantsHere: this.#rooms.get(roomId)?.hearing !== true,
    };
  }

  /** What the check of a claim's credential would say, where that is known without asking Redis. */
  recall({ roomId, tokenHash }: StreamRequest, lastAck: Cursor | null): Admission | null {
    return this.#rooms.get(roomId)?.recall(tokenHash, lastAck) ?? null;
  }

  /** Begins a stream. The returned function is to be called when its reader has gone. */
  listen(claim: StreamClaim, { leftMs, openSink, ...admission }: ListenRequest): () => void {
    this.#refuseWhenClosing();
    if (claim.waitMs > 0) throw new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(claim.waitMs / 1_000) });
    const listener = new Listener(admission.memberId, openSink());
    const room = this.#follow(claim.roomId, leftMs);
    const timer = this.#plannedEnd(() => {
      listener.end(reconnectFrame(Date.now()));
      room.closed(listener);
    });
    this.#wheel.add(listener);
    this.#riding.set(listener, {
      room,
      gone: () => {
        clearTimeout(timer);
        claim.release();
      },
    });
    room.listen(listener, claim.tokenHash, admission);
    return () => room.closed(listener);
  }

  /** Ends all streams so that clients come back elsewhere, and takes no new ones. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#wheel.stop();
    const bytes = reconnectFrame(Date.now());
    await Promise.all([...this.#rooms.values()].map((room) => room.leave(bytes)));
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new RoomError('storage_unavailable', { retryAfterSeconds: 1 });
  }

  #follow(roomId: RoomId, leftMs: number): FollowedRoom {
    const followed = this.#rooms.get(roomId);
    if (followed !== undefined) return followed;
    const place = { redis: this.#redis, roomId, processId: this.#processId, timings: this.#timings };
    const room = new FollowedRoom(place, leftMs, {
      released: () => {
        if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId);
      },
      dropped: (listener) => {
        this.#riding.get(listener)?.gone();
        this.#riding.delete(listener);
        this.#wheel.remove(listener);
      },
    });
    this.#rooms.set(roomId, room);
    return room;
  }

  /** Anywhere in the last quarter of the time allowed, so that streams do not all end together. */
  #plannedEnd(end: () => void): NodeJS.Timeout {
    return setTimeout(end, this.#timings.renewal * (RENEWED_FROM + Math.random() * (1 - RENEWED_FROM)));
  }
}
