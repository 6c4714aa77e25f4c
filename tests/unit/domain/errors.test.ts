import { expect, it, vi } from 'vitest';
import { RoomError } from '@/domain/errors';

it('a room error is known to the copy of this code that another bundle holds, and nothing else is', async () => {
  vi.resetModules();
  const elsewhere = await import('@/domain/errors');
  expect(elsewhere.RoomError).not.toBe(RoomError);
  expect(new elsewhere.RoomError('room_full')).toBeInstanceOf(RoomError);
  expect(new RoomError('room_full')).toBeInstanceOf(elsewhere.RoomError);
  for (const other of [new Error('room_full'), { reason: 'room_full' }, 'room_full', null])
    expect(other).not.toBeInstanceOf(RoomError);
});
