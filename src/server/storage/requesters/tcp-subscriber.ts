import 'server-only';
import type { Redis } from 'ioredis';
import { DEAF, type OnLine } from './requester';
import { isReply } from './tcp-connection';
import { storageUnavailable, withinWait } from '../unavailable';

/** An idle connection shows nothing when its peer has died: the ping tells silence from death. */
const PING_EVERY_MS = 15_000;

interface Listener {
  readonly onLine: OnLine;
  readonly settle: (refusal: Error | null) => void;
}

/** A channel that somebody listens to. Until the connection confirms it, messages are held back. */
interface Channel {
  readonly listeners: Set<Listener>;
  /** The connection that was last asked for it. */
  over: Redis | null;
  inForce: boolean;
  held: string[];
}

/** Every subscription of the process over one connection, which is replaced, with all of them, whenever it is lost. */
export class TcpSubscriber {
  readonly #newConnection: () => Redis;
  readonly #channels = new Map<string, Channel>();
  readonly #ping: NodeJS.Timeout;
  #connection: Redis | null = null;
  #reconnecting: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(newConnection: () => Redis) {
    this.#newConnection = newConnection;
    this.#ping = setInterval(() => {
      if (this.#connection?.status === 'ready') this.#connection.ping().catch(() => undefined);
    }, PING_EVERY_MS).unref();
  }

  /**
   * Listens to `channel` until `signal` aborts.
   *
   * @throws RoomError `storage_unavailable` when it is not in force within the wait.
   */
  async subscribe(channel: string, onLine: OnLine, signal: AbortSignal | undefined): Promise<void> {
    // The caller attaches its handlers in this same turn: no line may come before that.
    await Promise.resolve();
    if (signal?.aborted === true) return;
    let listener: Listener | undefined;
    const settled = new Promise<void>((resolve, reject) => {
      listener = { onLine, settle: (refusal) => (refusal ? reject(refusal) : resolve()) };
      this.#add(channel, listener);
    });
    const leave = (isDeaf: boolean) => {
      if (listener) this.#remove(channel, listener, isDeaf);
    };
    signal?.addEventListener('abort', () => leave(signal.reason === DEAF), { once: true });
    await withinWait(settled).catch((error: unknown) => {
      // A connection that has not confirmed it by now will not: asking it again would end in the same way.
      leave(true);
      throw error;
    });
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#ping);
    clearTimeout(this.#reconnecting);
    this.#connection?.disconnect();
    for (const [name, channel] of this.#channels) this.#end(name, channel, storageUnavailable('The storage is closed'));
  }

  #add(name: string, listener: Listener): void {
    if (this.#closed) {
      listener.settle(storageUnavailable('The storage is closed'));
      return;
    }
    const known = this.#channels.get(name);
    const channel = known ?? { listeners: new Set(), over: null, inForce: false, held: [] };
    channel.listeners.add(listener);
    if (channel.inForce) {
      listener.onLine(`subscribe,${name},1`);
      listener.settle(null);
      return;
    }
    this.#channels.set(name, channel);
    if (this.#connection?.status === 'ready') {
      if (!known) this.#join(this.#connection, name, channel);
    } else if (this.#connection === null && this.#reconnecting === undefined) {
      this.#connect();
    }
  }

  #remove(name: string, listener: Listener, isDeaf: boolean): void {
    listener.settle(null);
    const channel = this.#channels.get(name);
    if (!channel?.listeners.delete(listener)) return;
    if (channel.listeners.size === 0) this.#channels.delete(name);
    // Many channels find out one after the other: the late ones speak of a connection that was replaced by then.
    if (isDeaf && channel.over !== null && channel.over === this.#connection) this.#replace(this.#connection);
    else if (channel.listeners.size === 0 && this.#connection?.status === 'ready') {
      this.#connection.unsubscribe(name).catch(() => undefined);
    }
  }

  /** Takes a new connection for all channels; each hears that it is in force again, and reads what it missed. */
  #replace(connection: Redis): void {
    this.#lost();
    // A vanished peer would never acknowledge a graceful close, so this does not wait for one.
    connection.disconnect();
  }

  #connect(): void {
    this.#reconnecting = undefined;
    const connection = this.#newConnection();
    this.#connection = connection;
    // Each is followed by `end`, which is what counts.
    connection.on('error', () => undefined);
    const isCurrent = () => this.#connection === connection;
    connection.on('message', (name, payload) => {
      if (isCurrent()) this.#deliver(name, payload);
    });
    connection.once('ready', () => {
      if (!isCurrent()) return;
      this.#failures = 0;
      for (const [name, channel] of this.#channels) this.#join(connection, name, channel);
    });
    connection.once('end', () => {
      if (isCurrent()) this.#lost();
    });
    connection.connect().catch(() => undefined);
  }

  #lost(): void {
    this.#connection = null;
    if (this.#closed) return;
    for (const channel of this.#channels.values()) {
      channel.inForce = false;
      channel.held = [];
    }
    this.#failures += 1;
    this.#reconnecting = setTimeout(() => this.#connect(), Math.min(this.#failures * 100, 1_000));
  }

  #join(connection: Redis, name: string, channel: Channel): void {
    channel.over = connection;
    const current = () => this.#connection === connection && this.#channels.get(name) === channel;
    connection.subscribe(name).then(
      () => {
        if (current()) this.#confirm(name, channel);
      },
      (error: unknown) => {
        // A refusal (no permission for the channel) is for good; a lost connection is met by the next one.
        if (current() && isReply(error)) this.#end(name, channel, storageUnavailable('Redis refused the subscription'));
      },
    );
  }

  #confirm(name: string, channel: Channel): void {
    channel.inForce = true;
    const lines = [`subscribe,${name},1`, ...channel.held];
    channel.held = [];
    for (const listener of channel.listeners) {
      for (const line of lines) listener.onLine(line);
      listener.settle(null);
    }
  }

  #deliver(name: string, payload: string): void {
    const channel = this.#channels.get(name);
    const line = `message,${name},${payload}`;
    // A message in the same packet as the confirmation comes before the promise of it.
    if (channel?.inForce === false) channel.held.push(line);
    else for (const listener of channel?.listeners ?? []) listener.onLine(line);
  }

  #end(name: string, channel: Channel, why: Error): void {
    this.#channels.delete(name);
    for (const listener of channel.listeners) {
      listener.onLine(`unsubscribe,${name},0`);
      listener.settle(why);
    }
  }
}
