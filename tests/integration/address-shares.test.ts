import { afterAll, describe, expect, it } from 'vitest';
import { ADDRESS_BYTES_MAX, ADDRESS_BYTES_STEP, LIVING_ROOMS_PER_ADDRESS, ROOMS_PER_ADDRESS } from '@/domain/limits';
import { addressWaitMs, countAddressBytes } from '@/server/services/address-bytes';
import { type Storage, storageOver } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { roomsApi } from '@tests/support/rooms';
import { cardOf, joinSealed, sealedMessage, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const HERE = '192.0.2.1';
const LONG = sealedMessage(5_503);
const SHORT = sealedMessage(800);
/** The same storage, as another process would reach it. */
const sameStorageElsewhere = ({ kind, requester, close }: Storage): Storage => storageOver(kind, { requester, close });

describeOnEveryStorage('the share of one address', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = true) => {
    const app = await startApp(sameStorageElsewhere(current().storage), { rateLimits });
    apps.push(app);
    return { app, api: roomsApi(app), neighbour: roomsApi(app, { address: '192.0.2.2' }) };
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('is thirty living rooms; when one ends, the address may make another', async () => {
    const { api, neighbour } = await begin();
    const rooms = await Promise.all(Array.from({ length: LIVING_ROOMS_PER_ADDRESS }, () => api.open()));
    const refused = await api.ask('POST', '/api/room');
    expectProblem(refused, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await neighbour.ask('POST', '/api/room')).status).toBe(201);
    expect((await rooms[3]?.destroy())?.status).toBe(204);
    expect((await api.ask('POST', '/api/room')).status).toBe(201);
    expectProblem(await api.ask('POST', '/api/room'), 'rate_limited');
  });

  it('is sixty rooms made in ten minutes, even when each is ended at once', async () => {
    const { api } = await begin();
    for (let index = 0; index < ROOMS_PER_ADDRESS.max; index += 1) await (await api.open()).destroy();
    expectProblem(await api.ask('POST', '/api/room'), 'rate_limited');
  });

  it('is unlimited where rate limits are off', async () => {
    const { api } = await begin(false);
    await Promise.all(Array.from({ length: 80 }, () => api.open()));
  });

  it('is 64 MB in ten minutes, reported to Redis a megabyte at a time; short messages go on, and neighbours are not affected', async () => {
    const { app, api, neighbour } = await begin();
    const owner = await api.open(sealedRoom());
    const other = await neighbour.open(sealedRoom());
    // Another process has counted most of it.
    const { app: elsewhere } = await begin();
    await countAddressBytes(elsewhere.context, HERE, ADDRESS_BYTES_MAX - ADDRESS_BYTES_STEP);
    expect((await owner.send(LONG)).status).toBe(201);
    current().recorded.length = 0;
    await countAddressBytes(app.context, HERE, ADDRESS_BYTES_STEP - 10_000);
    expect(current().recorded).toHaveLength(0);
    expect((await owner.send(LONG)).status).toBe(201);
    expect(current().recorded.filter(({ name }) => name === 'EVALSHA').length).toBeLessThanOrEqual(2);
    const refused = await owner.send({ ...LONG, id: 'the-same-id' });
    expectProblem(refused, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(600);
    expect((await owner.send(SHORT)).status).toBe(201);
    expect((await other.send(LONG)).status).toBe(201);
    expectProblem(await api.ask('POST', '/api/room'), 'rate_limited');
    expect((await neighbour.ask('POST', '/api/room')).status).toBe(201);
    // A newcomer’s card is always accepted, and no other long one.
    const guest = await joinSealed(api, owner.roomId);
    expectProblem(await guest.present(cardOf(0, 'another')), 'rate_limited');
    expect((await guest.present(sealedOf(120))).status).toBe(200);
  });

  it('is remembered until its last room has ended, and no longer than the windows', async () => {
    const { api } = await begin();
    await api.open({ lifetimeSeconds: 3_600 });
    await api.open({ lifetimeSeconds: 60 });
    const living = (await keysOf(current())).find(({ key }) => key.endsWith(':living'));
    expect(living?.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(living?.expiresAt).toBeLessThan(Date.now() + 3_700_000);
  });
});

describe('the bytes of an address', () => {
  it('may fill a quarter of a storage that has a ceiling, and again after ten minutes', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp({ ...storage, maxBytes: 16 * 1_048_576 }, { rateLimits: true });
    for (let step = 0; step < 4; step += 1) {
      expect(addressWaitMs(app.context, HERE)).toBe(0);
      await countAddressBytes(app.context, HERE, ADDRESS_BYTES_STEP);
    }
    expect(addressWaitMs(app.context, HERE)).toBeGreaterThan(590_000);
    expect(addressWaitMs(app.context, '192.0.2.2')).toBe(0);
    clock.ms += 600_001;
    // A process that does not know the total asks for it when it has a step to report.
    const next = await startApp({ ...storage, maxBytes: 16 * 1_048_576 }, { rateLimits: true });
    await countAddressBytes(next.context, HERE, ADDRESS_BYTES_STEP);
    expect(addressWaitMs(next.context, HERE)).toBe(0);
    await Promise.all([app.close(), next.close()]);
  });

  it('are not refused a second time when they are already stored, nor when their count could not be reported', async () => {
    const { storage } = clockedStorage();
    const app = await startApp(storage, { rateLimits: true });
    const owner = await roomsApi(app).open(sealedRoom());
    expect((await owner.send({ ...LONG, id: 'the-same-id' })).status).toBe(201);
    await countAddressBytes(app.context, HERE, ADDRESS_BYTES_MAX);
    expect(addressWaitMs(app.context, HERE)).toBeGreaterThan(0);
    expect((await owner.send({ ...LONG, id: 'the-same-id' })).status).toBe(200);
    expectProblem(await owner.send({ ...LONG, id: 'another-id' }), 'rate_limited');
    await app.close();
  });
});
