import { describe, expect, it } from 'vitest';
import { workAtOnce } from '@/lib/at-once';
import { createSlots } from '@/lib/slots';

const soon = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('work a few at once', () => {
  it('begins in order, as much as may be under way whenever something begins', async () => {
    let [max, under] = [2, 0];
    const seen: string[] = [];
    await workAtOnce(
      [0, 1, 2, 3, 4, 5],
      () => max,
      async (one) => {
        under += 1;
        seen.push(`${one}:${under}`);
        await soon();
        under -= 1;
        if (one === 1) max = 1;
        return true;
      },
    );
    expect(seen.map((one) => one[0])).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(seen[1]).toBe('1:2');
    expect(seen.slice(3).map((one) => one.slice(2))).toEqual(['1', '1', '1']);
  });

  it('begins nothing after work that says so, and waits for what is under way', async () => {
    const [begun, ended]: number[][] = [[], []];
    await workAtOnce(
      [0, 1, 2, 3],
      () => 2,
      async (one) => {
        begun?.push(one);
        await soon();
        if (one === 1) await soon();
        ended?.push(one);
        return one !== 0;
      },
    );
    expect([begun, ended]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('throws the first fault once all has ended', async () => {
    const ended: number[] = [];
    const work = workAtOnce(
      [0, 1, 2],
      () => 2,
      async (one) => {
        if (one === 0) throw new Error('first');
        await soon();
        ended.push(one);
        return true;
      },
    );
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([1]);
  });
});

it('slots admit as many as there are at that moment', async () => {
  let [max, under, most] = [1, 0, 0];
  const slots = createSlots(() => max);
  const work = () =>
    slots(async () => {
      under += 1;
      most = Math.max(most, under);
      await soon();
      under -= 1;
    });
  await Promise.all([work(), work()]);
  expect(most).toBe(1);
  max = 3;
  await Promise.all([work(), work(), work(), work()]);
  expect(most).toBe(3);
});
