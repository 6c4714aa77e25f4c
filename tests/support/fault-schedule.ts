import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { WireFault } from './fault-proxy';

/** A fault: on the wire between app and Redis, between people and app, or both. */
export type Trouble =
  | { on: 'redis' | 'people'; fault: WireFault }
  /** Redis is stopped, and an empty one takes its place; or Redis ends every subscription and does nothing else. */
  | { on: 'server'; fault: 'restart' | 'subscriptions-ended' }
  /**
   * Publications arrive in another order than they were stored in; or some are lost while the subscription lives on.
   */
  | { on: 'publications'; fault: 'reordered' | 'lost' }
  /** The clocks of the app and the people are half a minute off. */
  | { on: 'clock'; fault: 'fast' | 'slow' }
  /** The owner ends the room. */
  | { on: 'room'; fault: 'destroyed' }
  /** A browser reports that it was offline. */
  | { on: 'page'; fault: 'asleep' };

export interface Schedule {
  /** The seed of every random choice that is made while it runs. */
  seed: number;
  listeners: number;
  troubles: (Trouble & { atMs: number; lastsMs: number })[];
  sendsAtMs: number[];
  /** When sixteen people send at once, or null. */
  burstAtMs: number | null;
}

const DURATION_MS = 350;
const atMs = fc.integer({ min: 0, max: DURATION_MS });

const onRedis = fc.constantFrom<WireFault>(
  'cut',
  'half-open',
  'lost-answers',
  'delayed',
  'fragmented',
  'refused-subscribe',
  'failing-range',
);
const onPeople = fc.constantFrom<WireFault>('cut', 'half-open', 'lost-answers', 'delayed', 'fragmented');
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 12, arbitrary: onRedis.map((fault): Trouble => ({ on: 'redis', fault })) },
  { weight: 7, arbitrary: onPeople.map((fault): Trouble => ({ on: 'people', fault })) },
  { weight: 2, arbitrary: fc.constantFrom<Trouble>({ on: 'clock', fault: 'fast' }, { on: 'clock', fault: 'slow' }) },
  { weight: 2, arbitrary: fc.constant<Trouble>({ on: 'page', fault: 'asleep' }) },
  { weight: 1, arbitrary: fc.constant<Trouble>({ on: 'room', fault: 'destroyed' }) },
  { weight: 1, arbitrary: fc.constant<Trouble>({ on: 'server', fault: 'restart' }) },
  { weight: 4, arbitrary: fc.constant<Trouble>({ on: 'server', fault: 'subscriptions-ended' }) },
  { weight: 4, arbitrary: fc.constant<Trouble>({ on: 'publications', fault: 'reordered' }) },
  { weight: 4, arbitrary: fc.constant<Trouble>({ on: 'publications', fault: 'lost' }) },
);

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  listeners: fc.integer({ min: 1, max: 3 }),
  troubles: fc.array(
    fc
      .tuple(trouble, atMs, fc.integer({ min: 10, max: 150 }))
      .map(([what, at, lastsMs]) => ({ ...what, atMs: at, lastsMs })),
    { minLength: 1, maxLength: 5 },
  ),
  sendsAtMs: fc.array(atMs, { minLength: 4, maxLength: 14 }),
  burstAtMs: fc.option(atMs, { freq: 3 }),
});

/**
 * Numbers from 0 up to but not including 1, the same for the same seed: https://prng.di.unimi.it/splitmix64.c in 32
 * bits.
 */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Does everything at its time, and returns when all of it is done and over. */
export async function run(steps: { atMs: number; work: () => Promise<unknown> }[]): Promise<void> {
  await Promise.all(
    steps.map(async ({ atMs: at, work }) => {
      await pause(at);
      await work();
    }),
  );
}
