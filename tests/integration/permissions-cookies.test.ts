import * as z from 'zod/mini';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roomIdSchema } from '@/domain/room';
import { openStorage } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { type Answer, type RoomsApi, roomsApi } from '@tests/support/rooms';

const madeSchema = z.object({ roomId: roomIdSchema });

let app: TestApp;
let api: RoomsApi;
beforeAll(async () => {
  app = await startApp(await openStorage({ kind: 'embedded' }));
  api = roomsApi(app);
});
afterAll(async () => {
  await app.close();
  await app.context.storage.close();
});

interface Cookie {
  name: string;
  value: string;
  attributes: Record<string, string>;
}

function cookieOf({ headers }: Answer): Cookie {
  const cookies = headers.getSetCookie();
  expect(cookies).toHaveLength(1);
  const [[name = '', value = ''] = [], ...attributes] = (cookies[0] ?? '').split(/; */).map((part) => part.split('='));
  return {
    name,
    value,
    attributes: Object.fromEntries(attributes.map(([key = '', text = '']) => [key.toLowerCase(), text])),
  };
}

async function visit(
  from: RoomsApi,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ cookie: Cookie; roomId: string; header: string }> {
  const answer = await from.ask('POST', path, { json: {}, headers });
  expect(answer.status).toBe(201);
  expect(answer.body).not.toHaveProperty('token');
  const { roomId } = madeSchema.parse(answer.body);
  const cookie = cookieOf(answer);
  return { cookie, roomId, header: `${cookie.name}=${cookie.value}` };
}

describe('the cookie of a seat', () => {
  it.each([60, 600, 3_600])(
    'is sent for its room alone, hidden from scripts and other sites, and ends with a room of %d s',
    async (lifetimeSeconds) => {
      const answer = await api.ask('POST', '/api/room', { json: { lifetimeSeconds } });
      const { name, value, attributes } = cookieOf(answer);
      expect(name).toBe(`mayfly_${madeSchema.parse(answer.body).roomId}`);
      expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(attributes).toEqual({
        httponly: '',
        samesite: 'Strict',
        path: '/api',
        'max-age': String(lifetimeSeconds),
      });
    },
  );

  it('lives as long as the rest of the room’s life when the holder joins later', async () => {
    const owner = await api.openFor(90_500);
    const { cookie } = await visit(api, `/api/room/join?roomId=${owner.roomId}`);
    expect(Number(cookie.attributes['max-age'])).toBeGreaterThanOrEqual(88);
    expect(Number(cookie.attributes['max-age'])).toBeLessThanOrEqual(90);
  });

  it('travels only over encrypted connections when the connection is encrypted, according to a trusted proxy', async () => {
    const https = { 'x-forwarded-proto': 'https' };
    expect((await visit(api, '/api/room', https)).cookie.attributes).not.toHaveProperty('secure');
    const behind = roomsApi(app, { trustedProxies: 1 });
    expect((await visit(behind, '/api/room', https)).cookie.attributes).toHaveProperty('secure');
    expect(
      (await visit(behind, '/api/room', { 'x-forwarded-proto': 'https, http' })).cookie.attributes,
    ).not.toHaveProperty('secure');
    expect((await visit(behind, '/api/room', { 'x-forwarded-proto': 'http' })).cookie.attributes).not.toHaveProperty(
      'secure',
    );
  });

  it.each([
    ['POST', '/api/room/leave'],
    ['DELETE', '/api/room'],
  ])('is removed once by %s %s', async (method, path) => {
    const { cookie, roomId, header } = await visit(api, '/api/room');
    const answer = await api.ask(method, `${path}?roomId=${roomId}`, { headers: { cookie: header } });
    expect(answer.status).toBe(204);
    expect(cookieOf(answer)).toEqual({
      name: cookie.name,
      value: '',
      attributes: { httponly: '', samesite: 'Strict', path: '/api', 'max-age': '0' },
    });
  });

  it('is not set again for a member who has it', async () => {
    const { roomId, header } = await visit(api, '/api/room');
    const again = await api.ask('POST', `/api/room/join?roomId=${roomId}`, { json: {}, headers: { cookie: header } });
    expect(again.status).toBe(200);
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('of one room does not disturb another’s', async () => {
    const [first, second] = [await visit(api, '/api/room'), await visit(api, '/api/room')];
    const headers = { cookie: `theme=dark; ${first.header}; ${second.header}` };
    for (const { roomId } of [first, second]) {
      expect((await api.ask('GET', `/api/members?roomId=${roomId}`, { headers })).status).toBe(200);
    }
  });

  it.each([
    [
      'under another room’s name',
      (name: string, value: string) => `${name.slice(0, -1)}${name.endsWith('0') ? '1' : '0'}=${value}`,
    ],
    ['under the bare name', (_: string, value: string) => `mayfly=${value}`],
    ['cut short', (name: string, value: string) => `${name}=${value.slice(1)}`],
    ['of an empty value', (name: string) => `${name}=`],
    ['without a value', (name: string) => name],
    ['in quotes', (name: string, value: string) => `${name}="${value}"`],
    ['as its stored hash', (name: string) => `${name}=${'A'.repeat(43)}`],
    ['of a prototype', () => '__proto__=x; constructor=y'],
  ])('is no credential %s', async (_, bend) => {
    const { cookie, roomId } = await visit(api, '/api/room');
    const answer = await api.ask('GET', `/api/members?roomId=${roomId}`, {
      headers: { cookie: bend(cookie.name, cookie.value) },
    });
    expectProblem(answer, 'not_a_member');
  });
});

describe('a bearer token', () => {
  it('sets no cookie, and also works as a cookie', async () => {
    const owner = await api.open();
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${owner.token}` },
      { authorization: `bearer ${owner.token}` },
      { cookie: `mayfly_${owner.roomId}=${owner.token}` },
    ];
    for (const headers of ways) {
      expect((await api.ask('GET', `/api/members?roomId=${owner.roomId}`, { headers })).status).toBe(200);
    }
  });

  it('counts before the cookie when both are sent', async () => {
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const cookie = `mayfly_${owner.roomId}=${owner.token}`;
    const both = { token: guest.token, headers: { cookie } };
    expect((await api.ask('GET', `/api/room?roomId=${owner.roomId}`, both)).body).toMatchObject({
      you: { memberId: guest.memberId },
    });
    const wrong = { token: 'A'.repeat(43), headers: { cookie } };
    expectProblem(await api.ask('GET', `/api/members?roomId=${owner.roomId}`, wrong), 'not_a_member');
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic dTpw',
    'Token x',
    `Bearer ${'A'.repeat(10_000)}`,
    'Bearer a b',
    'Bearer \u00e9',
  ])('is no credential as "%.20s"', async (authorization) => {
    const owner = await api.open();
    expectProblem(
      await api.ask('GET', `/api/members?roomId=${owner.roomId}`, { headers: { authorization } }),
      'not_a_member',
    );
  });

  it('is stored only as its hash', async () => {
    const owner = await api.open();
    const { redis } = app.context.storage;
    const stored = JSON.stringify(
      await Promise.all(['', ':members', ':tokens'].map((part) => redis.hgetall(`room:{${owner.roomId}}${part}`))),
    );
    expect(stored).toContain(owner.memberId);
    expect(stored).not.toContain(owner.token);
  });
});
