import 'server-only';
import { Redis, errors, type Requester, type UpstashRequest } from '@upstash/redis';
import { type SeenStatus, watchHttpStatus } from './http-status';
import {
  type OnLine,
  type OpenRequester,
  type RedisAnswer,
  type RedisCommand,
  requesterOver,
  withBytes,
} from './requester';
import { STORAGE_WAIT_MS, refusalText, storageUnavailable, systemErrorCode, withinWait } from '../unavailable';

/** Bodies are JSON, which holds no bytes: they are stored as base64, and are read so by every process that comes this way. */
const base64Of = (part: RedisCommand[number]) =>
  part instanceof Uint8Array ? Buffer.from(part.buffer, part.byteOffset, part.length).toString('base64') : part;
const isText = (value: unknown): value is string => typeof value === 'string';
const BASE64 = { toText: (text: string) => text, toBytes: (text: string) => Buffer.from(text, 'base64') };

/** As much as the library's own reader takes before it gives up on a line that does not end. */
const LINE_CHARACTERS_MAX = 1_048_576;

/** The library makes its HTTP client inside this class and exports it nowhere else. */
class HttpRedis extends Redis {
  get http(): Requester {
    return this.client;
  }
}

/**
 * An error of the library's client without the command, which its message repeats: commands hold people's words and
 * the hashes of their credentials.
 */
function withoutCommand(error: unknown, { status }: SeenStatus): Error {
  if (status !== undefined && status !== 200 && status !== 400) return storageUnavailable(`Upstash answered ${status}`);
  if (error instanceof errors.UpstashJSONParseError)
    return storageUnavailable('Upstash answered something other than JSON');
  if (error instanceof errors.UpstashError) {
    const [text = ''] = error.message.split(', command was: ', 1);
    // Where fetch announces no status, the text has to do: Redis's own begins with its kind.
    if (status !== 400 && !/^[A-Z]{2,} /.test(text)) return storageUnavailable('Upstash answered an error');
    return new errors.UpstashError(refusalText(text));
  }
  return storageUnavailable(`Upstash cannot be reached (${systemErrorCode(error) ?? 'no answer'})`);
}

/** The lines of an event stream that carry data, each as it comes; ends when the stream does, for whatever reason. */
async function readLines(body: ReadableStream<Uint8Array>, onLine: OnLine): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('data: ')) onLine(line.slice('data: '.length).replace(/\r$/, ''));
      }
      if (rest.length > LINE_CHARACTERS_MAX) return;
    }
  } catch {
    // Cut off, timed out or aborted: to the listener each of them is the end.
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Subscriptions of our own: the library's reader stops silently when the stream ends. */
function openSubscriptions(url: string, token: string) {
  const closing = new AbortController();

  async function subscribe(channel: string, onLine: OnLine, asked: AbortSignal | undefined): Promise<void> {
    // The channel becomes part of the URL, in which `..` is another command.
    if (!/^[\w:{}-]+$/.test(channel)) throw new TypeError('The channel cannot stand in a URL');
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), STORAGE_WAIT_MS);
    const signals = [late.signal, closing.signal, ...(asked ? [asked] : [])];
    const response = await fetch(`${url}/subscribe/${encodeURIComponent(channel)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any(signals),
    })
      .catch((error: unknown) => {
        if (asked?.aborted === true) return null;
        throw storageUnavailable(`Upstash cannot be reached (${systemErrorCode(error) ?? 'no answer'})`);
      })
      .finally(() => clearTimeout(timer));
    if (response === null) return;
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw storageUnavailable(`Upstash answered ${response.status} to a subscription`);
    }
    void readLines(response.body, (line) => {
      if (asked?.aborted !== true) onLine(line);
    }).then(() => {
      if (asked?.aborted !== true) onLine(`unsubscribe,${channel},0`);
    });
  }

  return { subscribe, close: () => closing.abort() };
}

/**
 * Upstash over HTTP, by the library's own client, which sends a command again when the response is
 * lost: up to five times within the wait. So every script that goes through here repeats harmlessly.
 */
export function openUpstashRequester(settings: { url: string; token: string }): OpenRequester {
  const url = settings.url.replace(/\/$/, '');
  const { http } = new HttpRedis({
    url,
    token: settings.token,
    // One deadline for a request and all its repeats.
    signal: () => AbortSignal.timeout(STORAGE_WAIT_MS),
    enableAutoPipelining: false,
    enableTelemetry: false,
  });
  const statuses = watchHttpStatus();
  const subscriptions = openSubscriptions(url, settings.token);

  async function send<Answer>(request: UpstashRequest): Promise<Answer> {
    const seen: SeenStatus = {};
    const work = statuses
      .run(seen, () => http.request(request))
      .catch((error: unknown) => {
        throw withoutCommand(error, seen);
      });
    // One response to a command, an array of them to the rest: the library knows that but does not type it.
    return (await withinWait(work)) as Answer;
  }

  return {
    requester: requesterOver({
      command: (command) => send<RedisAnswer>({ body: command }),
      exchange: async (command) => {
        const { result, ...answer } = await send<RedisAnswer>({ body: command.map(base64Of) });
        return { ...answer, result: withBytes(result, isText, BASE64) };
      },
      pipeline: (commands) => send<RedisAnswer[]>({ path: ['pipeline'], body: commands }),
      transaction: (commands) => send<RedisAnswer[]>({ path: ['multi-exec'], body: commands }),
      subscribe: subscriptions.subscribe,
    }),
    close: () => {
      statuses.stop();
      subscriptions.close();
      return Promise.resolve();
    },
  };
}
