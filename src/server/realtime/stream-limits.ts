import 'server-only';
import { STREAM_OPENINGS_PER_MEMBER, STREAMS_PER_ADDRESS, STREAMS_PER_MEMBER } from '@/domain/limits';

/** How long to wait when there was one stream too many: by then another may have closed. */
const TOO_MANY_RETRY_MS = 20_000;

export interface StreamPlaceTaken {
  /** Milliseconds to wait when this is one stream too many, else 0. */
  readonly waitMs: number;
  /** The stream has ended. */
  release(): void;
  /** It was never opened: the credential did not hold, or there was no Redis to ask. */
  cancel(): void;
}

const refused = (waitMs: number): StreamPlaceTaken => ({ waitMs, release: () => undefined, cancel: () => undefined });

/** Counts the streams of each member and address in this process, and how often a member opens one. */
export class StreamLimits {
  readonly #isOn: boolean;
  readonly #open = new Map<string, number>();
  /** The times at which members opened streams in the last half minute; the latest member last. */
  readonly #openings = new Map<string, number[]>();

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  /**
   * Takes a place for a stream. It is counted by the credential, before that is checked, so no member is reported as
   * here whose stream is then refused.
   */
  take(member: string, address: string): StreamPlaceTaken {
    if (!this.#isOn) return refused(0);
    const keys = [`member ${member}`, `address ${address}`] as const;
    if (this.#count(keys[0]) >= STREAMS_PER_MEMBER || this.#count(keys[1]) >= STREAMS_PER_ADDRESS) {
      return refused(TOO_MANY_RETRY_MS);
    }
    const now = performance.now();
    this.#dropPast(now);
    const openings = this.#openings.get(member) ?? [];
    const first = openings.at(-STREAM_OPENINGS_PER_MEMBER.max);
    if (first !== undefined && first + STREAM_OPENINGS_PER_MEMBER.windowMs > now) {
      return refused(first + STREAM_OPENINGS_PER_MEMBER.windowMs - now);
    }
    this.#openings.delete(member);
    this.#openings.set(member, [...openings, now].slice(-STREAM_OPENINGS_PER_MEMBER.max));
    for (const key of keys) this.#open.set(key, this.#count(key) + 1);
    let taken = true;
    const release = () => {
      if (!taken) return;
      taken = false;
      for (const key of keys) this.#leave(key);
    };
    return {
      waitMs: 0,
      release,
      cancel: () => {
        release();
        this.#forget(member, now);
      },
    };
  }

  #count(key: string): number {
    return this.#open.get(key) ?? 0;
  }

  #leave(key: string): void {
    const count = this.#count(key) - 1;
    if (count > 0) this.#open.set(key, count);
    else this.#open.delete(key);
  }

  #forget(member: string, at: number): void {
    const left = this.#openings.get(member)?.filter((time) => time !== at) ?? [];
    if (left.length > 0) this.#openings.set(member, left);
    else this.#openings.delete(member);
  }

  #dropPast(now: number): void {
    for (const [member, times] of this.#openings) {
      if ((times.at(-1) ?? 0) + STREAM_OPENINGS_PER_MEMBER.windowMs > now) return;
      this.#openings.delete(member);
    }
  }
}
