import type { Treaty } from '@elysiajs/eden/treaty2';
import type { AnyElysia } from 'elysia';

/** Longer than the slowest start of a serverless function; after this no answer is expected. */
const ANSWER_MS_MAX = 15_000;

const JSON_BODY = { 'content-type': 'application/json' };
const JSON_ANSWER = /^application\/(?:problem\+)?json\b/;

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

interface Options {
  query?: Query;
}

/**
 * Every call of the API as Eden types it: `api.room.join.post(body, { query })`. Eden's own runtime also uploads files,
 * opens sockets, reads streams and guesses types, which no call here needs and which is 3 kB gzipped.
 */
export function createCalls<Api extends AnyElysia>(origin: string, fetcher: typeof fetch): Treaty.Create<Api> {
  async function call(words: readonly string[], method: string, body: object | undefined, { query = {} }: Options) {
    const response = await fetcher(`${origin}/${words.join('/')}${searchOf(query)}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      ...(body !== undefined && { headers: JSON_BODY, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = JSON_ANSWER.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    return response.ok ? { data: value, error: null, response } : { data: null, error: { value }, response };
  }

  /** The words of a path so far, of which the last is the method once it is called. */
  const pathOf = (...words: string[]): object =>
    new Proxy(() => undefined, {
      get: (_target, word) => pathOf(...words, String(word)),
      apply: (_target, _self, args: [body?: object, options?: Options]) => {
        const method = String(words.at(-1)).toUpperCase();
        const [body, options = {}] = method === 'GET' ? [undefined, args[0]] : args;
        return call(words.slice(0, -1), method, body, options);
      },
    });

  // The proxy takes every path; only its type says which of them the server has.
  return pathOf() as Treaty.Create<Api>;
}

/** `?key=value` for each value that is there, one each for the items of a list. */
function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of [value].flat()) if (item !== undefined) search.append(key, String(item));
  }
  const text = search.toString();
  return text && `?${text}`;
}
