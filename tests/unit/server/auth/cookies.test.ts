import { describe, expect, it } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { clearedCookie, movedSeatCookie, readCredential, readSeatCookie, seatCookie } from '@/server/auth/cookies';

const ROOM = roomIdSchema.parse('R'.repeat(22));
const NAME = `mayfly_${ROOM}`;
const credentialOf = (headers: Record<string, string>) => readCredential(new Headers(headers), ROOM);

describe('the cookie of a seat', () => {
  it('ends no later than the room', () => {
    expect(seatCookie(ROOM, 'token', 599_999, false)).toBe(
      `${NAME}=token; Max-Age=599; Path=/api; HttpOnly; SameSite=Strict`,
    );
    // Max-Age=0 would remove the very cookie that it sets.
    expect(seatCookie(ROOM, 'token', 999, false)).toContain('Max-Age=1;');
  });

  it('is marked for https where the connection is', () => {
    expect(seatCookie(ROOM, 'token', 1_000, true)).toMatch(/; Secure$/);
    expect(clearedCookie(ROOM, true)).toMatch(/; Secure$/);
  });

  it('names the end that it was given for once that has moved, behind the token', () => {
    const cookie = movedSeatCookie(ROOM, 'token', { expiresAt: 1_800_000, leftMs: 1_200_000 }, false);
    expect(cookie).toBe(`${NAME}=token.1800000; Max-Age=1200; Path=/api; HttpOnly; SameSite=Strict`);
    const shown = new Headers({ cookie: `${NAME}=token.1800000` });
    expect([readCredential(shown, ROOM), readSeatCookie(shown, ROOM)]).toEqual([
      'token',
      { token: 'token', expiresAt: 1_800_000 },
    ]);
    expect(readSeatCookie(new Headers({ cookie: `${NAME}=token` }), ROOM)).toEqual({ token: 'token', expiresAt: null });
    expect(readSeatCookie(new Headers({ cookie: `${NAME}=token`, authorization: 'Bearer x' }), ROOM)).toBeNull();
  });

  it('is removed with the same name, path and attributes that it was set with', () => {
    expect(clearedCookie(ROOM, false)).toBe(`${NAME}=; Max-Age=0; Path=/api; HttpOnly; SameSite=Strict`);
  });
});

describe('a credential', () => {
  it.each([
    ['of the bearer', { authorization: 'Bearer abc' }, 'abc'],
    ['of the bearer, before the cookie', { authorization: 'bearer  abc', cookie: `${NAME}=def` }, 'abc'],
    ['of the cookie', { cookie: `${NAME}=def` }, 'def'],
    ['of the cookie among others', { cookie: `a=b;${NAME}=def; c=d` }, 'def'],
    ['of the cookie beside another scheme', { authorization: 'Basic abc', cookie: `${NAME}=def` }, 'def'],
    ['none at all', {}, null],
    ['none of another room', { cookie: `mayfly_${'S'.repeat(22)}=def` }, null],
    ['none of a longer name', { cookie: `x${NAME}=def` }, null],
    ['none without a value', { cookie: NAME }, null],
    ['none of an empty scheme', { authorization: 'Bearer ' }, null],
  ])('is %s', (_, headers: Record<string, string>, expected) => {
    expect(credentialOf(headers)).toBe(expected);
  });
});
