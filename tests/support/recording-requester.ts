import type { Requester, UpstashRequest, UpstashResponse } from '@upstash/redis';
import { BYTES, isCommand, isCommands, type RedisCommand } from '@/server/storage/requesters/requester';

/** One command as it went to Redis. */
export interface RecordedCommand {
  /** Upper case: `EVALSHA`, `SUBSCRIBE`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Numbered from 1. Commands of one pipeline or transaction share a round trip. */
  readonly roundTrip: number;
  readonly via: 'command' | 'pipeline' | 'multi-exec' | 'subscribe';
  /** Redis's own error, such as `NOSCRIPT …`, once the answer is there. */
  error?: string;
}

/** Runs after each round trip, before the caller gets the answer. */
export type AfterRoundTrip = (commands: readonly RecordedCommand[]) => Promise<void> | void;

export interface RecordingRequester extends Requester {
  readonly recorded: RecordedCommand[];
  afterEveryCommand(hook: AfterRoundTrip | null): void;
}

function commandsOf({ path = [], body }: UpstashRequest): {
  via: RecordedCommand['via'];
  commands: readonly RedisCommand[];
} {
  const [kind = '', ...channels] = path;
  if (kind === 'subscribe') return { via: kind, commands: [['SUBSCRIBE', ...channels]] };
  if ((kind === 'pipeline' || kind === 'multi-exec') && isCommands(body)) return { via: kind, commands: body };
  if ((kind === '' || kind === BYTES) && isCommand(body)) return { via: 'command', commands: [body] };
  throw new TypeError(`A request of a kind that is not recorded: ${kind}`);
}

function errorOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `inner`, with a record of everything that goes through it. */
export function recordRequests(inner: Requester): RecordingRequester {
  const recorded: RecordedCommand[] = [];
  let hook: AfterRoundTrip | null = null;
  let roundTrips = 0;

  async function request<Result>(asked: UpstashRequest): Promise<UpstashResponse<Result>> {
    const { via, commands } = commandsOf(asked);
    roundTrips += 1;
    const made = commands.map(([name, ...args]): RecordedCommand => ({
      name: String(name).toUpperCase(),
      args: args.map((arg) => (arg instanceof Uint8Array ? `<${arg.length} bytes>` : String(arg))),
      roundTrip: roundTrips,
      via,
    }));
    recorded.push(...made);
    try {
      const answer: UpstashResponse<Result> | UpstashResponse<Result>[] = await inner.request<Result>(asked);
      const answers = Array.isArray(answer) ? (answer as UpstashResponse<Result>[]) : [answer];
      made.forEach((command, index) => {
        const error = answers[index]?.error;
        if (error !== undefined) command.error = error;
      });
      return answer;
    } catch (error) {
      for (const command of made) command.error = errorOf(error);
      throw error;
    } finally {
      await hook?.(made);
    }
  }

  return {
    recorded,
    request,
    afterEveryCommand: (next) => {
      hook = next;
    },
  };
}

/** How many round trips `commands` took. */
export function roundTripsOf(commands: readonly RecordedCommand[]): number {
  return new Set(commands.map(({ roundTrip }) => roundTrip)).size;
}
