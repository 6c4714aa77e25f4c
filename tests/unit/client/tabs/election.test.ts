import { beforeEach, describe, expect, it } from 'vitest';
import { createElection, type Locks } from '@/client/tabs/election';
import { FakeBrowser } from '../fake-browser';

/** What happened to every candidate, in order. */
let events: string[];
let browser: FakeBrowser;

function candidate(name: string, locks: Locks | undefined = browser.locks) {
  return createElection(locks, 'room', {
    onElected: () => events.push(`${name} leads`),
    onDeposed: () => events.push(`${name} is deposed`),
  });
}

/** Promises of locks take a few turns. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

beforeEach(() => {
  browser = new FakeBrowser();
  events = [];
});

describe('the election among tabs', () => {
  it('has one leader at a time, and the next in line follows one that withdraws', async () => {
    const [first, second, third] = [candidate('first'), candidate('second'), candidate('third')];
    for (const election of [first, second, third]) election.seek();
    await settle();
    expect(events).toEqual(['first leads']);
    second.withdraw();
    first.withdraw();
    await settle();
    expect(events).toEqual(['first leads', 'third leads']);
  });

  it('deposes a leader whose lead is stolen, which then waits for it like the others', async () => {
    const [first, second] = [candidate('first'), candidate('second')];
    first.seek();
    second.seek();
    await settle();
    second.seek(true);
    await settle();
    expect(events).toEqual(['first leads', 'second leads', 'first is deposed']);
    second.withdraw();
    await settle();
    expect(events.at(-1)).toBe('first leads');
  });

  it('lets a tab come back that had withdrawn', async () => {
    const first = candidate('first');
    first.seek();
    await settle();
    first.withdraw();
    await settle();
    first.seek();
    await settle();
    expect(events).toEqual(['first leads', 'first leads']);
  });

  it('elects every tab where the browser has no locks', () => {
    const alone = createElection(undefined, 'room', {
      onElected: () => events.push('alone leads'),
      onDeposed: () => events.push('alone is deposed'),
    });
    alone.seek();
    alone.withdraw();
    expect(events).toEqual(['alone leads']);
  });
});
