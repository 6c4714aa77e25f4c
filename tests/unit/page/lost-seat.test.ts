import { describe, expect, it } from 'vitest';
import { forgetLostSeat, purgeLostSeats, recallLostSeat, rememberLostSeat } from '@/page/lost-seat';
import { rememberName } from '@/session/people/own-name';
import { roomIdSchema } from '@/domain/room';
import { FakeStorage } from '@tests/unit/client/fake-browser';

const roomId = roomIdSchema.parse('Aa0Bb1Cc2Dd3Ee4Ff5Gg6H');
const otherRoomId = roomIdSchema.parse('Zz9Yy8Xx7Ww6Vv5Uu4Tt3S');

describe('how a seat was lost', () => {
  it('is known until the room ends or it is forgotten, of that room alone', () => {
    const storage = new FakeStorage();
    rememberLostSeat(storage, roomId, { endsAt: 1_000, reason: 'removed' });
    expect([recallLostSeat(storage, roomId, 999)?.reason, recallLostSeat(storage, roomId, 1_000)]).toEqual([
      'removed',
      null,
    ]);
    expect(recallLostSeat(storage, otherRoomId, 0)).toBeNull();
    forgetLostSeat(storage, roomId);
    expect(storage.length).toBe(0);
  });

  it('is purged once the room has ended, and not before', () => {
    const storage = new FakeStorage();
    rememberName(storage, 'Quiet Otter');
    rememberLostSeat(storage, roomId, { endsAt: 1_000, reason: 'removed' });
    rememberLostSeat(storage, otherRoomId, { endsAt: 2_000, reason: 'displaced' });
    purgeLostSeats(storage, 1_000);
    expect([...storage.entries.keys()]).toEqual(['mayfly:name', `mayfly:lost-seat:${otherRoomId}`]);
  });

  it.each(['', '{', 'null', '{"endsAt":9000000000000000,"reason":"bored"}'])(
    'is ignored, and purged, when it is %j',
    (kept) => {
      const storage = new FakeStorage();
      storage.setItem(`mayfly:lost-seat:${roomId}`, kept);
      expect(recallLostSeat(storage, roomId, 0)).toBeNull();
      purgeLostSeats(storage, 0);
      expect(storage.length).toBe(0);
    },
  );
});
