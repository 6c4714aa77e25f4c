import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { roomSchema } from '@/domain/room';
import { type TestApp, startApp } from '@tests/support/app';
import { A_MEMBER_ID, A_ROOM_ID, A_TOKEN, aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { KEY_CHECK, type RoomsApi, roomsApi, seatedSchema, UNKNOWN_ROOM } from '@tests/support/rooms';
import { cardOf, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const timeSchema = z.tuple([z.coerce.number(), z.coerce.number()]);

/** Every field of a room, and no other. */
const aRoom = ({ maxMembers = 10, ...fields }: { maxMembers?: number } & Record<string, unknown> = {}) => ({
  roomId: A_ROOM_ID,
  createdAt: aNumber,
  expiresAt: aNumber,
  now: aNumber,
  members: 1,
  here: 0,
  maxMembers,
  sealed: false,
  locked: false,
  entry: 'open',
  listed: false,
  slowModeSeconds: 0,
  // What a room of that size carries.
  signals: { typing: maxMembers <= 50, seen: maxMembers <= 20 },
  files: { maxBytes: 10_485_760, roomBytes: 41_943_040 },
  ...fields,
});

const SEALED = sealedRoom();

describeOnEveryStorage('rooms', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  describe('making one', () => {
    it('gives the maker a seat and the address of the room', async () => {
      const api = await begin();
      const before = Date.now();
      const { status, headers, body } = await api.ask('POST', '/api/room', { json: { credentials: 'bearer' } });
      expect(status).toBe(201);
      expect(body).toEqual(aRoom({ memberId: A_MEMBER_ID, owner: true, token: A_TOKEN }));
      const { roomId, createdAt, expiresAt, now } = roomSchema.parse(body);
      expect(headers.get('location')).toBe(`/room/${roomId}`);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('cache-control')).toContain('no-store');
      expect(expiresAt - createdAt).toBe(600_000);
      expect(now).toBe(createdAt);
      expect(Number.isInteger(createdAt)).toBe(true);
      expect(Math.abs(createdAt - before)).toBeLessThan(60_000);
    });

    it.each([
      ['no body', {}],
      ['an empty object', { json: {} }],
      ['an empty body of no type', { body: '' }],
      ['an empty body of another type', { body: '', headers: { 'content-type': 'text/plain', 'content-length': '0' } }],
      ['fields that it does not know', { json: { color: 'red', roomId: UNKNOWN_ROOM, owner: false } }],
    ])('uses the defaults for %s, and hands over the token in a cookie alone', async (_, question) => {
      const api = await begin();
      const { status, headers, body } = await api.ask('POST', '/api/room', question);
      expect(status).toBe(201);
      expect(body).toEqual(aRoom({ memberId: A_MEMBER_ID, owner: true }));
      expect(headers.getSetCookie()).toHaveLength(1);
    });

    it.each([
      [{ lifetimeSeconds: 60 }, { seconds: 60 }],
      [{ lifetimeSeconds: 3_600 }, { seconds: 3_600 }],
      [{ maxMembers: 2 }, { maxMembers: 2 }],
      [{ maxMembers: 1_000 }, { maxMembers: 1_000 }],
      [{ sealed: false }, {}],
      [SEALED, { sealed: true, keyCheck: SEALED.keyCheck, epoch: 0, replaced: [] }],
    ])('accepts %j', async (json, { seconds = 600, ...fields }: { seconds?: number } & Record<string, unknown>) => {
      const api = await begin();
      const { status, body } = await api.ask('POST', '/api/room', { json });
      expect(status).toBe(201);
      const memberId = 'sealed' in fields ? SEALED.memberId : A_MEMBER_ID;
      expect(body).toEqual(aRoom({ memberId, owner: true, ...fields }));
      const { createdAt, expiresAt, roomId } = roomSchema.parse(body);
      expect(expiresAt - createdAt).toBe(seconds * 1_000);
      const seen = await api.ask('GET', `/api/room?roomId=${roomId}`);
      expect(seen.body).toEqual(aRoom({ you: null, ...fields }));
    });

    it.each([
      [{ lifetimeSeconds: 59 }, ['lifetimeSeconds']],
      [{ lifetimeSeconds: 3_601 }, ['lifetimeSeconds']],
      [{ lifetimeSeconds: 60.5 }, ['lifetimeSeconds']],
      [{ lifetimeSeconds: '60' }, ['lifetimeSeconds']],
      [{ lifetimeSeconds: null }, ['lifetimeSeconds']],
      [{ lifetimeSeconds: 1e300 }, ['lifetimeSeconds']],
      [{ maxMembers: 1 }, ['maxMembers']],
      [{ maxMembers: 1_001 }, ['maxMembers']],
      [{ maxMembers: -2 }, ['maxMembers']],
      [{ maxMembers: 2.5 }, ['maxMembers']],
      [{ locksWhenFull: 'yes' }, ['locksWhenFull']],
      [{ sealed: 'true' }, ['sealed']],
      [{ sealed: true }, ['keyCheck', 'proofHash', 'memberId', 'card']],
      [{ ...SEALED, sealed: undefined }, ['keyCheck', 'proofHash', 'memberId', 'card']],
      [{ sealed: false, keyCheck: KEY_CHECK }, ['keyCheck']],
      [{ memberId: SEALED.memberId }, ['memberId']],
      [{ ...SEALED, keyCheck: KEY_CHECK.slice(1) }, ['keyCheck']],
      [{ ...SEALED, keyCheck: `${KEY_CHECK}A` }, ['keyCheck']],
      [{ ...SEALED, keyCheck: `${KEY_CHECK.slice(1)}=` }, ['keyCheck']],
      [{ ...SEALED, proofHash: undefined }, ['proofHash']],
      [{ ...SEALED, proofHash: SEALED.proofHash.slice(1) }, ['proofHash']],
      [{ ...SEALED, memberId: 'short' }, ['memberId']],
      [{ ...SEALED, card: 'Ann' }, ['card']],
      [{ ...SEALED, card: sealedOf(1_501) }, ['card']],
      [{ ...SEALED, card: cardOf(1) }, ['card']],
      [{ credentials: 'header' }, ['credentials']],
      [{ lifetimeSeconds: 1, maxMembers: 1 }, ['lifetimeSeconds', 'maxMembers']],
    ])('refuses %j and says where the fault is', async (json, paths) => {
      const api = await begin();
      expectProblem(await api.ask('POST', '/api/room', { json }), 'invalid_request', paths);
      expect(await current().command('DBSIZE')).toBe(0);
    });
  });

  describe('looking at one', () => {
    it('that an earlier version made, and that lacks a field of this one, shows the others', async () => {
      const api = await begin();
      const owner = await api.open();
      await current().storage.redis.hdel(`room:{${owner.roomId}}`, 'keyCheck');
      expect((await owner.look()).body).toMatchObject(aRoom());
      expect((await owner.look()).body).not.toHaveProperty('keyCheck');
    });

    it('shows everybody with the link the same, and shows members who they are', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const stranger = await api.ask('GET', `/api/room?roomId=${owner.roomId}`);
      expect(stranger.body).toEqual(aRoom({ roomId: owner.roomId, members: 2, you: null }));
      expect((await owner.look()).body).toEqual(aRoom({ members: 2, you: { memberId: owner.memberId, owner: true } }));
      expect((await guest.look()).body).toEqual(aRoom({ members: 2, you: { memberId: guest.memberId, owner: false } }));
    });

    it('changes nothing, however often', async () => {
      const api = await begin();
      const owner = await api.open({ maxMembers: 2 });
      const state = async () =>
        JSON.stringify(
          await Promise.all(
            [`room:{${owner.roomId}}`, `room:{${owner.roomId}}:members`].map((key) =>
              current().command('HGETALL', key),
            ),
          ),
        );
      const before = [await state(), await current().command('DBSIZE')];
      await Promise.all(Array.from({ length: 20 }, () => api.ask('GET', `/api/room?roomId=${owner.roomId}`)));
      await Promise.all(Array.from({ length: 20 }, () => api.ask('HEAD', `/api/room?roomId=${owner.roomId}`)));
      expect([await state(), await current().command('DBSIZE')]).toEqual(before);
    });

    it('returns the time of the storage’s clock', async () => {
      const api = await begin();
      const owner = await api.open();
      const time = async () => {
        const [seconds, micros] = timeSchema.parse(await current().command('TIME'));
        return seconds * 1_000 + Math.floor(micros / 1_000);
      };
      const before = await time();
      const { now } = roomSchema.parse((await owner.look()).body);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(await time());
    });
  });

  describe('joining one', () => {
    it('returns a new seat with 201 and a seat that one already has with 200', async () => {
      const api = await begin();
      const owner = await api.open();
      const path = `/api/room/join?roomId=${owner.roomId}`;
      const first = await api.ask('POST', path, { json: { credentials: 'bearer' } });
      expect(first.status).toBe(201);
      expect(first.headers.get('location')).toBeNull();
      expect(first.body).toEqual(aRoom({ members: 2, memberId: A_MEMBER_ID, owner: false, token: A_TOKEN }));
      const { token, memberId } = seatedSchema.parse(first.body);
      const again = await api.ask('POST', path, { json: { credentials: 'bearer' }, token });
      expect(again.status).toBe(200);
      expect(again.body).toEqual(aRoom({ members: 2, memberId, owner: false }));
      expect(again.headers.get('set-cookie')).toBeNull();
      const maker = await owner.join();
      expect(maker.status).toBe(200);
      expect(maker.body).toEqual(aRoom({ members: 2, memberId: owner.memberId, owner: true }));
    });

    it('is refused when every seat is taken, and possible again when one is free', async () => {
      const api = await begin();
      const owner = await api.open({ maxMembers: 2 });
      const guest = await api.join(owner.roomId);
      const path = `/api/room/join?roomId=${owner.roomId}`;
      expectProblem(await api.ask('POST', path), 'room_full');
      expect((await guest.join()).status).toBe(200);
      expect((await guest.leave()).status).toBe(204);
      expect((await api.ask('POST', path)).status).toBe(201);
      expectProblem(await api.ask('POST', path), 'room_full');
    });

    it('with another room’s credential counts as joining without one', async () => {
      const api = await begin();
      const [here, elsewhere] = [await api.open(), await api.open()];
      const joined = await api.ask('POST', `/api/room/join?roomId=${here.roomId}`, {
        json: {},
        token: elsewhere.token,
      });
      expect(joined.status).toBe(201);
      expect(joined.body).toMatchObject({ roomId: here.roomId, owner: false, members: 2 });
    });

    it('is refused with a fault in the body', async () => {
      const api = await begin();
      const owner = await api.open();
      const path = `/api/room/join?roomId=${owner.roomId}`;
      expectProblem(await api.ask('POST', path, { json: { credentials: 'none' } }), 'invalid_request', ['credentials']);
      expectProblem(await api.ask('POST', path, { json: [] }), 'invalid_request', ['']);
    });
  });

  describe('leaving one', () => {
    it('frees the seat and ends the credential', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const left = await guest.leave();
      expect(left.status).toBe(204);
      expect(left.body).toBeNull();
      expect(left.headers.get('cache-control')).toContain('no-store');
      expect((await owner.look()).body).toMatchObject({ members: 1 });
      expectProblem(await guest.leave(), 'not_a_member');
      expectProblem(await guest.history(), 'not_a_member');
      const back = await guest.join();
      expect(back.status).toBe(201);
      expect(back.body).not.toMatchObject({ memberId: guest.memberId });
    });

    it('passes the room on to the longest seated, and from an empty room to the next person who joins', async () => {
      const api = await begin();
      const owner = await api.open();
      const second = await api.join(owner.roomId);
      const third = await api.join(owner.roomId);
      await second.leave();
      const fourth = await api.join(owner.roomId);
      await owner.leave();
      expect((await third.look()).body).toMatchObject({ you: { owner: true } });
      expect((await fourth.look()).body).toMatchObject({ you: { owner: false } });
      await third.leave();
      expect((await fourth.look()).body).toMatchObject({ you: { owner: true } });
      await fourth.leave();
      expect((await api.ask('GET', `/api/room?roomId=${owner.roomId}`)).body).toMatchObject({ members: 0, you: null });
      const next = await api.join(owner.roomId);
      const after = await api.join(owner.roomId);
      expect((await next.look()).body).toMatchObject({ members: 2, you: { owner: true } });
      expect((await after.look()).body).toMatchObject({ you: { owner: false } });
      expect((await next.destroy()).status).toBe(204);
    });
  });

  describe('locking one', () => {
    it('keeps newcomers out and members in, until it is unlocked', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const path = `/api/room/join?roomId=${owner.roomId}`;
      const locked = await owner.lock(true);
      expect(locked.status).toBe(200);
      expect(locked.body).toEqual(aRoom({ roomId: owner.roomId, members: 2, locked: true }));
      expectProblem(await api.ask('POST', path), 'room_locked');
      expect((await guest.join()).status).toBe(200);
      expect((await guest.send()).status).toBe(201);
      expect((await owner.lock(true)).body).toMatchObject({ locked: true });
      expect((await owner.lock(false)).body).toMatchObject({ locked: false });
      expect((await api.ask('POST', path)).status).toBe(201);
    });

    it('outlives the owner, who hands it over with the room', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      await owner.lock(true);
      await owner.leave();
      expectProblem(await owner.join(), 'room_locked');
      expect((await guest.lock(false)).body).toMatchObject({ locked: false });
      expect((await owner.join()).status).toBe(201);
    });

    it('happens in the moment in which the last seat is taken, where the room was made so', async () => {
      const api = await begin();
      const owner = await api.open({ maxMembers: 2, locksWhenFull: true });
      const path = `/api/room/join?roomId=${owner.roomId}`;
      expect((await owner.look()).body).toEqual({
        ...aRoom({ roomId: owner.roomId, maxMembers: 2 }),
        you: { memberId: owner.memberId, owner: true },
      });
      const arrivals = await Promise.all(Array.from({ length: 20 }, () => api.ask('POST', path)));
      const seated = arrivals.filter(({ status }) => status === 201);
      expect(seated.map(({ body }) => body)).toEqual([expect.objectContaining({ members: 2, locked: true })]);
      for (const refused of arrivals.filter(({ status }) => status !== 201)) expectProblem(refused, 'room_locked');
    });

    it('of that kind keeps a third out after somebody has left, and does not come back after the owner has unlocked until it is full again', async () => {
      const api = await begin();
      const owner = await api.open({ maxMembers: 2, locksWhenFull: true });
      const path = `/api/room/join?roomId=${owner.roomId}`;
      const guest = await api.join(owner.roomId);
      await guest.leave();
      expectProblem(await api.ask('POST', path), 'room_locked');
      expect((await owner.lock(false)).body).toMatchObject({ locked: false });
      expect((await api.ask('POST', path)).body).toMatchObject({ locked: true });
      expect((await owner.lock(false)).body).toMatchObject({ locked: false });
      expect((await owner.join()).body).toMatchObject({ locked: false });
    });

    it.each([
      [{}, ''],
      [{ locked: 'yes' }, 'locked'],
      [{ locked: 1 }, 'locked'],
      [{ locked: null }, 'locked'],
    ])('refuses %j and says where the fault is', async (json, path) => {
      const api = await begin();
      const owner = await api.open();
      const answer = await api.ask('PATCH', `/api/room?roomId=${owner.roomId}`, { token: owner.token, json });
      expectProblem(answer, 'invalid_request', [path]);
    });
  });

  it('destroys a room for everybody and without a trace', async () => {
    const api = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    await guest.send();
    await guest.rename('Guest');
    await owner.lock(true);
    const destroyed = await owner.destroy();
    expect(destroyed.status).toBe(204);
    expect(destroyed.body).toBeNull();
    expect(await current().command('DBSIZE')).toBe(0);
    for (const seat of [owner, guest]) {
      expectProblem(await seat.look(), 'room_not_found');
      expectProblem(await seat.destroy(), 'room_not_found');
      expectProblem(await seat.history(), 'room_not_found');
    }
  });

  it('reports which storage it uses', async () => {
    const api = await begin();
    expect((await api.ask('GET', '/api/health')).body).toEqual({ status: 'ok', storage: current().storage.kind });
  });
});
