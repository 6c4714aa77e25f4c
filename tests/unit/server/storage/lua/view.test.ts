import { describe, expect, it } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { roomOf, seatedRoomOf } from '@/server/storage/lua/view';

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

describe('the view of a room', () => {
  it('has the fields of the contract, as numbers and booleans', () => {
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
        entry: 'open',
        listed: false,
        slowModeSeconds: 0,
        signals: { typing: true, seen: true },
        files: null,
      },
      seat: null,
      wasTakenOff: false,
    });
    expect(
      roomOf(ROOM, view({ sealed: '1', keyCheck: 'AbC-_012345', locked: '1', memberId: MEMBER, owner: '1' })),
    ).toMatchObject({
      room: { sealed: true, keyCheck: 'AbC-_012345', epoch: 0, replaced: [], locked: true },
      seat: { memberId: MEMBER, owner: true },
    });
  });

  it('of a sealed room shows the checks of the secrets that were replaced', () => {
    const replaced = ['AbC-_012345', 'BbC-_012345'];
    const rekeyed = view({ sealed: '1', keyCheck: 'CbC-_012345', epoch: '2', replaced: replaced.join(',') });
    expect(roomOf(ROOM, rekeyed).room).toMatchObject({ keyCheck: 'CbC-_012345', epoch: 2, replaced });
  });

  it('is a bug where a seat must be there and is missing', () => {
    expect(() => seatedRoomOf(ROOM, view())).toThrow('without a seat');
  });
});
