import { expect, it, vi } from 'vitest';
import { RoomError } from '@/domain/errors';

it('the copy of this code in another bundle recognises a room error, and nothing else', async () => {
  vi.resetModules();
  const elsewhere = await import('@/domain/errors');
  expect(elsewhere.RoomError).not.toBe(RoomError);
  expect(new elsewhere.RoomError('room_full')).toBeInstanceOf(RoomError);
  expect(new RoomError('room_full')).toBeInstanceOf(elsewhere.RoomError);
  for (const other of [new Error('room_full'), { reason: 'room_full' }, 'room_full', null])
    expect(other).not.toBeInstanceOf(RoomError);
});
