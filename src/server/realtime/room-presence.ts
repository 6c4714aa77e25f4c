import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { logError } from '@/server/log';
import { roomKeys } from '@/server/storage/keys';
import { heartbeatScript } from '@/server/storage/presence';
import { type HereTold, hereToldSchema } from './here-list';
import type { StreamTimings } from './stream-timings';

const replySchema = z.tuple([z.literal('ok'), cursorSchema, z.coerce.number()]);

export interface PresencePlace {
  redis: Redis;
  roomId: RoomId;
  processId: string;
  timings: StreamTimings;
}

export interface PresenceHandlers {
  /** A heartbeat begins. */
  asking(): HeartbeatQuestion;
  /** A member was away for longer than the time of grace. */
  away(memberId: MemberId): void;
  gone(): void;
  /** Nobody is left to speak for. */
  empty(): void;
}

export interface HeartbeatQuestion {
  /** The turn that is known of who is here. */
  turn: number;
  /** Called with the stream's newest id, and the list that everybody should have heard where that is of another turn. */
  tell: (newest: Cursor, told: HereTold | null) => void;
}

/** What the check of a credential told Redis and learned about who is here. */
export interface Arrival {
  /** When the check was sent, by `performance.now()`. */
  askedAt: number;
  /** The ms to wait when the change came too soon after the last one that was published; 0 when it is told. */
  waitMs: number;
}

/**
 * Which members of one room listen to this process, told to Redis for all of them at once. Who arrives
 * is told by the check of their credential; the rest, and that they still are here, by heartbeats.
 */
export class RoomPresence {
  readonly #place: PresencePlace;
  readonly #handlers: PresenceHandlers;
  /** Open streams by member; a member with none is in the grace time. */
  readonly #streams = new Map<MemberId, number>();
  readonly #graceTimers = new Map<MemberId, NodeJS.Timeout>();
  /** Those away of whom Redis was not told yet. */
  readonly #gone = new Set<MemberId>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #toldAt = -Infinity;
  #telling = false;
  /** How often somebody came or went that Redis was not told of. */
  #changes = 0;
  #stopped = false;

  constructor(place: PresencePlace, handlers: PresenceHandlers) {
    this.#place = place;
    this.#handlers = handlers;
  }

  arrived(memberId: MemberId, { askedAt, waitMs }: Arrival): void {
    clearTimeout(this.#graceTimers.get(memberId));
    this.#graceTimers.delete(memberId);
    this.#gone.delete(memberId);
    const streams = this.#streams.get(memberId);
    this.#streams.set(memberId, (streams ?? 0) + 1);
    if (streams !== undefined) return;
    // A heartbeat that told the member gone may have crossed the check, and have taken it back.
    if (this.#telling || this.#toldAt >= askedAt) this.#change();
    else this.#schedule(waitMs > 0 ? waitMs : this.#place.timings.heartbeat);
  }

  departed(memberId: MemberId): void {
    if (this.#stopped) return;
    const streams = (this.#streams.get(memberId) ?? 1) - 1;
    this.#streams.set(memberId, streams);
    if (streams > 0) return;
    const away = () => {
      this.#graceTimers.delete(memberId);
      this.#streams.delete(memberId);
      this.#gone.add(memberId);
      this.#handlers.away(memberId);
      this.#change();
    };
    this.#graceTimers.set(memberId, setTimeout(away, this.#place.timings.away));
  }

  /** Shortens the lease to the grace time, as far as Redis answers: this process's members come back elsewhere. */
  async withdraw(): Promise<void> {
    this.stop();
    await this.#tell(this.#place.timings.away).catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
  }

  #change(): void {
    this.#changes += 1;
    if (!this.#telling) this.#schedule(this.#toldAt + this.#place.timings.gather - performance.now());
  }

  /** The next heartbeat is then, or as early as it was meant to be. */
  #schedule(waitMs: number): void {
    const dueAt = performance.now() + Math.max(0, waitMs);
    if (this.#stopped || this.#telling || this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.#beat(), Math.max(0, waitMs));
  }

  async #beat(): Promise<void> {
    this.#telling = true;
    this.#dueAt = Infinity;
    const changes = this.#changes;
    const nextMs = await this.#tell(this.#place.timings.lease).catch((error: unknown) => {
      // The next heartbeat says it all again; until then the lease holds.
      logError('presence.heartbeat_failed', error);
      return this.#place.timings.heartbeatRetry;
    });
    this.#telling = false;
    this.#toldAt = performance.now();
    if (this.#changes !== changes) this.#schedule(this.#place.timings.gather);
    else if (nextMs > 0) this.#schedule(nextMs);
    else if (this.#streams.size > 0) this.#schedule(this.#place.timings.heartbeat);
    else if (!this.#stopped) this.#handlers.empty();
  }

  /** The ms to wait when a change came too soon after the last one that was published. */
  async #tell(leaseMs: number): Promise<number> {
    const { redis, roomId, processId, timings } = this.#place;
    const { turn, tell } = this.#handlers.asking();
    const gone = [...this.#gone];
    const [status, ...answer] = await heartbeatScript.run(redis, roomKeys(roomId), [
      roomId,
      processId,
      leaseMs,
      timings.gather,
      turn,
      ...this.#streams.keys(),
      ...gone.map((memberId) => `-${memberId}`),
    ]);
    for (const memberId of gone) this.#gone.delete(memberId);
    if (status === 'room_not_found') {
      this.#handlers.gone();
      return 0;
    }
    const [, newest, waitMs] = replySchema.parse([status, ...answer.slice(0, 2)]);
    tell(newest, hereToldSchema.parse(answer.slice(2)));
    return waitMs;
  }
}
