import { describe, expect, it } from 'vitest';
import { ROOM_REASONS, RoomError } from '@/domain/errors';
import { roomIdSchema } from '@/domain/room';
import { membersOf } from '@/server/services/member-reply';
import { accepted, roomOf, seatedRoomOf } from '@/server/services/reply';

const ROOM = roomIdSchema.parse('R'.repeat(22));
const MEMBER = 'M'.repeat(16);
const view = (fields: Record<string, string | number> = {}) =>
  Object.entries({
    createdAt: '1795232778545',
    expiresAt: '1795233378545',
    now: '1795232778600',
    members: 2,
    here: 1,
    maxMembers: '10',
    sealed: '0',
    keyCheck: '',
    locked: '0',
    memberId: '',
    owner: '0',
    ...fields,
  }).flat();

describe('what a script answers', () => {
  it.each(ROOM_REASONS.filter((reason) => reason !== 'storage_full'))('is thrown when it is %s', (reason) => {
    expect(() => accepted([reason])).toThrow(new RoomError(reason));
  });

  it('is thrown with the time after which a full storage is asked again', () => {
    expect(() => accepted(['storage_full'])).toThrow(new RoomError('storage_full', { retryAfterSeconds: 30 }));
  });

  it('tells the time to wait in whole seconds, the begun one counted', () => {
    for (const [ms, seconds] of [
      ['1', 1],
      ['1000', 1],
      ['1001', 2],
      ['9999', 10],
    ] as const) {
      expect(() => accepted(['rate_limited', ms])).toThrow(
        new RoomError('rate_limited', { retryAfterSeconds: seconds }),
      );
    }
  });

  it('is given on when it is any other word', () => {
    expect(accepted(['sent', '1-1', 5])).toEqual({ status: 'sent', rest: ['1-1', 5] });
    expect(() => accepted([])).toThrow();
  });
});

describe('the view of a room', () => {
  it('has the fields of the contract, as numbers and truths', () => {
    expect(roomOf(ROOM, view())).toEqual({
      room: {
        roomId: ROOM,
        createdAt: 1_795_232_778_545,
        expiresAt: 1_795_233_378_545,
        now: 1_795_232_778_600,
        members: 2,
        here: 1,
        maxMembers: 10,
        sealed: false,
        locked: false,
      },
      seat: null,
    });
    expect(
      roomOf(ROOM, view({ sealed: '1', keyCheck: 'AbC-_012345', locked: '1', memberId: MEMBER, owner: '1' })),
    ).toMatchObject({
      room: { sealed: true, keyCheck: 'AbC-_012345', locked: true },
      seat: { memberId: MEMBER, owner: true },
    });
  });

  it('is a fault of the program where a seat must be and is none', () => {
    expect(() => seatedRoomOf(ROOM, view())).toThrow('without a seat');
  });
});

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
    expect(membersOf(['ok', 'C'.repeat(16), ['B'.repeat(16)], entries])).toEqual([
      { memberId: 'A'.repeat(16), owner: false, joinedAt: 200, here: false, name },
      { memberId: 'C'.repeat(16), owner: true, joinedAt: 250, here: false, name: '123' },
      { memberId: 'B'.repeat(16), owner: false, joinedAt: 300, here: true },
    ]);
  });
});
