import { describe, expect, it } from 'vitest';
import { openRoomSchema } from '@/domain/requests';
import { memberIdSchema, roomIdSchema } from '@/domain/room';

const ROOM_ID = 'aZ09'.repeat(5) + 'aZ';
const KEY_CHECK = 'AbC-_012345';
const SEALED = {
  sealed: true,
  keyCheck: KEY_CHECK,
  proofHash: 'P'.repeat(43),
  memberId: 'M'.repeat(16),
  card: `v2.0.${'A'.repeat(16)}.BBBB`,
};

describe('an id', () => {
  it('of a room is 22 letters and digits', () => {
    expect(roomIdSchema.parse(ROOM_ID)).toBe(ROOM_ID);
    const short = ROOM_ID.slice(1);
    for (const id of [
      '',
      short,
      `${ROOM_ID}a`,
      `${short}-`,
      `${short}_`,
      `${ROOM_ID}\n`,
      `\n${ROOM_ID}`,
      `${short}é`,
      22,
      null,
    ]) {
      expect(roomIdSchema.safeParse(id).success, JSON.stringify(id)).toBe(false);
    }
  });

  it('of a member is 16 letters and digits', () => {
    expect(memberIdSchema.safeParse('aZ09'.repeat(4)).success).toBe(true);
    for (const id of ['', 'a'.repeat(15), 'a'.repeat(17), `${'a'.repeat(15)}|`, `${'a'.repeat(16)}\n`]) {
      expect(memberIdSchema.safeParse(id).success, JSON.stringify(id)).toBe(false);
    }
  });
});

describe('a room to be opened', () => {
  it('needs nothing, and forgets what it does not know', () => {
    expect(openRoomSchema.parse({})).toEqual({});
    expect(openRoomSchema.parse(JSON.parse('{"__proto__":{"maxMembers":5},"owner":false}'))).toEqual({});
  });

  it.each([
    { lifetimeSeconds: 60 },
    { lifetimeSeconds: 3_600 },
    { maxMembers: 2 },
    { maxMembers: 1_000 },
    SEALED,
    { sealed: false },
    { credentials: 'bearer' },
    { credentials: 'cookie' },
  ])('may be %j', (room) => {
    expect(openRoomSchema.parse(room)).toEqual(room);
  });

  it.each([
    { lifetimeSeconds: 59 },
    { lifetimeSeconds: 3_601 },
    { lifetimeSeconds: 60.5 },
    { lifetimeSeconds: Infinity },
    { maxMembers: 1 },
    { maxMembers: 1_001 },
    { sealed: true },
    { keyCheck: KEY_CHECK },
    { sealed: false, keyCheck: KEY_CHECK },
    { sealed: true, keyCheck: KEY_CHECK },
    { ...SEALED, keyCheck: `${KEY_CHECK}A` },
    { ...SEALED, card: SEALED.card.replace('.0.', '.1.') },
    { credentials: 'none' },
    null,
    [],
    'room',
  ])('may not be %j', (room) => {
    expect(openRoomSchema.safeParse(room).success).toBe(false);
  });
});
