import { describe, expect, it } from 'vitest';
import { arrangeRooms } from '@/components/lobby/arrange-rooms';
import type { ListedRoom } from '@/domain/lobby';
import { roomIdSchema } from '@/domain/room';

const room = (name: string, changes: Partial<ListedRoom> = {}): ListedRoom => ({
  roomId: roomIdSchema.parse(name.padEnd(22, '0')),
  topic: name,
  members: 1,
  here: 1,
  maxMembers: 10,
  createdAt: 0,
  expiresAt: 600_000,
  ...changes,
});
const [a, b, c] = [room('A'), room('B'), room('C')];
const topics = (rooms: readonly { topic: string; isGone?: true }[]) =>
  rooms.map(({ topic, isGone }) => (isGone ? `${topic} gone` : topic));

describe('the places of public rooms', () => {
  it('are the server’s while nobody is about to press one', () => {
    expect(arrangeRooms([a, b], [c, b], false)).toEqual([c, b]);
  });

  it('stay while somebody is: new rooms come behind, and one that is gone keeps its place and says so', () => {
    const shown = arrangeRooms([a, b], [c, b], true);
    expect(topics(shown)).toEqual(['A gone', 'B', 'C']);
    expect(topics(arrangeRooms(shown, [a, c, b], true))).toEqual(['A', 'B', 'C']);
    expect(topics(arrangeRooms(shown, [c, b], false))).toEqual(['C', 'B']);
  });

  it('show what is new of a room that stays', () => {
    expect(arrangeRooms([a], [{ ...a, members: 7 }], true)).toEqual([{ ...a, members: 7 }]);
  });
});
