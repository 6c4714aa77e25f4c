import 'server-only';
import type { Requester, UpstashRequest, UpstashResponse } from '@upstash/redis';
import { refusalText } from '../unavailable';

/** One command and its arguments, as @upstash/redis hands it over. */
export type RedisCommand = readonly (string | number | boolean)[];

/** What became of one command: a reply in RESP2 shape, or Redis's own error text. */
export interface RedisAnswer {
  result?: unknown;
  error?: string;
}

/**
 * A line of a subscription, as Upstash's event streams have them: `subscribe,<channel>,1` when it is
 * in force, again each time it is in force anew (what was published in between is lost: read the
 * stream), `message,<channel>,<payload>`, and `unsubscribe,<channel>,0` when it ended for good
 * without having been asked to (subscribe again).
 */
export type OnLine = (line: string) => void;

/**
 * Why a subscription is ended that told nothing of what was published: the reason of its signal. The
 * connection that it came by may be dead without having said so, and is not used for another.
 */
export const DEAF = 'deaf';

/** A way to Redis, in the four things that the `Redis` class asks for. */
export interface Transport {
  command(command: RedisCommand): Promise<RedisAnswer>;
  pipeline(commands: readonly RedisCommand[]): Promise<RedisAnswer[]>;
  transaction(commands: readonly RedisCommand[]): Promise<RedisAnswer[]>;
  /** Resolves when the subscription is in force or under way; `signal` ends it silently. */
  subscribe(channel: string, onLine: OnLine, signal: AbortSignal | undefined): Promise<void>;
}

export interface OpenRequester {
  readonly requester: Requester;
  /** Where the storage has a ceiling of its own: how many bytes, and whether it is reached. */
  readonly maxBytes?: number | undefined;
  readonly isFull?: (() => boolean) | undefined;
  readonly close: () => Promise<void>;
}

export function isCommand(body: unknown): body is RedisCommand {
  return (
    Array.isArray(body) &&
    body.length > 0 &&
    body.every((part) => typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean')
  );
}

export function isCommands(body: unknown): body is readonly RedisCommand[] {
  return Array.isArray(body) && body.every(isCommand);
}

function checked({ result, error }: RedisAnswer): RedisAnswer {
  return error === undefined ? { result } : { error: refusalText(error) };
}

/** A listener that throws ends no stream and keeps no other listener from hearing the line. */
function tell(listener: OnLine | undefined, line: string): void {
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
  if (kind === 'pipeline' && isCommands(body)) return (await transport.pipeline(body)).map(checked);
  if (kind === 'multi-exec' && isCommands(body)) return (await transport.transaction(body)).map(checked);
  if (kind === 'subscribe' && channel !== undefined && others.length === 0) {
    await transport.subscribe(channel, (line) => tell(onMessage, line), signal);
    return { result: 1 };
  }
  throw new TypeError(`A request to "/${kind}" is none that this storage knows`);
}

/** `transport` as the seam of @upstash/redis. */
export function requesterOver(transport: Transport): Requester {
  return {
    // The library types every request as one answer, and takes an array of them from a pipeline.
    request: <Result>(request: UpstashRequest) => answer(transport, request) as Promise<UpstashResponse<Result>>,
  };
}
