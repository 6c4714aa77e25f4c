import { afterAll, expect, it } from 'vitest';
import { OWNER_AWAY_MS } from '@/domain/limits';
import { roomSchema } from '@/domain/room';
import { roomKeys } from '@/server/storage/keys';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi } from '@tests/support/rooms';
import { joinSealed, newcomer, rekey, rekeyTo, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('a room that is handed over', (current) => {
  let app: TestApp | undefined;
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage);
    return { api: roomsApi(app), url: app.url, owner: await roomsApi(app).open(settings) };
  };
  afterAll(() => app?.close());

  it('belongs to the member that its owner names, and everybody hears of it', async () => {
    const { api, url, owner } = await begin();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    const stream = await listenTo(url, other);
    expect((await owner.handOver(guest.memberId)).status).toBe(200);
    // A repeat finds its own work done.
    expect((await owner.handOver(guest.memberId)).status).toBe(200);
    await eventually(() => expect(stream.data('room.updated')).toEqual([{ ownerId: guest.memberId }]));
    expectProblem(await owner.lock(true), 'not_the_owner');
    expect((await guest.lock(true)).status).toBe(200);
    expect((await guest.look()).body).toMatchObject({ you: { owner: true } });
    expect((await guest.handOver(owner.memberId)).status).toBe(200);
    expect((await owner.look()).body).toMatchObject({ you: { owner: true } });
  });

  it('is handed on to nobody without a seat, and by nobody else', async () => {
    const { api, url, owner } = await begin();
    const [guest, gone] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    await gone.leave();
    await listenTo(url, owner);
    expectProblem(await owner.handOver(gone.memberId), 'not_found');
    expectProblem(await owner.handOver('short'), 'invalid_request', ['memberId']);
    for (const memberId of [guest.memberId, owner.memberId]) {
      expectProblem(await guest.handOver(memberId), 'not_the_owner');
    }
    expectProblem(await gone.handOver(gone.memberId), 'not_a_member');
    expect((await owner.handOver(owner.memberId)).status).toBe(200);
  });

  it('is taken over by a guest whose owner has been away for three minutes, which everybody hears, and not sooner', async () => {
    const { api, url, owner } = await begin();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    const stream = await listenTo(url, other);
    const awayFor = async (ms: number) => {
      const { now } = roomSchema.parse((await guest.look()).body);
      await current().command('HSET', roomKeys(owner.roomId).room, 'ownerUntil', String(now - ms));
    };
    // Less than any test takes between two commands would be no margin.
    await awayFor(OWNER_AWAY_MS - 60_000);
    expectProblem(await guest.handOver(guest.memberId), 'not_the_owner');
    await awayFor(OWNER_AWAY_MS);
    expectProblem(await guest.handOver(other.memberId), 'not_the_owner');
    expect((await guest.handOver(guest.memberId)).body).toMatchObject({ roomId: owner.roomId });
    // A repeat finds its own work done.
    expect((await guest.handOver(guest.memberId)).status).toBe(200);
    expectProblem(await owner.lock(true), 'not_the_owner');
    expect((await guest.lock(true)).status).toBe(200);
    await eventually(() =>
      expect(stream.data('room.updated')).toEqual([{ ownerId: guest.memberId }, { locked: true }]),
    );
    // The former owner is a guest now, and the new one is not away: it was heard of just now.
    expectProblem(await owner.handOver(owner.memberId), 'not_the_owner');
  });

  it('is taken over once of those who try at once', async () => {
    const { storage, clock } = clockedStorage();
    const local = await startApp(storage);
    const api = roomsApi(local);
    const owner = await api.open();
    const guests = await Promise.all(Array.from({ length: 5 }, () => api.join(owner.roomId)));
    clock.ms += OWNER_AWAY_MS - 1;
    for (const guest of guests) {
      await listenTo(local.url, guest);
      expectProblem(await guest.handOver(guest.memberId), 'not_the_owner');
    }
    clock.ms += 1;
    expectProblem((await guests[0]?.handOver(guests[1]?.memberId ?? '')) ?? (await owner.look()), 'not_the_owner');
    const statuses = await Promise.all(guests.map(async (guest) => (await guest.handOver(guest.memberId)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 403)).toHaveLength(4);
    await local.close();
  });

  it('gives its secret to the new owner to replace', async () => {
    const { api, owner } = await begin(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    await owner.handOver(guest.memberId);
    expectProblem(await rekey(api, owner, rekeyTo(1, [owner, guest])), 'not_the_owner');
    expect((await rekey(api, guest, rekeyTo(1, [owner, guest]))).status).toBe(200);
    const { memberId, card } = newcomer(1);
    expect(await guest.join({ memberId, card })).toMatchObject({ status: 200, body: { owner: true } });
  });
});
