import 'server-only';
import type { MemberId } from '@/domain/room';

/** Where a stream's bytes go: a socket, or what a test puts in its place. */
export interface Sink {
  write(bytes: Buffer): void;
  /** Bytes accepted and not yet taken by the reader. */
  readonly backlogBytes: number;
  /** Resolves when nothing is waiting, or the stream has closed. */
  drained(): Promise<void>;
  /** Ends the stream after what was written. */
  end(): void;
  /** Ends it now and drops whatever is waiting. */
  destroy(): void;
}

/** A reader that stalls costs its whole backlog in memory: past this it is disconnected and comes back by its cursor. */
const BACKLOG_BYTES_MAX = 1_048_576;
/** A reader that takes nothing for this long has stalled; one that is only slow keeps its stream. */
const STALL_MS = 10_000;
/** No reader may leave this much waiting, however steadily they read. */
const BACKLOG_BYTES_LIMIT = 4_194_304;
/** A replay may be larger than that: past this it waits for its reader. */
const REPLAY_BACKLOG_BYTES = 65_536;

/** One open stream of one member. */
export class Listener {
  readonly #sink: Sink;
  #memberId: MemberId;
  #open = true;
  #writtenBytes = 0;
  /** How much the reader had taken when that last grew, and when; only kept while it is far behind. */
  #progress: { takenBytes: number; at: number } | null = null;

  constructor(memberId: MemberId, sink: Sink) {
    this.#memberId = memberId;
    this.#sink = sink;
  }

  get memberId(): MemberId {
    return this.#memberId;
  }

  /** Its member has another id from now on. */
  moveTo(memberId: MemberId): void {
    this.#memberId = memberId;
  }

  get open(): boolean {
    return this.#open;
  }

  /** False when the reader is too far behind and was disconnected. */
  write(bytes: Buffer): boolean {
    if (!this.#open) return false;
    this.#sink.write(bytes);
    this.#writtenBytes += bytes.byteLength;
    if (!this.#isLost()) return true;
    this.disconnect();
    return false;
  }

  /** Resolves when more of a replay may be written. A reader that takes nothing for `stallMs` is disconnected. */
  async ready(stallMs: number): Promise<void> {
    if (!this.#open || this.#sink.backlogBytes <= REPLAY_BACKLOG_BYTES) return;
    let taken = this.#takenBytes;
    const timer = setInterval(() => {
      if (this.#takenBytes === taken) this.disconnect();
      taken = this.#takenBytes;
    }, stallMs);
    await this.#sink.drained();
    clearInterval(timer);
  }

  get #takenBytes(): number {
    return this.#writtenBytes - this.#sink.backlogBytes;
  }

  #isLost(): boolean {
    const { backlogBytes } = this.#sink;
    if (backlogBytes <= BACKLOG_BYTES_MAX) {
      this.#progress = null;
      return false;
    }
    if (backlogBytes > BACKLOG_BYTES_LIMIT) return true;
    const [takenBytes, now] = [this.#takenBytes, performance.now()];
    if (this.#progress === null || takenBytes > this.#progress.takenBytes) this.#progress = { takenBytes, at: now };
    return now - this.#progress.at >= STALL_MS;
  }

  end(lastBytes?: Buffer): void {
    if (!this.#open) return;
    this.#open = false;
    if (lastBytes !== undefined) this.#sink.write(lastBytes);
    this.#sink.end();
  }

  /** The other side closed the stream. */
  closed(): void {
    this.#open = false;
  }

  /** Ends the stream now: a reader who was too slow comes back by their cursor. */
  disconnect(): void {
    this.#open = false;
    this.#sink.destroy();
  }
}
