import 'server-only';
import { RoomError } from '@/domain/errors';
import type { Cursor } from '@/domain/message';
import type { RoomId } from '@/domain/room';
import { newRequestId } from '@/server/auth/tokens';
import type { StorageRedis } from '@/server/storage/client';
import { type Admission, FollowedRoom } from './followed-room';
import { GatheredSignals } from './gathered-signals';
import { Listener, type Sink } from './listener';
import { PeopleReports } from './people-reports';
import { PingWheel } from './ping-wheel';
import { StreamLimits, type StreamPlaceTaken } from './stream-limits';
import { STREAM_TIMINGS, type StreamTimings } from './stream-timings';
import { pingFrame, reconnectFrame } from './wire';

/** Every stream lives at least this part of the longest life. */
const RENEWED_FROM = 0.75;

/** A request for a stream, before its credential is checked. */
export interface StreamRequest {
  roomId: RoomId;
  tokenHash: string;
  address: string;
}

export interface ListenRequest extends Admission {
  /** Until the room expires, by Redis's clock. */
  leftMs: number;
  /** Called once the stream is admitted: from then on the response is a stream. */
  openSink: () => Sink;
}

export interface HubOptions {
  redis: StorageRedis;
  rateLimits: boolean;
  /** Whether it reports how many people have a stream here. */
  countsPeople?: boolean;
  /** Shorter ones, for tests. */
  timings?: Partial<StreamTimings>;
}

/** A place for a stream, from before its credential is checked until the stream ends or is refused. */
export interface StreamClaim extends StreamRequest, StreamPlaceTaken {
  /** The check reports to Redis in this process’s name that the member is here, for as long as the lease. */
  processId: string;
  leaseMs: number;
  gatherMs: number;
  /** Whether the check must return the list of members who are here, because the process does not follow it yet. */
  wantsHere: boolean;
}

interface Riding {
  room: FollowedRoom;
  /** Called once the listener’s stream has ended. */
  gone: () => void;
}

/** All streams of this process: one subscription for a room, however many listen. */
export class RoomHub {
  /** What members signal to each other, from the requests of this process. */
  readonly signals: GatheredSignals;
  readonly #redis: StorageRedis;
  readonly #timings: StreamTimings;
  /** A random name, in which it reports. */
  readonly processId = newRequestId();
  readonly #rooms = new Map<RoomId, FollowedRoom>();
  readonly #limits: StreamLimits;
  readonly #riding = new Map<Listener, Riding>();
  readonly #wheel: PingWheel<Listener>;
  readonly #reports: PeopleReports | null;
  #closing = false;

  constructor({ redis, rateLimits, countsPeople = false, timings }: HubOptions) {
    this.#redis = redis;
    this.#timings = { ...STREAM_TIMINGS, ...timings };
    this.#limits = new StreamLimits(rateLimits);
    const place = { redis, processId: this.processId };
    this.#reports = countsPeople ? new PeopleReports(place, () => this.people()) : null;
    this.signals = new GatheredSignals(redis, this.#timings.gather);
    this.#wheel = new PingWheel(this.#timings.ping, (listeners) => {
      const bytes = pingFrame(Date.now());
      for (const listener of listeners) this.#riding.get(listener)?.room.sendTo(listener, bytes);
    });
  }

  /** How many people have a stream here: members, each counted once in a room. */
  people(): number {
    let people = 0;
    for (const room of this.#rooms.values()) people += room.people();
    return people;
  }

  /** Takes a place for a stream before its credential is checked. Throws `storage_unavailable` once the hub is closing. */
  claim(request: StreamRequest): StreamClaim {
    this.#refuseWhenClosing();
    const { roomId, tokenHash, address } = request;
    const { lease, gather } = this.#timings;
    return {
      ...request,
      ...this.#limits.take(`${roomId} ${tokenHash}`, address),
      processId: this.processId,
      leaseMs: lease,
      gatherMs: gather,
      wantsHere: this.#rooms.get(roomId)?.hearing !== true,
    };
  }

  /** Returns what the check of a credential would find, where that is known without asking Redis. */
  recall({ roomId, tokenHash }: StreamRequest, lastAck: Cursor | null): Admission | null {
    return this.#rooms.get(roomId)?.recall(tokenHash, lastAck) ?? null;
  }

  /** Begins a stream. Call the returned function when its reader has disconnected. */
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
    this.#reports?.arrived();
    return () => room.closed(listener);
  }

  /** Ends all streams so that clients come back elsewhere, and accepts no new ones. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#wheel.stop();
    this.#reports?.stop();
    this.signals.close();
    const bytes = reconnectFrame(Date.now());
    await Promise.all([...this.#rooms.values()].map((room) => room.leave(bytes)));
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new RoomError('storage_unavailable', { retryAfterSeconds: 1 });
  }

  #follow(roomId: RoomId, leftMs: number): FollowedRoom {
    const followed = this.#rooms.get(roomId);
    if (followed !== undefined) return followed;
    const place = { redis: this.#redis, roomId, processId: this.processId, timings: this.#timings };
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

  /** At a random moment in the last quarter of the longest life, so streams do not all end together. */
  #plannedEnd(end: () => void): NodeJS.Timeout {
    return setTimeout(end, this.#timings.renewal * (RENEWED_FROM + Math.random() * (1 - RENEWED_FROM)));
  }
}
