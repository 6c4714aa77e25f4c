import 'server-only';
import type { Redis } from '@upstash/redis';
import { RoomError } from '@/domain/errors';
import type { Cursor } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { logError } from '@/server/log';
import { type PublishedHere, reportPresence } from '@/server/storage/presence';
import type { StreamTimings } from './stream-timings';

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
  /** Receives the stream's newest id, and the last publication of who is here where its turn is not the known one. */
  learn: (newest: Cursor, here: PublishedHere | null) => void;
}

/** The check of a credential as presence sees it: it reports the member to Redis as here. */
export interface Arrival {
  /** When the check was sent, by `performance.now()`. */
  askedAt: number;
  /** The ms to wait when the change came too soon after the last one that was published; 0 when it is published. */
  waitMs: number;
}

/**
 * Which members of one room listen to this process, reported to Redis for all of them at once. An arrival
 * is reported by the check of the credential; departures, and that the others still are here, by heartbeats.
 */
export class RoomPresence {
  readonly #place: PresencePlace;
  readonly #handlers: PresenceHandlers;
  /** Open streams by member; a member with none is in the grace time. */
  readonly #streams = new Map<MemberId, number>();
  readonly #graceTimers = new Map<MemberId, NodeJS.Timeout>();
  /** Members who are away and have not been reported to Redis. */
  readonly #away = new Set<MemberId>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #reportedAt = -Infinity;
  #reporting = false;
  /** How often somebody came or went since the last report. */
  #changes = 0;
  #stopped = false;

  constructor(place: PresencePlace, handlers: PresenceHandlers) {
    this.#place = place;
    this.#handlers = handlers;
  }

  arrived(memberId: MemberId, { askedAt, waitMs }: Arrival): void {
    this.#endGrace(memberId);
    this.#away.delete(memberId);
    const streams = this.#streams.get(memberId);
    this.#streams.set(memberId, (streams ?? 0) + 1);
    if (streams !== undefined) return;
    // A heartbeat that reported the member as away may have crossed the check, and have undone it.
    if (this.#reporting || this.#reportedAt >= askedAt) this.#change();
    else this.#schedule(waitMs > 0 ? waitMs : this.#place.timings.heartbeat);
  }

  departed(memberId: MemberId): void {
    if (this.#stopped) return;
    const streams = (this.#streams.get(memberId) ?? 1) - 1;
    this.#streams.set(memberId, streams);
    if (streams === 0) this.#beginGrace(memberId);
  }

  /**
   * A member has another id: their streams count under it, and so do those that came under it before this was heard. The
   * report that follows at once makes everybody hear of it.
   */
  moved(from: MemberId, to: MemberId): void {
    if (this.#stopped) return;
    const streams = this.#streams.get(from);
    if (streams === undefined) {
      // Redis took the new id for here where the move came before the report that the former one is away.
      if (!this.#away.delete(from) || this.#streams.has(to)) return;
      this.#away.add(to);
    } else {
      this.#endGrace(from);
      this.#endGrace(to);
      this.#streams.delete(from);
      const theirs = streams + (this.#streams.get(to) ?? 0);
      this.#streams.set(to, theirs);
      if (theirs === 0) this.#beginGrace(to);
    }
    this.#change();
  }

  /** Shortens the lease to the grace time, as far as Redis answers: this process's members come back elsewhere. */
  async withdraw(): Promise<void> {
    this.stop();
    await this.#report(this.#place.timings.away).catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
  }

  #beginGrace(memberId: MemberId): void {
    const away = () => {
      this.#graceTimers.delete(memberId);
      this.#streams.delete(memberId);
      this.#away.add(memberId);
      this.#handlers.away(memberId);
      this.#change();
    };
    this.#graceTimers.set(memberId, setTimeout(away, this.#place.timings.away));
  }

  #endGrace(memberId: MemberId): void {
    clearTimeout(this.#graceTimers.get(memberId));
    this.#graceTimers.delete(memberId);
  }

  #change(): void {
    this.#changes += 1;
    if (!this.#reporting) this.#schedule(this.#reportedAt + this.#place.timings.gather - performance.now());
  }

  /** The next heartbeat is then, or as early as it was meant to be. */
  #schedule(waitMs: number): void {
    const dueAt = performance.now() + Math.max(0, waitMs);
    if (this.#stopped || this.#reporting || this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.#beat(), Math.max(0, waitMs));
  }

  async #beat(): Promise<void> {
    this.#reporting = true;
    this.#dueAt = Infinity;
    const changes = this.#changes;
    const nextMs = await this.#report(this.#place.timings.lease).catch((error: unknown) => {
      // The next heartbeat says it all again; until then the lease holds.
      logError('presence.heartbeat_failed', error);
      return this.#place.timings.heartbeatRetry;
    });
    this.#reporting = false;
    this.#reportedAt = performance.now();
    if (this.#changes !== changes) this.#schedule(this.#place.timings.gather);
    else if (nextMs > 0) this.#schedule(nextMs);
    else if (this.#streams.size > 0) this.#schedule(this.#place.timings.heartbeat);
    else if (!this.#stopped) this.#handlers.empty();
  }

  /** The ms to wait when a change came too soon after the last one that was published. */
  async #report(leaseMs: number): Promise<number> {
    const { redis, roomId, processId, timings } = this.#place;
    const { turn, learn } = this.#handlers.asking();
    const away = [...this.#away];
    const report = { roomId, processId, leaseMs, gapMs: timings.gather, knownTurn: turn };
    const reported = await reportPresence(redis, { ...report, here: this.#streams.keys(), away }).catch(
      (error: unknown) => {
        if (error instanceof RoomError && error.reason === 'room_not_found') return null;
        throw error;
      },
    );
    for (const memberId of away) this.#away.delete(memberId);
    if (reported === null) {
      this.#handlers.gone();
      return 0;
    }
    learn(reported.newest, reported.here);
    return reported.waitMs;
  }
}
