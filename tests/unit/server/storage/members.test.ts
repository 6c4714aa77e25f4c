import { describe, expect, it } from 'vitest';
import { formerMembersOf, membersOf } from '@/server/storage/roster';

describe('the members', () => {
  it('stand in the order of their seats, with names that hold anything and how far each has read', () => {
    const name = 'a:b:"c"\n5:6:7:8';
    const entries = [
      'B'.repeat(16),
      '10:300:hash:7:',
      'A'.repeat(16),
      `2:200:hash:1:${JSON.stringify(name)}`,
      'C'.repeat(16),
      '9:250:hash:2:"123"',
    ];
    expect(membersOf(['0', 'C'.repeat(16), ['B'.repeat(16)], entries, ['C'.repeat(16), '5-0']])).toEqual([
      { memberId: 'A'.repeat(16), owner: false, joinedAt: 200, here: false, name },
      { memberId: 'C'.repeat(16), owner: true, joinedAt: 250, here: false, name: '123', seen: '5-0' },
      { memberId: 'B'.repeat(16), owner: false, joinedAt: 300, here: true },
    ]);
  });

  it('have cards in place of names in a sealed room, those who left as well', () => {
    const card = `v2.0.${'A'.repeat(16)}.BBBB`;
    expect(membersOf(['1', '', [], ['A'.repeat(16), `1:200:hash:1:"${card}"`], []])).toEqual([
      { memberId: 'A'.repeat(16), owner: false, joinedAt: 200, here: false, card },
    ]);
    expect(formerMembersOf(['A'.repeat(16), `"${card}"`], true)).toEqual([{ memberId: 'A'.repeat(16), card }]);
    expect(formerMembersOf(['A'.repeat(16), '"Ann"', 'B'.repeat(16), ''], false)).toEqual([
      { memberId: 'A'.repeat(16), name: 'Ann' },
      { memberId: 'B'.repeat(16) },
    ]);
  });
});
