import 'server-only';
import type { ServerResponse } from 'node:http';
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
