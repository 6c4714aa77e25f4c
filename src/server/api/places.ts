import 'server-only';
import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as ownTurn, setTimeout as pause } from 'node:timers/promises';
import { RoomError } from '@/domain/errors';
import type { RoomReason } from '@/domain/room-reasons';

export const AGAIN_SOON = { retryAfterSeconds: 1 };

/** Turns of the event loop, of which no two of a queue are taken without a pause between them. */
export class OwnTurns {
  readonly #turns: (() => void)[] = [];

  /**
   * Resolves in a turn of the event loop in which nothing else of this queue begins. Where the storage is in this process, a page is
   * read, sent and taken without a pause, and many requested in a row would hold up everybody.
   */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#turns.push(resolve);
      if (this.#turns.length === 1) setImmediate(() => this.#next());
    });
  }

  #next(): void {
    this.#turns[0]?.();
    this.#turns.shift();
    if (this.#turns.length > 0) setImmediate(() => this.#next());
  }
}

/** While others are served, a queue has at most a third of the event loop. */
const REST_PER_WORK = 2;
/** However busy the process is, its queue moves on. */
const REST_MS_MAX = 50;
/** Whoever was here this long ago may be in the middle of a talk. */
const OTHERS_MS = 10_000;

/** Turns of a queue for work of which there is always more, in a process that serves others too. */
export class RestedTurns {
  #since = performance.eventLoopUtilization();
  #line = Promise.resolve();
  #othersUntil = 0;

  /** Somebody asks for something outside this queue. */
  noticeOthers(): void {
    this.#othersUntil = performance.now() + OTHERS_MS;
  }

  /**
   * Resolves in a turn of the event loop of its own; when others were here lately, once the loop has been idle for twice as long as
   * it was busy since the turn before. Without that, the queue takes all of a process, and everybody else waits for some of it at each
   * step of theirs, however few of the queue are under way.
   */
  take(): Promise<void> {
    this.#line = this.#line.then(() => this.#rest());
    return this.#line;
  }

  async #rest(): Promise<void> {
    await ownTurn();
    const until = performance.now() + REST_MS_MAX;
    while (performance.now() < this.#othersUntil) {
      const { active, idle } = performance.eventLoopUtilization(this.#since);
      const restMs = Math.min(active * REST_PER_WORK - idle, until - performance.now());
      if (restMs <= 0) break;
      await pause(restMs);
    }
    this.#since = performance.eventLoopUtilization();
  }
}

/** A number of places; anyone who finds none free waits in line. */
export class Places {
  #free: number;
  #line = new Set<() => void>();

  constructor(
    count: number,
    readonly countMax = count,
  ) {
    this.#free = count;
  }

  get waiting(): number {
    return this.#line.size;
  }

  get unused(): boolean {
    return this.#free === this.countMax;
  }

  /** Resolves in turn; rejects when the reader has disconnected by then, or the time is over. */
  async take(response: ServerResponse | undefined, waitMs?: number): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const settle = (then: () => void) => {
        this.#line.delete(enter);
        clearTimeout(timer);
        response?.off('close', leave);
        then();
      };
      const enter = () => settle(resolve);
      const refuse = (reason: RoomReason) => settle(() => reject(new RoomError(reason, AGAIN_SOON)));
      // A reader that has disconnected never sees this refusal: it only ends the wait.
      const leave = () => refuse('rate_limited');
      const timer = waitMs === undefined ? undefined : setTimeout(() => refuse('storage_unavailable'), waitMs);
      response?.once('close', leave);
      this.#line.add(enter);
    });
  }

  give(): void {
    const [next] = this.#line;
    if (next === undefined) this.#free += 1;
    else next();
  }
}
