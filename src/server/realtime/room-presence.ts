import 'server-only';
import type { Redis } from '@upstash/redis';
import * as z from 'zod/mini';
import { type Cursor, cursorSchema } from '@/domain/message';
import type { MemberId, RoomId } from '@/domain/room';
import { logError } from '@/server/log';
import { roomKeys } from '@/server/storage/keys';
import { heartbeatScript } from '@/server/storage/scripts/streams';

/** At most three commands a minute and process, and a dead subscription is found within half a minute. */
const HEARTBEAT_MS = 25_000;
/** Two heartbeats may be missed; a process that died is forgotten within a minute. */
const LEASE_MS = 55_000;
/** Who drops and comes back within this time was never away. */
const GRACE_MS = 15_000;
/** Changes are gathered to one event a second. */
const GATHER_MS = 1_000;

const replySchema = z.tuple([z.literal('ok'), cursorSchema, z.coerce.number()]);

export interface PresenceHandlers {
  /** The newest id of the stream, with every heartbeat. */
  newest(id: Cursor): void;
  gone(): void;
  /** Nobody is left to speak for. */
  empty(): void;
}

/** Which members of one room listen to this process, told to Redis for all of them at once. */
export class RoomPresence {
  readonly #redis: Redis;
  readonly #roomId: RoomId;
  readonly #processId: string;
  readonly #handlers: PresenceHandlers;
  /** Open streams by member; a member with none is in the grace time. */
  readonly #streams = new Map<MemberId, number>();
  readonly #graceTimers = new Map<MemberId, NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #toldAt = 0;
  #telling = false;
  /** Who came or went since the last heartbeat began. */
  readonly #changed = new Set<MemberId>();
  #stopped = false;

  constructor(redis: Redis, roomId: RoomId, processId: string, handlers: PresenceHandlers) {
    this.#redis = redis;
    this.#roomId = roomId;
    this.#processId = processId;
    this.#handlers = handlers;
  }

  arrived(memberId: MemberId): void {
    clearTimeout(this.#graceTimers.get(memberId));
    this.#graceTimers.delete(memberId);
    const streams = this.#streams.get(memberId);
    this.#streams.set(memberId, (streams ?? 0) + 1);
    if (streams === undefined) this.#change(memberId);
  }

  departed(memberId: MemberId): void {
    const streams = (this.#streams.get(memberId) ?? 1) - 1;
    this.#streams.set(memberId, streams);
    if (streams > 0) return;
    const away = () => {
      this.#graceTimers.delete(memberId);
      this.#streams.delete(memberId);
      this.#change(memberId);
    };
    this.#graceTimers.set(memberId, setTimeout(away, GRACE_MS));
  }

  /** Takes this process's members back at once, as far as Redis answers: they will show up elsewhere. */
  async withdraw(): Promise<void> {
    this.stop();
    this.#streams.clear();
    await this.#tell().catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
  }

  #change(memberId: MemberId): void {
    this.#changed.add(memberId);
    if (!this.#telling) this.#schedule(Math.max(0, this.#toldAt + GATHER_MS - Date.now()));
  }

  #schedule(waitMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#beat(), waitMs);
  }

  async #beat(): Promise<void> {
    this.#telling = true;
    this.#changed.clear();
    let waitMs = 0;
    try {
      waitMs = await this.#tell();
    } catch (error) {
      // The next heartbeat says it all again; until then the lease holds.
      logError('presence.heartbeat_failed', error);
    }
    this.#telling = false;
    this.#toldAt = Date.now();
    if (this.#changed.size > 0) this.#schedule(GATHER_MS);
    else if (waitMs > 0) this.#schedule(waitMs);
    else if (this.#streams.size > 0) this.#schedule(HEARTBEAT_MS);
    else if (!this.#stopped) this.#handlers.empty();
  }

  /** The ms to wait when a change came too soon after the last one that was published. */
  async #tell(): Promise<number> {
    const reply = await heartbeatScript.run(this.#redis, roomKeys(this.#roomId), [
      this.#roomId, this.#processId, LEASE_MS, GATHER_MS, ...this.#streams.keys(),
    ]);
    if (reply[0] === 'room_not_found') {
      this.#handlers.gone();
      return 0;
    }
    const [, newest, waitMs] = replySchema.parse(reply);
    this.#handlers.newest(newest);
    return waitMs;
  }
}
