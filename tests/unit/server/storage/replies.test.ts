import { describe, expect, it } from 'vitest';
import { RoomError } from '@/domain/errors';
import { ROOM_REASONS } from '@/domain/room-reasons';
import { accepted, misfitOf, paced } from '@/server/storage/replies';

describe('the reply of a script', () => {
  it.each(ROOM_REASONS.filter((reason) => reason !== 'storage_full'))('is thrown when it is %s', (reason) => {
    expect(() => accepted([reason])).toThrow(new RoomError(reason));
  });

  it('is thrown with the time after which a full storage may be asked again', () => {
    expect(() => accepted(['storage_full'])).toThrow(new RoomError('storage_full', { retryAfterSeconds: 30 }));
  });

  it('names the time to wait in whole seconds, rounded up', () => {
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

  it('is passed on when it is any other word', () => {
    expect(accepted(['sent', '1-1', 5])).toEqual({ status: 'sent', rest: ['1-1', 5] });
    expect(() => accepted([])).toThrow();
  });

  it('that a reading came too soon is a value with the exact time, and any other refusal is thrown', () => {
    const read = (rest: readonly unknown[]) => rest.length;
    expect(paced(['rate_limited', '1001'], read)).toEqual({ status: 'rate_limited', waitMs: 1_001 });
    expect(paced(['ok', 'a', 'b'], read)).toEqual({ status: 'found', found: 2 });
    expect(() => paced(['not_a_member'], read)).toThrow(new RoomError('not_a_member'));
  });

  it('that a content does not fit the room names the kind of room, and no other reply does', () => {
    expect(misfitOf(['invalid_request', '1'])).toEqual({ status: 'misfit', kind: 'sealed' });
    expect(misfitOf(['invalid_request', '0'])).toEqual({ status: 'misfit', kind: 'plain' });
    expect(misfitOf(['sent', '0'])).toBeNull();
  });
});
