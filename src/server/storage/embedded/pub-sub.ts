import 'server-only';
import { type Bytes, bytesToText, textToBytes } from './bytes';

interface Subscription {
  readonly onLine: (line: string) => void;
  ended: boolean;
}

/**
 * Channels of one process. Lines are those of Upstash's event stream: `subscribe,<channel>,<count>` first, then
 * `message,<channel>,<payload>` in the order of publishing. They are delivered after the command or script that
 * published them has ended, so that no subscriber ever runs in the middle of one.
 */
export class PubSub {
  readonly #channels = new Map<Bytes, Set<Subscription>>();
  readonly #onSubscriberError: (error: unknown) => void;
  #waiting: { subscription: Subscription; line: string }[] = [];
  #scheduled = false;

  constructor(onSubscriberError: (error: unknown) => void) {
    this.#onSubscriberError = onSubscriberError;
  }

  /** Ends when `signal` aborts; messages published but not delivered by then are dropped. */
  subscribe(channels: readonly string[], onLine: (line: string) => void, signal: AbortSignal | undefined): void {
    if (signal?.aborted) return;
    const subscription: Subscription = { onLine, ended: false };
    channels.forEach((channel, index) => {
      const key = textToBytes(channel);
      const subscribers = this.#channels.get(key) ?? new Set();
      this.#channels.set(key, subscribers.add(subscription));
      this.#enqueue(subscription, `subscribe,${channel},${index + 1}`);
    });
    signal?.addEventListener('abort', () => this.#end(subscription, channels), { once: true });
  }

  /** Returns how many subscribers will get the message. */
  publish(channel: Bytes, payload: Bytes): number {
    const subscribers = this.#channels.get(channel);
    if (!subscribers) return 0;
    const line = `message,${bytesToText(channel)},${bytesToText(payload)}`;
    for (const subscription of subscribers) this.#enqueue(subscription, line);
    return subscribers.size;
  }

  close(): void {
    for (const subscribers of this.#channels.values()) {
      for (const subscription of subscribers) subscription.ended = true;
    }
    this.#channels.clear();
  }

  #end(subscription: Subscription, channels: readonly string[]): void {
    subscription.ended = true;
    for (const channel of channels) {
      const key = textToBytes(channel);
      const subscribers = this.#channels.get(key);
      subscribers?.delete(subscription);
      if (subscribers?.size === 0) this.#channels.delete(key);
    }
  }

  #enqueue(subscription: Subscription, line: string): void {
    this.#waiting.push({ subscription, line });
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    this.#scheduled = false;
    const lines = this.#waiting;
    this.#waiting = [];
    for (const { subscription, line } of lines) {
      if (subscription.ended) continue;
      try {
        subscription.onLine(line);
      } catch (error) {
        this.#onSubscriberError(error);
      }
    }
  }
}
