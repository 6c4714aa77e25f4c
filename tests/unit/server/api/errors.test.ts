import { describe, expect, it, vi } from 'vitest';
import { RoomError } from '@/domain/errors';
import { ROOM_REASONS } from '@/domain/room-reasons';
import { problemOf, problemResponse, problemSchema } from '@/server/api/errors';

describe('a refusal', () => {
  it.each(ROOM_REASONS)('for %s is a problem document', (reason) => {
    const { status, headers, body } = problemOf(new RoomError(reason));
    expect(problemSchema.parse(body)).toEqual(body);
    expect(body).toMatchObject({ status, code: reason });
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('says in whole seconds when to come back, and never at once', () => {
    for (const [seconds, header] of [
      [12, '12'],
      [0, '1'],
    ] as const) {
      expect(problemOf(new RoomError('rate_limited', { retryAfterSeconds: seconds })).headers['retry-after']).toBe(
        header,
      );
    }
  });

  it('names the faults of a request', () => {
    const faults = [{ path: 'text', message: 'is blank' }];
    expect(problemOf(new RoomError('invalid_request', { faults })).body.errors).toEqual(faults);
    expect(problemOf(new RoomError('not_found')).body).not.toHaveProperty('errors');
  });

  const unexpected = [new Error('what somebody said'), 'what somebody said', null, { reason: 'not_found' }];
  it.each(unexpected)('for %j, which is unexpected, reveals nothing about it', async (error) => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const response = problemResponse(error);
    const log = written.mock.calls.flat().map(String).join('');
    written.mockRestore();
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('internal_error');
    expect(text + log).not.toContain('what somebody said');
    expect(log.trim().split('\n')).toHaveLength(1);
  });
});
