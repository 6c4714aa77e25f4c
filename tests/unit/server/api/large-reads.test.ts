import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LargeReads } from '@/server/api/large-reads';
import { eventually } from '@tests/support/eventually';

const reader = (tokenHash: string, address = '192.0.2.1') => ({
  tokenHash,
  address,
  request: new Request('http://localhost/'),
});

/** Lets the event loop go round. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

/** Reads that the test ends, and how many are under way at once. */
function reading() {
  const ends: (() => void)[] = [];
  const counts = { begun: 0, now: 0, most: 0 };
  const read = async () => {
    counts.begun += 1;
    counts.now += 1;
    counts.most = Math.max(counts.most, counts.now);
    await new Promise<void>((resolve) => ends.push(resolve));
    counts.now -= 1;
    return 'read';
  };
  const endAll = async () => {
    for (let turn = 0; turn < 400; turn += 1) {
      await turns(3);
      ends.shift()?.();
    }
  };
  return { counts, read, endAll };
}

const settled = (reads: Promise<string>[]) =>
  Promise.all(reads.map((read) => read.catch((error: unknown) => (error instanceof Error ? error.message : 'thrown'))));

afterEach(() => void vi.useRealTimers());

describe('large reads', () => {
  it('of one credential are few at once; a hundred and fifty wait their turn, and none is refused', async () => {
    const { counts, read, endAll } = reading();
    const large = new LargeReads();
    const reads = Array.from({ length: 150 }, () => large.run(reader('somebody'), read));
    await endAll();
    expect(await settled(reads)).toEqual(Array.from({ length: 150 }, () => 'read'));
    expect(counts).toEqual({ begun: 150, now: 0, most: 4 });
  });

  it('of everybody ask the storage sixteen at once', async () => {
    const { counts, read, endAll } = reading();
    const large = new LargeReads();
    const reads = Array.from({ length: 100 }, (_, index) => large.run(reader(`member ${index}`), read));
    await endAll();
    expect(await settled(reads)).toEqual(Array.from({ length: 100 }, () => 'read'));
    expect(counts.most).toBe(16);
  });

  it('wait in a line that ends, for a credential and for an address, and nobody else is refused', async () => {
    const { read, endAll } = reading();
    const large = new LargeReads({ underWayPerCredential: 1, waitingPerCredential: 2, readsPerAddress: 5 });
    const ask = (tokenHash: string, address?: string) => large.run(reader(tokenHash, address), read);
    const first = settled([
      ask('one'),
      ask('one'),
      ask('one'),
      ask('one'),
      ask('two'),
      ask('three'),
      ask('four'),
      ask('four', '192.0.2.2'),
    ]);
    await endAll();
    expect(await first).toEqual(['read', 'read', 'read', 'rate_limited', 'read', 'read', 'rate_limited', 'read']);
    const again = settled([ask('one'), ask('four')]);
    await endAll();
    expect(await again).toEqual(['read', 'read']);
  });

  it('without a credential are counted by address', async () => {
    const { counts, read, endAll } = reading();
    const large = new LargeReads();
    const reads = Array.from({ length: 12 }, (_, index) =>
      large.run(reader('', index < 8 ? '192.0.2.1' : '192.0.2.2'), read),
    );
    await eventually(() => expect(counts.begun).toBe(8));
    await endAll();
    await settled(reads);
  });

  it('follow each other with a turn for everything else in between', async () => {
    let turn = 0;
    const count = () => {
      turn += 1;
      counting = globalThis.setImmediate(count);
    };
    let counting = globalThis.setImmediate(count);
    const large = new LargeReads({ underWayPerCredential: 1 });
    const begun: number[] = [];
    const read = () => Promise.resolve(String(begun.push(turn)));
    await Promise.all(Array.from({ length: 100 }, (_, index) => large.run(reader(`member ${index % 2}`), read)));
    clearImmediate(counting);
    expect(new Set(begun).size).toBe(100);
  });

  it('that fail give their place to the next', async () => {
    const large = new LargeReads({ underWayPerCredential: 1, askingMax: 1 });
    const reads = Array.from({ length: 5 }, () =>
      large.run(reader('somebody'), () => Promise.reject(new Error('failed'))),
    );
    expect(await settled(reads)).toEqual(['failed', 'failed', 'failed', 'failed', 'failed']);
  });

  it('are refused as if the storage did not answer when it answers nobody for ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { counts, read, endAll } = reading();
    const large = new LargeReads();
    const reads = Array.from({ length: 17 }, (_, index) => large.run(reader(`member ${index}`), read));
    const late = settled(reads.slice(16));
    await turns(50);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(counts.begun).toBe(16);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toEqual(['storage_unavailable']);
    await endAll();
    expect(counts.begun).toBe(16);
    expect(await settled(reads.slice(0, 16))).toEqual(Array.from({ length: 16 }, () => 'read'));
  });
});
