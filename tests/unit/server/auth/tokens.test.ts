import { describe, expect, it } from 'vitest';
import {
  hashCredential,
  hashToken,
  newMemberId,
  newMessageId,
  newRequestId,
  newRoomId,
  newToken,
} from '@/server/auth/tokens';

const many = (make: () => string) => Array.from({ length: 2_000 }, make);

describe('a random value', () => {
  it.each([
    ['a token of 256 bits', newToken, /^[A-Za-z0-9_-]{43}$/],
    ['a room id without "_" and "-"', newRoomId, /^[A-Za-z0-9]{22}$/],
    ['a member id', newMemberId, /^[A-Za-z0-9]{16}$/],
    ['a message id', newMessageId, /^[A-Za-z0-9_-]{8,64}$/],
    ['a request id', newRequestId, /^[A-Za-z0-9]{22}$/],
  ])('%s has its shape and never comes twice', (_, make, shape) => {
    const made = many(make);
    expect(new Set(made).size).toBe(made.length);
    for (const one of made) expect(one).toMatch(shape);
  });
});

describe('a credential', () => {
  it('is looked up by its SHA-256', () => {
    const token = newToken();
    expect(hashCredential(token)).toBe(hashToken(token));
    // The test vector of the standard for "abc", in base64url.
    expect(hashToken('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  it.each([null, '', 'short', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`, `${'a'.repeat(43)}\n`])(
    '%j belongs to no seat',
    (token) => {
      expect(hashCredential(token)).toBe('');
    },
  );
});
