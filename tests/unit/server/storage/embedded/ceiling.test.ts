import { describe, expect, it } from 'vitest';
import { openStorage } from '@/server/storage/client';
import { embeddedRedis } from '@tests/support/embedded-redis';
import { catchLogLines } from '@tests/support/log-lines';

const MB = 1_048_576;
/** About a hundredth of the ceiling. */
const PART = 'x'.repeat(10_000);

/** An engine of one megabyte, which holds as many hundredths as are asked for, each under a key of its own. */
function engineOfParts() {
  const embedded = embeddedRedis({ maxBytes: MB });
  const { run, requester } = embedded;
  let keys = 0;
  return {
    ...embedded,
    fillTo: async (share: number, ...expiry: (string | number)[]) => {
      while (requester.footprint < share * MB) await run('SET', `key ${keys++}`, PART, ...expiry);
    },
    emptyTo: async (share: number) => {
      while (requester.footprint >= share * MB) await run('DEL', `key ${--keys}`);
    },
  };
}

describe('the ceiling of the embedded storage', () => {
  it('is full from its last byte on, refuses nothing by itself, and has room again as soon as something goes', async () => {
    catchLogLines();
    const { run, requester, fillTo, emptyTo } = engineOfParts();
    expect(requester.isFull()).toBe(false);
    await fillTo(0.98);
    expect(requester.isFull()).toBe(false);
    await fillTo(1);
    expect(requester.isFull()).toBe(true);
    expect(await run('SET', 'more', PART)).toBe('OK');
    await run('DEL', 'more');
    expect(requester.isFull()).toBe(true);
    await emptyTo(1);
    expect(requester.isFull()).toBe(false);
  });

  it('never counts what has expired against anybody', async () => {
    const lines = catchLogLines();
    const { requester, clock, fillTo, run } = engineOfParts();
    await fillTo(1.2, 'PX', 60_000);
    expect(requester.isFull()).toBe(true);
    clock.ms += 60_001;
    expect(requester.footprint).toBeGreaterThan(MB);
    expect(requester.isFull()).toBe(false);
    expect(requester.footprint).toBe(0);
    lines.length = 0;
    // Seven tenths expire and eight follow: there was never more than eight tenths to hold at once.
    await fillTo(0.7, 'PX', 60_000);
    clock.ms += 60_001;
    await run('SET', 'large', 'x'.repeat(0.75 * MB));
    expect(lines).toEqual([]);
  });

  it('writes one line at four fifths and one when full, however often the marks are passed', async () => {
    const lines = catchLogLines();
    const { fillTo, emptyTo } = engineOfParts();
    await fillTo(0.79);
    expect(lines).toEqual([]);
    for (let round = 0; round < 5; round += 1) {
      await fillTo(1.05);
      await emptyTo(0.91);
    }
    expect(lines).toEqual([
      { level: 'warn', event: 'storage.nearly_full', heldMb: 1, maxMb: 1 },
      { level: 'error', event: 'storage.full', heldMb: 1, maxMb: 1 },
    ]);
  });

  it('writes them again after it had been well below', async () => {
    const lines = catchLogLines();
    const events = () => lines.splice(0).map(({ event }) => event);
    const { fillTo, emptyTo } = engineOfParts();
    await fillTo(1);
    expect(events()).toEqual(['storage.nearly_full', 'storage.full']);
    await emptyTo(0.88);
    await fillTo(1);
    expect(events()).toEqual(['storage.full']);
    await emptyTo(0.72);
    await fillTo(0.85);
    expect(events()).toEqual([]);
    await emptyTo(0.68);
    await fillTo(0.85);
    expect(events()).toEqual(['storage.nearly_full']);
  });

  it('is said to be of no use at the start where the heap ends first', async () => {
    const lines = catchLogLines();
    const high = await openStorage({ kind: 'embedded', maxBytes: 2 ** 40 });
    await high.close();
    expect(lines).toMatchObject([{ level: 'warn', event: 'storage.ceiling_beyond_heap', maxMb: 2 ** 20 }]);
    const low = await openStorage({ kind: 'embedded', maxBytes: MB });
    await low.close();
    expect(lines).toHaveLength(1);
  });
});
