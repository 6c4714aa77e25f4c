import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { GHOST_AFTER_MS, UNUSED_SEAT_AFTER_MS } from '@/domain/limits';
import { reportPresence } from '@/server/storage/presence';
import { startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { watchKeys } from '@tests/support/room-keys';
import { describeOnEveryStorage } from '@tests/support/storages';

const membersSchema = z.object({ members: z.array(z.object({ memberId: z.string() })) });
const seatedIn = async (owner: Seat) =>
  membersSchema.parse((await owner.members()).body).members.map(({ memberId }) => memberId);
const ask = (api: RoomsApi, owner: Seat) =>
  api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: { credentials: 'bearer' } });

describe('the seat of who has vanished', () => {
  const begin = async (maxMembers: number) => {
    const { storage, clock, command } = clockedStorage();
    const app = await startApp(storage);
    const api = roomsApi(app);
    const owner = await api.openFor(3_600_000, maxMembers);
    const guests = await Promise.all(Array.from({ length: maxMembers - 1 }, () => api.join(owner.roomId)));
    for (const guest of guests) await guest.look();
    const listen = (guest: Seat, leaseMs: number) =>
      reportPresence(storage.redis, {
        roomId: owner.roomId,
        processId: 'process',
        leaseMs,
        gapMs: 1_000,
        knownTurn: 0,
        here: [guest.memberId],
        away: [],
      });
    return { app, api, owner, guests, clock, command, storage, listen };
  };

  it('goes to who asks after five minutes without a stream or a request, and to nobody before', async () => {
    const { api, owner, guests, clock, command } = await begin(3);
    const [quiet, busy] = guests;
    clock.ms += GHOST_AFTER_MS - 1;
    await busy?.look();
    expectProblem(await ask(api, owner), 'room_full');
    clock.ms += 1;
    const answer = await ask(api, owner);
    expect(answer.status).toBe(201);
    const seated = await seatedIn(owner);
    expect(seated).toContain(busy?.memberId);
    expect(seated).not.toContain(quiet?.memberId);
    expect(JSON.stringify(await command('XREVRANGE', owner.roomId, '+', '-', 'COUNT', 2))).toContain('displaced');
    expectProblem((await quiet?.members()) ?? answer, 'not_a_member');
    expectProblem(await ask(api, owner), 'room_full');
  });

  it.each([
    ['looks', (seat: Seat) => seat.look()],
    ['reads', (seat: Seat) => seat.history()],
    ['lists', (seat: Seat) => seat.members()],
    ['speaks', (seat: Seat) => seat.send()],
    ['takes a name', (seat: Seat) => seat.rename('Name')],
    ['joins again', (seat: Seat) => seat.join()],
    ['may not lock', (seat: Seat) => seat.lock(true)],
  ])('is not free while its holder %s', async (_, act) => {
    const { api, owner, guests, clock } = await begin(3);
    clock.ms += GHOST_AFTER_MS - 1;
    for (const guest of guests) await act(guest);
    clock.ms += 1;
    expectProblem(await ask(api, owner), 'room_full');
  });

  it('is not free while its holder listens, nor until five minutes after a lease that ended unnoticed', async () => {
    const { api, owner, guests, clock, listen } = await begin(3);
    clock.ms += GHOST_AFTER_MS;
    for (const guest of guests) await listen(guest, 34_000);
    clock.ms += 34_000 + GHOST_AFTER_MS - 1;
    expectProblem(await ask(api, owner), 'room_full');
    clock.ms += 1;
    expect((await ask(api, owner)).status).toBe(201);
  });

  it('is never the owner’s, however long they are away, and not the other’s in a room for two', async () => {
    const { api, owner, clock } = await begin(2);
    clock.ms += GHOST_AFTER_MS * 5;
    expectProblem(await ask(api, owner), 'room_full');
    const three = await begin(3);
    three.clock.ms += GHOST_AFTER_MS * 5;
    for (const status of [201, 201, 409]) expect((await ask(three.api, three.owner)).status).toBe(status);
    expect(await seatedIn(three.owner)).toContain(three.owner.memberId);
  });

  it('is not given while the room is locked', async () => {
    const { api, owner, clock } = await begin(3);
    await owner.lock(true);
    clock.ms += GHOST_AFTER_MS;
    expectProblem(await ask(api, owner), 'room_locked');
    await owner.lock(false);
    expect((await ask(api, owner)).status).toBe(201);
  });

  it('that was never used goes after half a minute, also in a room for two: its answer was lost', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage);
    const api = roomsApi(app);
    const owner = await api.openFor(3_600_000, 2);
    const lost = await api.join(owner.roomId);
    clock.ms += UNUSED_SEAT_AFTER_MS - 1;
    expectProblem(await ask(api, owner), 'room_full');
    clock.ms += 1;
    expect((await ask(api, owner)).status).toBe(201);
    expectProblem(await lost.send(), 'not_a_member');
    await app.close();
  });
});

describeOnEveryStorage('who finds the room full', (current) => {
  it('is heard by its owner, once in a while', async () => {
    const app = await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open({ maxMembers: 2 });
    const guest = await api.join(owner.roomId);
    await guest.look();
    const heard: string[] = [];
    const subscription = current().storage.redis.subscribe<unknown>(owner.roomId);
    const ready = new Promise<void>((resolve) => subscription.on('subscribe', () => resolve()));
    subscription.on('message', ({ message }) =>
      heard.push(typeof message === 'string' ? message : JSON.stringify(message)),
    );
    await ready;
    for (let index = 0; index < 3; index += 1) expectProblem(await ask(api, owner), 'room_full');
    await owner.send();
    await expect.poll(() => heard.length).toBe(2);
    expect(JSON.parse(heard[0] ?? '')).toMatchObject({ event: 'room.waited', data: {}, to: owner.memberId });
    expect(JSON.parse(heard[1] ?? '')).toMatchObject({ event: 'chat.message' });
    await subscription.unsubscribe();
    await app.close();
  });
});

describeOnEveryStorage('in a full room', (current) => {
  it('the seat of who was not heard of for five minutes is given anew, and every key still ends with the room', async () => {
    const app = await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open({ maxMembers: 3 });
    const [quiet, busy] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    for (const guest of [quiet, busy]) await guest.look();
    expectProblem(await ask(api, owner), 'room_full');
    const watch = watchKeys(current());
    await current().command('HSET', `room:{${owner.roomId}}:seen`, quiet.memberId, Date.now() - GHOST_AFTER_MS - 1_000);
    expect((await ask(api, owner)).status).toBe(201);
    expectProblem(await quiet.members(), 'not_a_member');
    const seated = await seatedIn(owner);
    expect(seated).toContain(busy.memberId);
    expect(seated).not.toContain(quiet.memberId);
    expect(watch.faults).toEqual([]);
    await app.close();
  });
});
