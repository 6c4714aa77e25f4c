import * as z from 'zod/mini';
import { seatedCardSchema } from '@/domain/epoch';
import type { Answer, Failure } from '@/domain/failure';
import { ROOM_REASONS } from '@/domain/room-reasons';

const problemSchema = z.object({
  code: z.enum(ROOM_REASONS),
  status: z.number(),
  members: z.optional(z.array(seatedCardSchema)),
  maxBytes: z.optional(z.number()),
});
const secondsSchema = z.number().check(z.nonnegative());

/** What Eden makes of an answer. */
interface Reply<T> {
  data: T | null;
  error: { value: unknown } | null;
  response: Response | undefined;
}

export interface ApiEnvironment {
  /** Where the server is, as in `https://mayfly.example`. */
  readonly origin: string;
  readonly fetcher: typeof fetch;
  /** Distinguishes a browser without a network from a server that does not answer. */
  readonly isOnline: () => boolean;
}

/** Turns whatever a call comes to into an answer of ours; nothing here throws. */
export function createAnswers({ origin, fetcher, isOnline }: ApiEnvironment) {
  /** A page that something in between sends with 200 is not an answer: ours are JSON, or a bare 204 for calls without a result. */
  async function answerOf<T>(
    reply: Promise<Reply<T>>,
    isOurs = (response?: Response) => hasType(response, 'application/json'),
  ): Promise<Answer<T>> {
    try {
      const { data, error, response } = await reply;
      if (error === null && data !== null && isOurs(response)) return { ok: true, value: data };
      return { ok: false, failure: failureOf(error?.value, response, isOnline()) };
    } catch {
      // The body was cut off, or is not what its type says.
      return { ok: false, failure: failureOf(null, undefined, isOnline()) };
    }
  }

  async function parsedOf<T>(schema: z.ZodMiniType<T>, reply: Promise<Reply<unknown>>): Promise<Answer<T>> {
    const answer = await answerOf(reply);
    if (!answer.ok) return answer;
    const { success, data } = schema.safeParse(answer.value);
    return success ? { ok: true, value: data } : { ok: false, failure: { reason: 'unreachable' } };
  }

  /** For calls that are answered without a body (204). */
  async function doneOf(reply: Promise<Reply<unknown>>): Promise<Answer<null>> {
    const answer = await answerOf(reply, (response) => response?.status === 204);
    return answer.ok ? { ok: true, value: null } : answer;
  }

  /**
   * A call whose body or answer is bytes, which Eden does not carry, or that is rare enough to be typed where it is made. `read` takes
   * what it needs of an answer of ours, and returns null for one that is not.
   */
  async function request<T>(
    path: string,
    init: RequestInit,
    read: (response: Response) => Promise<T | null>,
  ): Promise<Answer<T>> {
    try {
      const response = await fetcher(`${origin}${path}`, init);
      if (!response.ok) return { ok: false, failure: failureOf(await problemIn(response), response, isOnline()) };
      const value = await read(response);
      if (value !== null) return { ok: true, value };
    } catch {
      // There was no answer, it was cut off, or nobody waits for it any more.
    }
    return { ok: false, failure: failureOf(null, undefined, isOnline()) };
  }

  return { answerOf, parsedOf, doneOf, request };
}

const hasType = (response: Response | undefined, type: string) =>
  response?.headers.get('content-type')?.startsWith(type) ?? false;

/** The body of an answer that is no success; null where it is not JSON. */
async function problemIn(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch {
    return null;
  }
}

/** Reads the failure from an answer. Anything but one of our problem documents came from something in between. */
function failureOf(value: unknown, response: Response | undefined, isOnline: boolean): Failure {
  const problem = problemSchema.safeParse(value);
  const isOurs =
    problem.success && hasType(response, 'application/problem+json') && problem.data.status === response?.status;
  if (!isOurs) return { reason: isOnline ? 'unreachable' : 'offline' };
  const seconds = secondsSchema.safeParse(Number(response.headers.get('retry-after') ?? NaN));
  const { code, members, maxBytes } = problem.data;
  return {
    reason: code,
    ...(seconds.success && { retryAfterSeconds: seconds.data }),
    ...(members && { members }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}
