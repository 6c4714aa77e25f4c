import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStreamIds, earlierStreamId, isAfter } from '@/lib/stream-id';

const part = fc.nat({ max: 2_000_000_000_000 });
const id = fc.tuple(part, fc.nat(5)).map(([ms, sequence]) => `${ms}-${sequence}`);

describe('positions in a stream', () => {
  it('are ordered by the millisecond, then by the sequence, as numbers', () => {
    expect(['10-0', '9-0', '9-10', '9-9', '0-0'].sort(compareStreamIds)).toEqual(['0-0', '9-0', '9-9', '9-10', '10-0']);
  });

  it('have one order: what is after another one is not before it', () => {
    fc.assert(
      fc.property(id, id, (left, right) => {
        expect(Math.sign(compareStreamIds(left, right)) + Math.sign(compareStreamIds(right, left))).toBe(0);
        expect(isAfter(left, right) && isAfter(right, left)).toBe(false);
        expect(compareStreamIds(left, right) === 0).toBe(left === right);
      }),
    );
  });

  it('may be moved earlier, never before the beginning', () => {
    expect(earlierStreamId('5000-3', 1_000)).toBe('4000-0');
    expect(earlierStreamId('500-3', 1_000)).toBe('0-0');
  });
});
