import { afterAll, expect, it } from 'vitest';
import { type AppOptions, startApp, type TestApp } from '@tests/support/app';
import { lobbySchema } from '@/domain/lobby';
import { newFileId } from '@tests/support/files';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const LISTED = { listed: true, topic: 'Rainy evenings' };

describeOnEveryStorage('what the owner says of a room', (current) => {
  const apps: TestApp[] = [];
  afterAll(async () => {
    for (const app of apps) await app.close();
  });
  const begin = async (options: AppOptions = {}) => {
    const app = await startApp(current().storage, { publicRooms: true, ...options });
    apps.push(app);
    return { app, api: roomsApi(app) };
  };
  const change = (api: RoomsApi, { roomId, token }: Seat, json: Record<string, unknown>) =>
    api.ask('PATCH', `/api/room?roomId=${roomId}`, { token, json });

  it('is stored when it is made, and shown to everybody with the link', async () => {
    const { api } = await begin();
    const said = { entry: 'knock', topic: 'Rainy “evenings”', language: 'de-AT', slowModeSeconds: 5, listed: true };
    const owner = await api.open(said);
    const { body } = await api.ask('GET', `/api/room?roomId=${owner.roomId}`);
    expect(body).toMatchObject({ ...said, locked: false, files: null });
  });

  it('is nothing where it is not said', async () => {
    const { api } = await begin();
    const { body } = await (await api.open()).look();
    expect(body).toMatchObject({ entry: 'open', listed: false, slowModeSeconds: 0, files: { maxBytes: 10_485_760 } });
    for (const field of ['topic', 'language', 'extension']) expect(body).not.toHaveProperty(field);
  });

  it('changes later for the owner alone, and everybody hears of exactly what changed', async () => {
    const { api, app } = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const stream = await listenTo(app.url, guest);
    expectProblem(await change(api, guest, { slowModeSeconds: 5 }), 'not_the_owner');
    const first = await change(api, owner, { ...LISTED, locked: false, language: 'en', entry: 'open' });
    expect(first).toMatchObject({ status: 200, body: { ...LISTED, language: 'en', entry: 'open', locked: false } });
    await change(api, owner, { ...LISTED });
    await change(api, owner, { entry: 'knock', slowModeSeconds: 60, locked: true });
    await change(api, owner, { listed: false, topic: 'A "new" one', slowModeSeconds: 0 });
    const heard = [
      { listed: true, topic: LISTED.topic, language: 'en' },
      { locked: true, entry: 'knock', slowModeSeconds: 60 },
      { listed: false, topic: 'A "new" one', slowModeSeconds: 0 },
    ];
    await eventually(() => expect(stream.data('room.updated')).toEqual(heard));
    stream.close();
  });

  it('loses its language again with null, and nothing else', async () => {
    const { api, app } = await begin();
    const owner = await api.open({ ...LISTED, language: 'pt-BR' });
    const stream = await listenTo(app.url, owner);
    for (const json of [
      { language: '' },
      { topic: null },
      { entry: null },
      { listed: null },
      { slowModeSeconds: null },
    ])
      expect({ json, answer: await change(api, owner, json) }).toMatchObject({ json, answer: { status: 422 } });
    for (const answer of [await change(api, owner, { language: null }), await change(api, owner, { language: null })]) {
      expect(answer).toMatchObject({ status: 200, body: LISTED });
      expect(answer.body).not.toHaveProperty('language');
    }
    const listed = lobbySchema.parse((await api.ask('GET', '/api/lobby')).body).listed;
    expect(listed.map(({ language }) => language)).toEqual([undefined]);
    expect((await change(api, owner, { language: 'de', slowModeSeconds: 5 })).body).toMatchObject({ language: 'de' });
    await eventually(() =>
      expect(stream.data('room.updated')).toEqual([{ language: null }, { language: 'de', slowModeSeconds: 5 }]),
    );
    // A room is made with one or without.
    expectProblem(await api.ask('POST', '/api/room', { json: { language: null } }), 'invalid_request', ['language']);
  });

  it('is 422 where a room cannot be listed, before it is asked who wants it', async () => {
    const { api } = await begin();
    expectProblem(await api.ask('POST', '/api/room', { json: { listed: true } }), 'invalid_request', ['topic']);
    const sealed = await api.open(sealedRoom());
    const plain = await api.open();
    for (const token of [sealed.token, undefined])
      expectProblem(
        await api.ask('PATCH', `/api/room?roomId=${sealed.roomId}`, { token, json: LISTED }),
        'invalid_request',
        ['listed'],
      );
    expectProblem(await change(api, plain, { listed: true }), 'invalid_request', ['topic']);
    expect((await change(api, plain, { topic: 'First said' })).status).toBe(200);
    expect((await change(api, plain, { listed: true })).body).toMatchObject({ listed: true, topic: 'First said' });
    for (const json of [
      {},
      { topic: 'see example.com' },
      { topic: 'two\nlines' },
      { topic: '' },
      { topic: 'x'.repeat(61) },
      { language: 'no language' },
      { slowModeSeconds: 61 },
      { slowModeSeconds: 1.5 },
      { entry: 'closed' },
      { listed: 'yes' },
    ])
      expect({ json, answer: await change(api, plain, json) }).toMatchObject({ json, answer: { status: 422 } });
  });

  it('is 403 where there are no public rooms, whoever else may not', async () => {
    const { api } = await begin({ publicRooms: false });
    expectProblem(await api.ask('POST', '/api/room', { json: LISTED }), 'lobby_off');
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    expectProblem(await change(api, owner, LISTED), 'lobby_off');
    expectProblem(await change(api, guest, LISTED), 'not_the_owner');
    expect((await owner.look()).body).toMatchObject({ listed: false });
  });

  it('lists one room of an address at a time: until it is unlisted, ends or expires', async () => {
    const { app } = await begin({ rateLimits: true });
    const [api, neighbour] = [roomsApi(app, { address: '192.0.2.7' }), roomsApi(app, { address: '192.0.2.8' })];
    const first = await api.open(LISTED);
    const second = await api.open();
    const refusals = [await api.ask('POST', '/api/room', { json: LISTED }), await change(api, second, LISTED)];
    for (const refused of refusals) {
      expectProblem(refused, 'rate_limited');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590);
    }
    expect((await second.look()).body).toMatchObject({ listed: false });
    // The same again is no second one.
    expect((await change(api, first, LISTED)).status).toBe(200);
    expect((await neighbour.open(LISTED)).roomId).not.toBe(first.roomId);
    expect((await change(api, first, { listed: false })).status).toBe(200);
    expect((await change(api, second, LISTED)).status).toBe(200);
    expectProblem(await change(api, first, LISTED), 'rate_limited');
    await second.destroy();
    expect((await change(api, first, LISTED)).status).toBe(200);
  });

  it('takes the place of one address alone, from however many its owner lists it at once', async () => {
    const { app, api } = await begin({ rateLimits: true });
    const owner = await api.open();
    const owners = [1, 2, 3, 4].map((last) => roomsApi(app, { address: `192.0.2.${last}` }));
    const answers = await Promise.all(owners.map((at) => change(at, owner, LISTED)));
    expect(answers.map(({ status }) => status)).toEqual(owners.map(() => 200));
    const others = await Promise.all(owners.map((at) => at.ask('POST', '/api/room', { json: LISTED })));
    expect(others.filter(({ status }) => status === 201)).toHaveLength(owners.length - 1);
    expect((await change(api, owner, { listed: false })).status).toBe(200);
    const last = await Promise.all(owners.map((at) => at.ask('POST', '/api/room', { json: LISTED })));
    expect(last.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('is listed again at the pace at which one looks at a room', async () => {
    const { api } = await begin({ rateLimits: true });
    const owner = await api.open(LISTED);
    const answers = await Promise.all(Array.from({ length: 400 }, () => change(api, owner, LISTED)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(100);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
    expect((await owner.send()).status).toBe(201);
  });

  it('turns files off while the room is listed: what was begun before is finished and read', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const [begun, other] = [newFileId(), newFileId()];
    await owner.beginFile({ id: begun, bytes: 40, pieces: 1 });
    await change(api, owner, LISTED);
    const refused = await owner.beginFile({ id: other, bytes: 40, pieces: 1 });
    expectProblem(refused, 'file_too_large');
    expect(refused.body).toMatchObject({ maxBytes: 0 });
    expect((await owner.beginFile({ id: begun, bytes: 40, pieces: 1 })).status).toBe(200);
    expect((await owner.putPiece(begun, 0, new Uint8Array(40))).status).toBe(204);
    expect((await owner.readPiece(begun, 0)).status).toBe(200);
    await change(api, owner, { listed: false });
    expect((await owner.look()).body).toMatchObject({ files: { maxBytes: 10_485_760 } });
    expect((await owner.beginFile({ id: other, bytes: 40, pieces: 1 })).status).toBe(201);
  });

  it.each([true, false])(
    'slow mode takes one message of a guest in its time, with rate limits %s',
    async (rateLimits) => {
      const { api } = await begin({ rateLimits });
      const owner = await api.open({ slowModeSeconds: 60 });
      const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
      expect((await guest.send({ id: 'the-same-id' })).status).toBe(201);
      const refused = await guest.send();
      expectProblem(refused, 'rate_limited');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(55);
      expectProblem(await guest.send({ about: { kind: 'edit', id: 'the-same-id' } }), 'rate_limited');
      expect((await guest.send({ id: 'the-same-id' })).status).toBe(200);
      expect((await other.send()).status).toBe(201);
      for (let index = 0; index < 3; index += 1) expect((await owner.send()).status).toBe(201);
      await change(api, owner, { slowModeSeconds: 0 });
      expect((await guest.send()).status).toBe(201);
    },
  );

  it.each([true, false])(
    'slow mode takes one new name of a guest in its time, beside the first, with rate limits %s',
    async (rateLimits) => {
      const { api } = await begin({ rateLimits });
      const owner = await api.open({ slowModeSeconds: 60 });
      const guest = await api.join(owner.roomId);
      for (const name of ['one', 'two']) expect((await guest.rename(name)).status).toBe(200);
      const refused = await guest.rename('three');
      expectProblem(refused, 'rate_limited');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(55);
      expect((await guest.rename('two')).status).toBe(200);
      expect((await guest.send()).status).toBe(201);
      for (const name of ['one', 'two', 'three']) expect((await owner.rename(name)).status).toBe(200);
      await change(api, owner, { slowModeSeconds: 0 });
      expect((await guest.rename('three')).status).toBe(200);
    },
  );

  it('fifty messages of a guest at once in slow mode are one', async () => {
    const { api } = await begin();
    const owner = await api.open({ slowModeSeconds: 60 });
    const guest = await api.join(owner.roomId);
    const answers = await Promise.all(Array.from({ length: 50 }, () => guest.send()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(49);
  });
});
