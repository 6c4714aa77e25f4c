import { describe, expect, it } from 'vitest';
import { textToBytes } from '@/server/storage/embedded/bytes';
import { Engine } from '@/server/storage/embedded/engine';
import { PubSub } from '@/server/storage/embedded/pub-sub';

describe('a stream from which entries are deleted', () => {
  const now = 1_800_000_000_000;
  const start = () => {
    const engine = new Engine({ now: () => now }, new PubSub((error) => expect(error).toBeUndefined()));
    return { engine, run: (...words: string[]) => engine.execute(words.map(textToBytes)) };
  };

  it('never gives an id twice, though time stands still and the newest entry is gone', () => {
    const { run } = start();
    expect(run('XADD', 'a', '*', 'f', 'x')).toBe(`${now}-0`);
    expect(run('XADD', 'a', '*', 'f', 'x')).toBe(`${now}-1`);
    expect(run('XDEL', 'a', `${now}-1`, `${now}-0`)).toBe(2);
    expect(run('XREVRANGE', 'a', '+', '-')).toEqual([]);
    expect(run('XADD', 'a', '*', 'f', 'x')).toBe(`${now}-2`);
  });

  it('gives their memory back, and keeps its key and its end when it is empty', () => {
    const { engine, run } = start();
    run('XADD', 'a', '1-0', 'f', 'x');
    run('PEXPIREAT', 'a', String(now + 60_000));
    run('XDEL', 'a', '1-0');
    const empty = engine.footprint;
    for (let ms = 2; ms < 50; ms += 1) run('XADD', 'a', `${ms}-0`, 'data', 'x'.repeat(1_000));
    expect(engine.footprint).toBeGreaterThan(empty + 48_000);
    for (let ms = 2; ms < 50; ms += 1) run('XDEL', 'a', `${ms}-0`);
    expect(engine.footprint).toBe(empty);
    expect([run('EXISTS', 'a'), run('XLEN', 'a'), run('PTTL', 'a')]).toEqual([1, 0, 60_000]);
  });
});
