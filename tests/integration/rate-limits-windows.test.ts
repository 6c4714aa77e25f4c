import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import { MESSAGES_PER_MEMBER, JOINS_PER_ADDRESS } from '@/domain/limits';
import { limitAddress } from '@/server/services/address-limits';
import { storageOver } from '@/server/storage/client';
import { startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { type Answer, roomsApi } from '@tests/support/rooms';

const HERE = '192.0.2.1';
const retryAfterOf = ({ headers }: Answer) => Number(headers.get('retry-after'));

describe('a window', () => {
  /** Whether one more fits, derived only from the definition: at most `max` in any `windowMs`. */
  function oracle(max: number, windowMs: number) {
    let accepted: number[] = [];
    return (now: number) => {
      accepted = accepted.filter((at) => at > now - windowMs);
      if (accepted.length >= max) return { ok: false, waitMs: (accepted[accepted.length - max] ?? 0) + windowMs - now };
      accepted.push(now);
      return { ok: true, waitMs: 0 };
    };
  }
  const pauses = (windowMs: number) =>
    fc.array(
      fc.oneof(fc.constant(0), fc.nat(20), fc.nat(Math.floor(windowMs / 20)), fc.constantFrom(windowMs - 1, windowMs)),
      {
        minLength: 60,
        maxLength: 260,
      },
    );

  it('of messages slides exactly, to the millisecond', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const api = roomsApi(app);
    await fc.assert(
      fc.asyncProperty(pauses(MESSAGES_PER_MEMBER.windowMs), async (steps) => {
        const owner = await api.openFor(100_000_000);
        const fits = oracle(MESSAGES_PER_MEMBER.max, MESSAGES_PER_MEMBER.windowMs);
        for (const step of steps) {
          clock.ms += step;
          const { ok, waitMs } = fits(clock.ms);
          const answer = await owner.send();
          expect(answer.status).toBe(ok ? 201 : 429);
          if (!ok) expect(retryAfterOf(answer)).toBe(Math.ceil(waitMs / 1_000));
        }
      }),
      { numRuns: 15 },
    );
    await app.close();
  });

  it('of an address slides exactly, to the millisecond', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    let address = 0;
    await fc.assert(
      fc.asyncProperty(pauses(JOINS_PER_ADDRESS.windowMs), async (steps) => {
        address += 1;
        const fits = oracle(JOINS_PER_ADDRESS.max, JOINS_PER_ADDRESS.windowMs);
        for (const step of steps) {
          clock.ms += step;
          const { ok, waitMs } = fits(clock.ms);
          const refusal = await limitAddress(app.context, 'joins', `client ${address}`).then(
            () => null,
            (error: unknown) => error,
          );
          expect(refusal).toEqual(
            ok ? null : new RoomError('rate_limited', { retryAfterSeconds: Math.ceil(waitMs / 1_000) }),
          );
        }
      }),
      { numRuns: 15 },
    );
    await app.close();
  });

  it('is over when Retry-After says so', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const owner = await roomsApi(app).open();
    for (let index = 0; index < MESSAGES_PER_MEMBER.max; index += 1) {
      await owner.send();
      clock.ms += 7;
    }
    for (let index = 0; index < 20; index += 1) {
      const refused = await owner.send();
      expectProblem(refused, 'rate_limited');
      clock.ms += retryAfterOf(refused) * 1_000;
      let passed = 0;
      while ((await owner.send()).status === 201) passed += 1;
      expect(passed).toBeGreaterThan(0);
    }
    await app.close();
  });

  it('does not outlive the key that hashes addresses: the next day it begins again', async () => {
    const { storage, clock, command } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    await limitAddress(app.context, 'joins', HERE);
    const before = await command('GET', 'limit:secret');
    clock.ms += 86_400_001;
    expect(await command('KEYS', '*')).toEqual([]);
    // Another process, which has not asked for the key yet.
    const anew = storageOver(storage.kind, { requester: storage.requester, close: storage.close });
    const next = await startApp(anew, { rateLimits: true });
    await limitAddress(next.context, 'joins', HERE);
    expect(await command('GET', 'limit:secret')).not.toBe(before);
    await Promise.all([app.close(), next.close()]);
  });
});
