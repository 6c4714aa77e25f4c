import { Redis } from '@upstash/redis';
import { expect, onTestFinished } from 'vitest';
import {
  type EmbeddedOptions,
  type EmbeddedRequester,
  createEmbeddedRequester,
} from '@/server/storage/embedded/requester';

export interface EmbeddedRedis {
  readonly requester: EmbeddedRequester;
  readonly redis: Redis;
  /** Turn it to move the engine's time. */
  readonly clock: { ms: number; now(): number };
  /** Runs a raw command and returns its reply, or its error as `{ error }`. */
  readonly run: (...words: (string | number)[]) => Promise<unknown>;
}

/** Matches an answer of `run` that is an error with this text. */
export function errorLike(pattern: RegExp): { error: unknown } {
  return { error: expect.stringMatching(pattern) };
}

/** An engine of the test's own, whose clock stands still until the test moves it. */
export function embeddedRedis(options: Omit<EmbeddedOptions, 'clock'> = {}): EmbeddedRedis {
  const clock = { ms: 1_800_000_000_000, now: () => clock.ms };
  const requester = createEmbeddedRequester({ ...options, clock });
  onTestFinished(() => requester.close());
  return {
    requester,
    redis: new Redis(requester),
    clock,
    async run(...words) {
      const answer = await requester.request({ body: words });
      return answer.error === undefined ? answer.result : { error: answer.error };
    },
  };
}
