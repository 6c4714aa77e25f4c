import { describe, expect, it } from 'vitest';
import { membersOf } from '@/server/storage/members';

describe('the members', () => {
  it('stand in the order of their seats, with names that hold anything', () => {
    const name = 'a:b:"c"\n5:6:7:8';
    const entries = [
      'B'.repeat(16),
      '10:300:hash:7:',
      'A'.repeat(16),
      `2:200:hash:1:${JSON.stringify(name)}`,
      'C'.repeat(16),
      '9:250:hash:2:"123"',
    ];
    expect(membersOf(['C'.repeat(16), ['B'.repeat(16)], entries])).toEqual([
      { memberId: 'A'.repeat(16), owner: false, joinedAt: 200, here: false, name },
      { memberId: 'C'.repeat(16), owner: true, joinedAt: 250, here: false, name: '123' },
      { memberId: 'B'.repeat(16), owner: false, joinedAt: 300, here: true },
    ]);
  });
});
