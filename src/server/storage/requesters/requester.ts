import 'server-only';
import type { Requester, UpstashRequest, UpstashResponse } from '@upstash/redis';
import { refusalText } from '../unavailable';

/** One command and its arguments, as @upstash/redis hands it over, or we, with bytes among them. */
export type RedisCommand = readonly (string | number | boolean | Uint8Array)[];

/** The path of a request whose command or reply holds bytes. */
export const BYTES = 'bytes';

/** A reply in which the texts of inner lists are turned into bytes by `toBytes`, and those of the reply itself by `toText`. */
export function withBytes<Text>(
  reply: unknown,
  isText: (value: unknown) => value is Text,
  { toText, toBytes }: { toText: (text: Text) => string; toBytes: (text: Text) => Uint8Array },
): unknown {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isText(value) ? toBytes(value) : value;
  };
  if (Array.isArray(reply)) return reply.map((value) => (isText(value) ? toText(value) : inner(value)));
  return isText(reply) ? toText(reply) : reply;
}

/** The outcome of one command: a reply in RESP2 shape, or Redis's own error text. */
export interface RedisAnswer {
  result?: unknown;
  error?: string;
}

/**
 * A line of a subscription, as Upstash's event streams have them: `subscribe,<channel>,1` when it is
 * in force, and each time it is in force again (messages published in between are lost: read the
 * stream), `message,<channel>,<payload>`, and `unsubscribe,<channel>,0` when it ended for good
 * without having been asked to (subscribe again).
 */
export type OnLine = (line: string) => void;

/**
 * The reason of the signal that ends a subscription which delivered nothing of what was published. Its
 * connection may be dead without a sign of it, and is not used for another subscription.
 */
export const DEAF = 'deaf';

/** A way to Redis, as the four operations that the `Redis` class needs. */
export interface Transport {
  command(command: RedisCommand): Promise<RedisAnswer>;
  /** The same for bytes: what stands in a list of its own in the reply comes as bytes. */
  exchange(command: RedisCommand): Promise<RedisAnswer>;
  pipeline(commands: readonly RedisCommand[]): Promise<RedisAnswer[]>;
  transaction(commands: readonly RedisCommand[]): Promise<RedisAnswer[]>;
  /** Resolves when the subscription is in force or under way; `signal` ends it silently. */
  subscribe(channel: string, onLine: OnLine, signal: AbortSignal | undefined): Promise<void>;
}

export interface OpenRequester {
  readonly requester: Requester;
  /** Where the storage has a ceiling of its own: how many bytes, and whether it, or a part of it, is reached. */
  readonly maxBytes?: number | undefined;
  readonly isFull?: ((part?: number) => boolean) | undefined;
  readonly close: () => Promise<void>;
}

export function isCommand(body: unknown): body is RedisCommand {
  return (
    Array.isArray(body) &&
    body.length > 0 &&
    body.every(
      (part) =>
        typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean' || part instanceof Uint8Array,
    )
  );
}

export function isCommands(body: unknown): body is readonly RedisCommand[] {
  return Array.isArray(body) && body.every(isCommand);
}

function checked({ result, error }: RedisAnswer): RedisAnswer {
  return error === undefined ? { result } : { error: refusalText(error) };
}

/** A listener that throws ends no stream and keeps no other listener from hearing the line. */
function deliver(listener: OnLine | undefined, line: string): void {
  try {
    listener?.(line);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}

async function answer(transport: Transport, { path = [], body, onMessage, signal }: UpstashRequest): Promise<unknown> {
  const [kind = '', channel, ...others] = path;
  if (kind === '' && isCommand(body)) return checked(await transport.command(body));
  if (kind === BYTES && isCommand(body)) return checked(await transport.exchange(body));
  if (kind === 'pipeline' && isCommands(body)) return (await transport.pipeline(body)).map(checked);
  if (kind === 'multi-exec' && isCommands(body)) return (await transport.transaction(body)).map(checked);
  if (kind === 'subscribe' && channel !== undefined && others.length === 0) {
    await transport.subscribe(channel, (line) => deliver(onMessage, line), signal);
    return { result: 1 };
  }
  throw new TypeError(`A request to "/${kind}" is none that this storage knows`);
}

/** `transport` as the seam of @upstash/redis. */
export function requesterOver(transport: Transport): Requester {
  return {
    // The library types every request as one response, and takes an array of them from a pipeline.
    request: <Result>(request: UpstashRequest) => answer(transport, request) as Promise<UpstashResponse<Result>>,
  };
}
