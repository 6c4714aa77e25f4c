import { describe, expect, it } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { createRoomLinks } from '@/session/room-links';
import { ROOM_ID } from './fake-room';

const OTHER = roomIdSchema.parse('Zz0Bb1Cc2Dd3Ee4Ff5Gg6H');
const SECRET = 'x'.repeat(43);
const ROOM = `https://mayfly.example/room/${ROOM_ID}`;
const LINK = `https://mayfly.example/room/${OTHER}`;

describe('the links of other rooms', () => {
  it('stand beside this room’s own, with their key where they have one', () => {
    const { linkTo } = createRoomLinks(ROOM, ROOM_ID, true);
    expect(linkTo({ roomId: OTHER })).toBe(LINK);
    expect(linkTo({ roomId: OTHER, secret: SECRET })).toBe(`${LINK}#${SECRET}`);
  });

  it.each([
    ['the link of another room', LINK, { roomId: OTHER }],
    ['words around it', `see ${LINK}`, null],
    ['more behind it', `${LINK}?a`, null],
    ['a key, which a plain room may not carry', `${LINK}#${SECRET}`, null],
    ['this room', ROOM, null],
    ['another site', `https://mayfly.example.org/room/${OTHER}`, null],
    ['no room', 'https://mayfly.example/room/short', null],
  ])('are found in the texts of a plain room: %s', (_, text, expected) => {
    expect(createRoomLinks(ROOM, ROOM_ID, false).roomIn(text)).toEqual(expected);
  });

  it('are not looked for in the texts of a sealed room, nor where this room has no link', () => {
    expect(createRoomLinks(ROOM, ROOM_ID, true).roomIn(LINK)).toBeNull();
    expect(createRoomLinks('', ROOM_ID, false).roomIn(OTHER)).toBeNull();
  });
});
