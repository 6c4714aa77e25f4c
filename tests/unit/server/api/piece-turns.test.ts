import { performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { PieceTurns } from '@/server/api/piece-turns';
import { RestedTurns } from '@/server/api/places';

const HERE = '192.0.2.1';
const sender = (tokenHash: string, address = HERE) => ({
  tokenHash,
  address,
  request: new Request('http://localhost/'),
});
const outcome = (run: Promise<string>) =>
  run.catch((error: unknown) => (error instanceof Error ? error.message : 'thrown'));
const many = <Made>(count: number, make: (index: number) => Made): Made[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Lets the event loop go round often enough for everybody who can go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) await setImmediate();
}

/** Work that the test ends, and the names of those at work. */
function working() {
  const atWork = new Map<string, () => void>();
  const begun: string[] = [];
  const work = (name: string) => async () => {
    begun.push(name);
    await new Promise<void>((resolve) => atWork.set(name, resolve));
    atWork.delete(name);
    return 'through';
  };
  return { begun, atWork, work, end: (name: string) => atWork.get(name)?.() };
}

describe('pieces on their way', () => {
  it('are two of a member; sixty-four wait, the next is refused, and one that gets through gives its place to the first in line', async () => {
    const { begun, atWork, work, end } = working();
    const pieces = new PieceTurns(new RestedTurns());
    const runs = many(66, (index) => outcome(pieces.run(sender('somebody'), work(`${index}`))));
    const tooMany = pieces.run(sender('somebody'), work('too many'));
    await expect(tooMany).rejects.toMatchObject({ reason: 'rate_limited', retryAfterSeconds: 1 });
    await turns();
    expect([...atWork.keys()]).toEqual(['0', '1']);
    const other = outcome(pieces.run(sender('another'), work('of another')));
    await turns();
    expect([...atWork.keys()]).toEqual(['0', '1', 'of another']);
    end('1');
    await turns();
    expect([...atWork.keys()]).toEqual(['0', 'of another', '2']);
    // One has left the line, so one more may wait in it.
    runs.push(outcome(pieces.run(sender('somebody'), work('66'))));
    while (atWork.size > 0) {
      for (const name of atWork.keys()) end(name);
      await turns();
    }
    expect(await Promise.all([...runs, other])).toEqual(many(68, () => 'through'));
    expect(begun.filter((name) => name !== 'of another')).toEqual(many(67, String));
  });

  it('are thirty-two of an address, whose line ends after a thousand, and a neighbour’s go on', async () => {
    const { atWork, work, end } = working();
    const pieces = new PieceTurns(new RestedTurns());
    const runs = many(32 + 1_024, (index) => outcome(pieces.run(sender(`made up ${index}`), work(`${index}`))));
    await turns();
    expect(atWork.size).toBe(32);
    expect(await outcome(pieces.run(sender('one more'), work('one more')))).toBe('rate_limited');
    const neighbours = outcome(pieces.run(sender('neighbour', '192.0.2.2'), work('neighbour')));
    await turns();
    expect(atWork.size).toBe(33);
    end('neighbour');
    expect(await neighbours).toBe('through');
    while (atWork.size > 0) {
      for (const name of atWork.keys()) end(name);
      await turns();
    }
    expect(new Set(await Promise.all(runs))).toEqual(new Set(['through']));
  });

  it('without a credential count for their address', async () => {
    const { atWork, work } = working();
    const pieces = new PieceTurns(new RestedTurns());
    for (const [index, address] of [HERE, HERE, HERE, '192.0.2.2'].entries())
      void pieces.run(sender('', address), work(`${index}`));
    await turns();
    expect([...atWork.keys()]).toEqual(['0', '1', '3']);
  });

  it('are ninety-six of everybody, and an address that sends without end leaves two thirds of them', async () => {
    const { atWork, work } = working();
    const pieces = new PieceTurns(new RestedTurns());
    for (let index = 0; index < 500; index += 1) void pieces.run(sender(`greedy ${index}`), work(`greedy ${index}`));
    for (let index = 0; index < 70; index += 1)
      void pieces.run(sender(`member ${index}`, `198.51.100.${index}`), work(`member ${index}`));
    await turns();
    expect(atWork.size).toBe(96);
    expect([...atWork.keys()].filter((name) => name.startsWith('greedy'))).toHaveLength(32);
  });

  it('of credentials that nobody has confirmed are two of an address and eight of all, and leave members their places', async () => {
    const { atWork, work, end } = working();
    const pieces = new PieceTurns(new RestedTurns(), { keepsStrangersApart: true });
    pieces.know('member');
    for (let index = 0; index < 60; index += 1)
      void outcome(pieces.run(sender(`made up ${index}`, `198.51.100.${index % 6}`), work(`made up ${index}`)));
    await turns();
    expect(atWork.size).toBe(8);
    const member = outcome(pieces.run(sender('member', '198.51.100.0'), work('member')));
    await turns();
    expect(atWork.has('member')).toBe(true);
    end('member');
    expect(await member).toBe('through');
    // One whose piece the storage has taken is a member.
    const first = 'made up 0';
    end(first);
    await turns();
    void outcome(pieces.run(sender(first), work('the next of it')));
    await turns();
    expect(atWork.has('the next of it')).toBe(true);
  });

  it('of a credential that the storage does not know leave it a stranger', async () => {
    const { atWork, work } = working();
    const pieces = new PieceTurns(new RestedTurns(), { keepsStrangersApart: true });
    const refuse = () => Promise.reject(new Error('not a member'));
    expect(await outcome(pieces.run(sender('made up'), refuse))).toBe('not a member');
    for (let index = 0; index < 8; index += 1)
      void pieces.run(sender(`stranger ${index}`, `198.51.100.${index}`), work(`${index}`));
    void pieces.run(sender('made up'), work('again'));
    await turns();
    expect(atWork.size).toBe(8);
    expect(atWork.has('again')).toBe(false);
  });

  it('ask the storage eight at a time', async () => {
    const { atWork, work, end } = working();
    const pieces = new PieceTurns(new RestedTurns());
    const runs = many(20, (index) => pieces.run(sender(`member ${index}`), (ask) => ask(work(`${index}`))));
    await vi.waitUntil(() => atWork.size === 8);
    let through = 0;
    for (const run of runs) void run.then(() => (through += 1));
    while (through < 20) {
      for (const name of atWork.keys()) end(name);
      await pause(1);
      expect(atWork.size).toBeLessThanOrEqual(8);
    }
  });

  it('leave two thirds of the process to others, up and down together, while there are any', async () => {
    const rested = new RestedTurns();
    const [up, down] = [new PieceTurns(rested), new PieceTurns(rested)];
    const utilization = async () => {
      const before = performance.eventLoopUtilization();
      const asked = many(10, (index) =>
        (index % 2 === 0 ? up : down).run(sender(`member ${index}`), (ask) =>
          ask(() => {
            const until = performance.now() + 5;
            while (performance.now() < until);
            return Promise.resolve('through');
          }),
        ),
      );
      await Promise.all(asked);
      return performance.eventLoopUtilization(before).utilization;
    };
    const alone = await utilization();
    rested.noticeOthers();
    const besideOthers = await utilization();
    // The first of ten waits for nobody.
    expect([alone > 0.8, besideOthers < 0.5]).toEqual([true, true]);
  });

  it('begin in a process that never rests, too', async () => {
    let spinning = globalThis.setImmediate(function spin() {
      spinning = globalThis.setImmediate(spin);
    });
    const rested = new RestedTurns();
    rested.noticeOthers();
    const pieces = new PieceTurns(rested);
    const runs = many(3, (index) =>
      pieces.run(sender(`member ${index}`), (ask) => ask(() => Promise.resolve('through'))),
    );
    expect(await Promise.all(runs)).toEqual(['through', 'through', 'through']);
    clearImmediate(spinning);
  });

  it('that fail give back every place that they had', async () => {
    const pieces = new PieceTurns(new RestedTurns(), {
      underWayPerCredential: 1,
      underWayPerAddress: 1,
      underWayMax: 1,
      askingMax: 1,
    });
    const failing = many(3, (index) =>
      outcome(pieces.run(sender(`member ${index}`), (ask) => ask(() => Promise.reject(new Error('failed'))))),
    );
    expect(await Promise.all(failing)).toEqual(['failed', 'failed', 'failed']);
    expect(await pieces.run(sender('another'), () => Promise.resolve('through'))).toBe('through');
  });
});
