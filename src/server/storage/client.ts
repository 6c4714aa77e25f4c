import 'server-only';
import { errors, Redis, type Requester } from '@upstash/redis';
import { env, type StorageSettings } from '@/server/env';
import { BYTES, type OnLine, type OpenRequester, type RedisCommand } from './requesters/requester';
import { openUpstashRequester } from './requesters/upstash';

export interface Storage {
  readonly kind: StorageSettings['kind'];
  /** Gives replies as they are: a text `"123"` stays a text, HGETALL is a flat array. */
  readonly redis: StorageRedis;
  /** The way that `redis` takes, for a `Redis` with other options over it. */
  readonly requester: Requester;
  /** The ceiling of a storage that has one, in bytes. */
  readonly maxBytes?: number | undefined;
  /**
   * Whether it holds all that it may, so that new rooms and new messages are to be refused, or `part` of that. Only
   * the embedded storage knows: a Redis refuses by itself, which is `storage_unavailable`.
   */
  readonly isFull: (part?: number) => boolean;
  /** Ends connections and subscriptions; commands under way are refused. */
  readonly close: () => Promise<void>;
}

export class StorageRedis extends Redis {
  /** Given a requester, the library's own constructor forgets its options. */
  constructor(requester: Requester) {
    super(requester);
    this.opts = { automaticDeserialization: false };
  }

  /**
   * Hears `channel` until `signal` aborts. The library's own `subscribe` cannot say why it ends: with
   * `DEAF` as the reason, the connection goes as well. Rejects where the subscription is refused.
   */
  async follow(channel: string, onLine: OnLine, signal: AbortSignal): Promise<void> {
    await this.client.request({ path: ['subscribe', channel], onMessage: onLine, isStreaming: true, signal });
  }

  /** Sends a command with bytes among its arguments. Texts in an inner list of the reply come as bytes. */
  async exchange(command: RedisCommand): Promise<unknown> {
    const { result, error } = await this.client.request({ path: [BYTES], body: command });
    if (error !== undefined) throw new errors.UpstashError(error);
    return result;
  }
}

/** A storage over `opened`. */
export function storageOver(
  kind: Storage['kind'],
  { requester, maxBytes, isFull = () => false, close }: OpenRequester,
): Storage {
  return {
    kind,
    redis: new StorageRedis(requester),
    requester,
    maxBytes,
    isFull,
    close,
  };
}

/**
 * Opens the storage that `settings` names. Upstash is not asked anything until the first command;
 * a Redis over TCP must answer within the wait.
 *
 * @throws RoomError `storage_unavailable` when it does not.
 */
export async function openStorage(settings: StorageSettings): Promise<Storage> {
  switch (settings.kind) {
    case 'upstash':
      return storageOver('upstash', openUpstashRequester(settings));
    // Loaded where they are used: a serverless function starts without a TCP client and a Lua machine.
    case 'redis': {
      const { openTcpRequester } = await import('./requesters/tcp');
      return storageOver('redis', await openTcpRequester(settings.url));
    }
    case 'embedded': {
      const { createEmbeddedRequester } = await import('./embedded/requester');
      const embedded = createEmbeddedRequester({ maxBytes: settings.maxBytes });
      const close = () => {
        embedded.close();
        return Promise.resolve();
      };
      return storageOver('embedded', {
        requester: embedded,
        maxBytes: settings.maxBytes,
        isFull: (part) => embedded.isFull(part),
        close,
      });
    }
  }
}

/** On `globalThis`, so that hot reload and Next's separate bundles share one. */
const SLOT = Symbol.for('mayfly.storage');
const holder: typeof globalThis & { [SLOT]?: Promise<Storage> | undefined } = globalThis;

/**
 * The storage of this process, opened at the first call, and again after it could not be opened.
 *
 * @throws RoomError `storage_unavailable` as `openStorage` does; EnvError as `env` does.
 */
export async function storage(): Promise<Storage> {
  if (holder[SLOT]) return holder[SLOT];
  const opening = openStorage(env().storage);
  adoptStorage(opening);
  return opening;
}

/** Makes `opened` the storage of this process, in place of the one that the settings name. */
export function adoptStorage(opened: Promise<Storage>): void {
  holder[SLOT] = opened;
  opened.catch(() => {
    if (holder[SLOT] === opened) holder[SLOT] = undefined;
  });
}

/** Closes the storage of this process, if it was opened. */
export async function closeStorage(): Promise<void> {
  const opened = holder[SLOT];
  holder[SLOT] = undefined;
  await (await opened?.catch(() => undefined))?.close();
}
