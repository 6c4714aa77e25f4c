import { beforeEach, expect, it, vi } from 'vitest';
import type { Locks } from '@/client/tabs/election';
import { createTurns } from '@/page/attention/turns';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const passing = (ms: number) => vi.advanceTimersByTimeAsync(ms);

interface Request {
  mode: LockMode;
  run: () => void;
}

/** One Web Lock of a browser, shared or exclusive, in the order of asking. */
function createLock(): Locks {
  const holders = new Set<Request>();
  let queue: Request[] = [];
  const isFree = (mode: LockMode) =>
    [...holders].every((holder) => holder.mode === 'shared' && mode === 'shared') && queue.length === 0;

  function pass() {
    const [next, ...rest] = queue;
    queue = [];
    if (next !== undefined && isFree(next.mode)) {
      next.run();
      queue = rest;
      pass();
    } else if (next !== undefined) queue = [next, ...rest];
  }

  return {
    request: (<T>(
      name: string,
      { mode = 'exclusive', ifAvailable, signal }: LockOptions,
      hold: LockGrantedCallback<T>,
    ) =>
      new Promise<unknown>((resolve, reject) => {
        if (ifAvailable === true && !isFree(mode)) {
          resolve(hold(null));
          return;
        }
        const request: Request = {
          mode,
          run: () => {
            holders.add(request);
            void Promise.resolve(hold({ name, mode })).then((value) => {
              holders.delete(request);
              pass();
              resolve(value);
            });
          },
        };
        signal?.addEventListener('abort', () => {
          if (!queue.includes(request)) return;
          queue = queue.filter((waiting) => waiting !== request);
          reject(new DOMException('aborted', 'AbortError'));
          pass();
        });
        queue.push(request);
        pass();
      })) as Locks['request'],
  };
}

/** The tabs of one browser in one room, all of them hidden. */
function openTabs(count: number, { hasLocks = true } = {}) {
  const locks = hasLocks ? createLock() : undefined;
  const calls: number[] = [];
  const tabs = Array.from({ length: count }, (_, index) => {
    const turns = createTurns(locks, 'room');
    return { ...turns, call: () => turns.take(() => calls.push(index)) };
  });
  const [first, second = first] = tabs;
  if (first === undefined || second === undefined) throw new Error('there are tabs');
  /** Every tab hears of a message. */
  const hear = async () => {
    for (const tab of tabs) tab.call();
    await passing(0);
  };
  return { first, second, hear, calls };
}

it('of several hidden tabs one calls, once in ten seconds', async () => {
  const { hear, calls } = openTabs(3);
  for (let seconds = 0; seconds < 30; seconds += 1) {
    await hear();
    await passing(1_000);
  }
  expect(calls).toHaveLength(3);
});

it('no tab calls while another one is looked at, and one does afterwards', async () => {
  const { first, hear, calls } = openTabs(2);
  first.setLooking(true);
  await passing(0);
  await hear();
  expect(calls).toEqual([]);
  first.setLooking(false);
  await passing(0);
  await hear();
  expect(calls).toHaveLength(1);
});

it('a tab that is looked at while another one has called is known soon enough for the next message', async () => {
  const { first, second, calls } = openTabs(2);
  first.call();
  await passing(0);
  second.setLooking(true);
  // The timers of a hidden tab may be late: it still has the lock.
  vi.setSystemTime(Date.now() + 10_000);
  first.call();
  await passing(0);
  expect(calls).toEqual([0]);
});

it('a tab that is closed after it has called leaves the next call to another one', async () => {
  const { first, second, calls } = openTabs(2);
  first.call();
  await passing(0);
  first.stop();
  await passing(0);
  second.call();
  await passing(0);
  expect(calls).toEqual([0, 1]);
});

it('a tab that was looked at only for a moment holds nothing back', async () => {
  const { first, second, calls } = openTabs(2);
  first.call();
  await passing(0);
  second.setLooking(true);
  second.setLooking(false);
  await passing(10_000);
  second.call();
  await passing(0);
  expect(calls).toEqual([0, 1]);
});

it('without locks every tab speaks for itself, once in ten seconds', async () => {
  const { hear, calls } = openTabs(2, { hasLocks: false });
  for (let seconds = 0; seconds < 20; seconds += 1) {
    await hear();
    await passing(1_000);
  }
  expect(calls).toEqual([0, 1, 0, 1]);
});
