import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { RoomError } from '@/domain/errors';
import type { Storage } from '@/server/storage/client';
import { STORAGE_WAIT_MS } from '@/server/storage/unavailable';

/** How long a refusal may take beyond the wait itself: a busy machine, and the last pause between two tries. */
const MARGIN_MS = 1_500;
/** Well below the time that all the libraries' retries take, so a faster failure shows that nothing was waited for. */
export const AT_ONCE_MS = 3_000;
export const SECRET = 'what-somebody-said';

export interface Ear {
  readonly lines: string[];
  stop(why?: string): void;
}

/** Listens the way that the hub does, and keeps every line. */
export function listen({ requester }: Storage, channel: string): Ear & { opened: Promise<unknown> } {
  const lines: string[] = [];
  const controller = new AbortController();
  const opened = requester.request({
    path: ['subscribe', channel],
    onMessage: (line) => lines.push(line),
    isStreaming: true,
    signal: controller.signal,
  });
  return { lines, opened, stop: (why) => controller.abort(why) };
}

export async function listening(opened: Storage, channel: string): Promise<Ear> {
  const ear = listen(opened, channel);
  await ear.opened;
  await eventually(() => expect(ear.lines).toContain(`subscribe,${channel},1`));
  return ear;
}

/**
 * Checks that `work` fails as unavailable within its bounds, and that neither the error nor its cause repeats the
 * command.
 */
export async function expectUnavailable(
  work: Promise<unknown>,
  why: RegExp,
  withinMs = STORAGE_WAIT_MS + MARGIN_MS,
): Promise<void> {
  const begun = performance.now();
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RoomError);
  expect(error).toMatchObject({ reason: 'storage_unavailable', retryAfterSeconds: 2 });
  expect(inspect(error, { depth: 10 })).toMatch(why);
  expect(inspect(error, { depth: 10 })).not.toContain(SECRET);
  expect(performance.now() - begun).toBeLessThan(withinMs);
}

/** Polls until `check` passes, as often as a server on the same machine answers; `./eventually` is for pages, whose clock may stand still. */
export const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

/** The storage and the libraries under it may log nothing, because what they know is what people say. */
export function expectSilence(): void {
  let logged: unknown[][] = [];
  beforeEach(() => {
    logged = [];
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void logged.push(args));
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    expect(logged).toEqual([]);
  });
}

/** Requests with a command that no Redis knows. Redis would repeat their arguments in its error. */
export const UNKNOWN_COMMANDS: [via: string, path: string[], body: unknown][] = [
  ['a command', [], ['NOSUCHCOMMAND', SECRET]],
  ['a pipeline', ['pipeline'], [['NOSUCHCOMMAND', SECRET]]],
  ['a transaction', ['multi-exec'], [['NOSUCHCOMMAND', SECRET]]],
];
