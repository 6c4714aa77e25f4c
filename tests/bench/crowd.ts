import { setTimeout as pause } from 'node:timers/promises';
import { atOnce } from './at-once';
import type { OpenStream } from './clients';

/** Streams are opened this many at a time, so that the benchmark measures listening and not a rush at the door. */
const OPENING_AT_ONCE = 20;
/** How long deliveries may still be under way after the last message was sent. */
const ARRIVAL_MS = 20_000;

/** Listeners who must all hear everything, because a missing delivery would make a server look cheap. */
export class Crowd {
  readonly #streams: { heard: number; close: () => void }[] = [];
  #sentAt: number[] = [];
  #delaysMs: number[] = [];

  get size(): number {
    return this.#streams.length;
  }

  async admit(streams: readonly OpenStream[]): Promise<void> {
    await atOnce(OPENING_AT_ONCE, streams, (open) => this.#admitOne(open));
  }

  async #admitOne(open: OpenStream): Promise<void> {
    const stream = { heard: 0, close: (): void => undefined };
    const { close } = await open(() => {
      const sentAt = this.#sentAt[stream.heard];
      stream.heard += 1;
      if (sentAt !== undefined) this.#delaysMs.push(performance.now() - sentAt);
    });
    stream.close = close;
    this.#streams.push(stream);
  }

  /**
   * Sends `count` messages, one each `everyMs`, on time whatever the server does, and waits until everybody
   * has heard them all. Returns the delays from sending to each delivery in ms, sorted.
   * @throws Error when a delivery is missing or one too many.
   */
  async hear(send: () => Promise<unknown>, count: number, everyMs: number): Promise<number[]> {
    this.#sentAt = [];
    this.#delaysMs = [];
    for (const stream of this.#streams) stream.heard = 0;
    const sending: Promise<unknown>[] = [];
    const start = performance.now();
    for (let index = 0; index < count; index += 1) {
      await pause(Math.max(0, start + index * everyMs - performance.now()));
      this.#sentAt.push(performance.now());
      sending.push(send());
    }
    await Promise.all(sending);
    const expected = count * this.size;
    const deadline = performance.now() + ARRIVAL_MS;
    while (this.#delaysMs.length < expected && performance.now() < deadline) await pause(5);
    if (this.#delaysMs.length !== expected || this.#streams.some(({ heard }) => heard !== count)) {
      throw new Error(`${this.#delaysMs.length} deliveries of ${expected}.`);
    }
    return this.#delaysMs.sort((left, right) => left - right);
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
  }
}
