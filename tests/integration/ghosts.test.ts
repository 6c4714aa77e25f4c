import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { GHOST_AFTER_MS, UNUSED_SEAT_AFTER_MS } from '@/domain/limits';
import { reportPresence } from '@/server/storage/presence';
import { startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { listen, soon } from '@tests/support/event-stream';
import { expectProblem } from '@tests/support/problems';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { watchKeys } from '@tests/support/room-keys';
import { describeOnEveryStorage } from '@tests/support/storages';

const membersSchema = z.object({ members: z.array(z.object({ memberId: z.string() })) });
const seatedIn = async (owner: Seat) =>
  membersSchema.parse((await owner.members()).body).members.map(({ memberId }) => memberId);
const ask = (api: RoomsApi, owner: Seat) =>
  api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: { credentials: 'bearer' } });

describe('the seat of a vanished member', () => {
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

  it('goes to the next person who asks after five minutes without a stream or a request, and to nobody before', async () => {
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

  it('is not free while its holder listens, nor in the five minutes after a lease that ended unnoticed', async () => {
    const { api, owner, guests, clock, listen } = await begin(3);
    clock.ms += GHOST_AFTER_MS;
    for (const guest of guests) await listen(guest, 34_000);
    clock.ms += 34_000 + GHOST_AFTER_MS - 1;
    expectProblem(await ask(api, owner), 'room_full');
    clock.ms += 1;
    expect((await ask(api, owner)).status).toBe(201);
  });

  it('is never given away when it is the owner’s, however long they are away, nor when it is the other one in a room for two', async () => {
    const { api, owner, clock } = await begin(2);
    clock.ms += GHOST_AFTER_MS * 5;
    expectProblem(await ask(api, owner), 'room_full');
    const three = await begin(3);
    three.clock.ms += GHOST_AFTER_MS * 5;
    for (const status of [201, 201, 409]) expect((await ask(three.api, three.owner)).status).toBe(status);
    expect(await seatedIn(three.owner)).toContain(three.owner.memberId);
  });

  it('is not given away while the room is locked', async () => {
    const { api, owner, clock } = await begin(3);
    await owner.lock(true);
    clock.ms += GHOST_AFTER_MS;
    expectProblem(await ask(api, owner), 'room_locked');
    await owner.lock(false);
    expect((await ask(api, owner)).status).toBe(201);
  });

  it('goes after half a minute, even in a room for two, when it was never used because its answer was lost', async () => {
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

describeOnEveryStorage('a visitor who finds the room full', (current) => {
  it('is announced to its owner, at most once in a while', async () => {
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

  it('is heard of on the owner’s stream and on nobody else’s, and leaves nothing in the room’s', async () => {
    const app = await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open({ maxMembers: 2 });
    const guest = await api.join(owner.roomId);
    const [owners, guests] = [await listen(app.url, owner), await listen(app.url, guest)];
    expectProblem(await ask(api, owner), 'room_full');
    await owner.send({ text: 'later' });
    // Events arrive in their order, so once the message is there nothing from before it is still on its way.
    for (const stream of [owners, guests]) await soon(() => expect(stream.texts()).toEqual(['later']));
    expect(owners.of('room.waited').map(({ data }) => data)).toEqual([{}]);
    expect(guests.of('room.waited')).toEqual([]);
    const stored = JSON.stringify(await current().command('XRANGE', owner.roomId, '-', '+'));
    expect(stored).toContain('chat.message');
    expect(stored).not.toContain('room.waited');
    const later = await listen(app.url, owner, { lastAck: '0' });
    await soon(() => expect(later.texts()).toEqual(['later']));
    expect(later.of('room.waited')).toEqual([]);
    await app.close();
  });
});

describeOnEveryStorage('in a full room', (current) => {
  const begin = async (maxMembers: number) => {
    const app = await startApp(current().storage);
    onTestFinished(() => app.close());
    const api = roomsApi(app);
    const owner = await api.open({ maxMembers });
    const guests = await Promise.all(Array.from({ length: maxMembers - 1 }, () => api.join(owner.roomId)));
    const key = (name: string) => `room:{${owner.roomId}}:${name}`;
    return {
      api,
      owner,
      guests,
      /** Moves what the room knows of the seat's holder into the past: their latest request. */
      unheardFor: ({ memberId }: Seat, ms: number) => current().command('HSET', key('seen'), memberId, Date.now() - ms),
      /** The same for a member that has not asked for anything yet: when they took the seat. */
      seatedFor: async ({ memberId }: Seat, ms: number) => {
        const entry = z.string().parse(await current().command('HGET', key('members'), memberId));
        const earlier = entry.replace(/^(\d+):\d+:/, `$1:${Date.now() - ms}:`);
        await current().command('HSET', key('members'), memberId, earlier);
      },
    };
  };
  const LONG_MS = GHOST_AFTER_MS + 1_000;

  it('the seat of a member unheard of for five minutes is given to somebody else, and every key still ends with the room', async () => {
    const { api, owner, guests, unheardFor } = await begin(3);
    const [quiet, busy] = guests;
    for (const guest of guests) await guest.look();
    expectProblem(await ask(api, owner), 'room_full');
    const watch = watchKeys(current());
    if (quiet) await unheardFor(quiet, LONG_MS);
    const answer = await ask(api, owner);
    expect(answer.status).toBe(201);
    expectProblem((await quiet?.members()) ?? answer, 'not_a_member');
    const seated = await seatedIn(owner);
    expect(seated).toContain(busy?.memberId);
    expect(seated).not.toContain(quiet?.memberId);
    expect(watch.faults).toEqual([]);
  });

  it('a seat that was never used is given again after half a minute, also in a room for two, and not before', async () => {
    const { api, owner, guests, seatedFor } = await begin(2);
    const [lost] = guests;
    if (lost) await seatedFor(lost, UNUSED_SEAT_AFTER_MS - 10_000);
    expectProblem(await ask(api, owner), 'room_full');
    if (lost) await seatedFor(lost, UNUSED_SEAT_AFTER_MS + 1_000);
    const answer = await ask(api, owner);
    expect(answer.status).toBe(201);
    expectProblem((await lost?.send()) ?? answer, 'not_a_member');
    expect(await seatedIn(owner)).not.toContain(lost?.memberId);
  });

  it('an owner unheard of for long keeps the seat, and in a room for two so does the other one', async () => {
    for (const seats of [2, 3]) {
      const { api, owner, guests, unheardFor } = await begin(seats);
      for (const guest of guests) await guest.look();
      await unheardFor(owner, LONG_MS);
      const [other] = guests;
      if (seats === 2 && other) await unheardFor(other, LONG_MS);
      expectProblem(await ask(api, owner), 'room_full');
      expect(await seatedIn(owner)).toEqual([owner, ...guests].map(({ memberId }) => memberId));
    }
  });

  it('nobody loses a seat while the room is locked', async () => {
    const { api, owner, guests, unheardFor } = await begin(3);
    const [quiet] = guests;
    for (const guest of guests) await guest.look();
    await owner.lock(true);
    if (quiet) await unheardFor(quiet, LONG_MS);
    expectProblem(await ask(api, owner), 'room_locked');
    expect(await seatedIn(owner)).toContain(quiet?.memberId);
    await owner.lock(false);
    expect((await ask(api, owner)).status).toBe(201);
    expect(await seatedIn(owner)).not.toContain(quiet?.memberId);
  });
});
