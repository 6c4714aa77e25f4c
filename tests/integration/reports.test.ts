import { afterAll, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { lobbySchema } from '@/domain/lobby';
import { hashAddress } from '@/server/services/address-limits';
import { LobbyBoard } from '@/server/services/lobby-board';
import { type AppOptions, startApp, type TestApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const LISTED = { listed: true, topic: 'Rainy evenings' };
const OPERATOR = 'operator-token-0123456789';

describeOnEveryStorage('a public room is kept civil', (current) => {
  const apps: TestApp[] = [];
  afterAll(async () => {
    for (const app of apps) await app.close();
  });
  const begin = async (options: AppOptions = {}) => {
    const app = await startApp(current().storage, { publicRooms: true, operatorToken: OPERATOR, ...options });
    apps.push(app);
    const at = (address: string) => roomsApi(app, { address });
    return { app, at, api: at('192.0.2.1') };
  };
  const report = (
    api: RoomsApi,
    { roomId, token }: Pick<Seat, 'roomId' | 'token'>,
    json: Record<string, unknown> = {},
  ) => api.ask('POST', `/api/reports?roomId=${roomId}`, { token, json });
  const listed = async ({ context }: TestApp) => {
    const board = new LobbyBoard({ redis: context.storage.redis, processId: 'another', people: () => 0 });
    return lobbySchema.parse(await board.read()).listed.map(({ roomId }) => roomId);
  };
  /** The operator has no room of their own, so the calls go to the server with the setting. */
  const asOperator = (app: TestApp, method: string, path: string, token: string | undefined = OPERATOR) =>
    app.call(method, path, { token }).then(async (answer) => {
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: text === '' ? null : (JSON.parse(text) as unknown),
      };
    });

  it('whoever was removed does not come back from their address, whatever seat they ask for', async () => {
    const { at, api } = await begin();
    const owner = await api.open(LISTED);
    const { roomId } = owner;
    const [spammer, neighbour] = [await at('192.0.2.9').join(roomId), await at('192.0.2.9').join(roomId)];
    await owner.remove(spammer.memberId);
    const again = () => at('192.0.2.9').ask('POST', `/api/room/join?roomId=${roomId}`, { json: {} });
    expectProblem(await again(), 'refused');
    await owner.lock(true);
    expectProblem(await again(), 'refused');
    await owner.lock(false);
    // A neighbour keeps the seat, and others come in.
    expect((await neighbour.send()).status).toBe(201);
    expect((await neighbour.join()).status).toBe(200);
    expect((await at('192.0.2.10').ask('POST', `/api/room/join?roomId=${roomId}`, { json: {} })).status).toBe(201);
    // In another room they are nobody in particular.
    const elsewhere = await at('192.0.2.10').open(LISTED);
    expect((await at('192.0.2.9').join(elsewhere.roomId)).roomId).toBe(elsewhere.roomId);
  });

  it('rooms that are not listed keep no address, and refuse nobody', async () => {
    const { at, api, app } = await begin();
    const owner = await api.open({ topic: 'Among friends' });
    const guest = await at('192.0.2.9').join(owner.roomId);
    await owner.remove(guest.memberId);
    expect((await at('192.0.2.9').join(owner.roomId)).roomId).toBe(owner.roomId);
    expect(await current().command('EXISTS', `room:{${owner.roomId}}:addresses`)).toBe(0);
    const open = await api.open(LISTED);
    await at('192.0.2.9').join(open.roomId);
    const kept = JSON.stringify(await current().command('HGETALL', `room:{${open.roomId}}:addresses`));
    for (const trace of ['192.0.2', await hashAddress(app.context, '192.0.2.9')]) expect(kept).not.toContain(trace);
    expect(kept).toContain(await hashAddress(app.context, `${open.roomId} 192.0.2.9`));
  });

  it('forgets the address of a member who left', async () => {
    const { at, api } = await begin();
    const owner = await api.open(LISTED);
    const guest = await at('192.0.2.9').join(owner.roomId);
    await guest.leave();
    expect(await current().command('HKEYS', `room:{${owner.roomId}}:addresses`)).toEqual([owner.memberId]);
  });

  it('the third address that reports it takes it off the list for good, and everybody hears', async () => {
    const { app, at, api } = await begin();
    const owner = await api.open(LISTED);
    const { roomId, token } = owner;
    const stream = await listenTo(app.url, owner);
    const guests: Seat[] = [];
    for (const last of [11, 12, 13, 14]) guests.push(await at(`192.0.2.${last}`).join(roomId));
    const by = (index: number, json?: Record<string, unknown>) => {
      const guest = guests[index];
      if (guest === undefined) throw new Error('nobody');
      return report(at(`192.0.2.${index + 11}`), guest, json);
    };
    for (const answer of [await by(0, { reason: 'Links' }), await by(0, { reason: 'Again' }), await by(1)])
      expect(answer.status).toBe(204);
    expect(await listed(app)).toEqual([roomId]);
    expect((await by(2, { reason: '\u009b2JRude\n\u202e"words"' })).status).toBe(204);
    expect(await listed(app)).toEqual([]);
    expect((await owner.look()).body).toMatchObject({ listed: false, topic: LISTED.topic });
    await eventually(() => expect(stream.data('room.updated')).toEqual([{ listed: false }]));
    const relisting = await api.ask('PATCH', `/api/room?roomId=${roomId}`, { token, json: { listed: true } });
    expectProblem(relisting, 'lobby_off');
    expect((await by(3)).status).toBe(204);
    expect((await asOperator(app, 'GET', '/api/reports')).body).toEqual({
      reports: [
        {
          roomId,
          topic: LISTED.topic,
          times: 4,
          reasons: expect.arrayContaining(['Links', '2JRude "words"']) as string[],
          at: expect.any(Number) as number,
        },
      ],
    });
    stream.close();
  });

  it('fifty reports at once from one address are one', async () => {
    const { api, app } = await begin();
    const owner = await api.open(LISTED);
    const answers = await Promise.all(Array.from({ length: 50 }, () => report(api, owner)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const { body } = await asOperator(app, 'GET', '/api/reports');
    expect(body).toMatchObject({ reports: [{ roomId: owner.roomId, times: 1, reasons: [] }] });
  });

  it('is reported by its members alone, and no other room is', async () => {
    const { api } = await begin();
    const [owner, unlisted] = [await api.open(LISTED), await api.open()];
    expectProblem(await report(api, { roomId: owner.roomId, token: unlisted.token }), 'not_a_member');
    expectProblem(await report(api, unlisted), 'lobby_off');
    expectProblem(await report(api, owner, { reason: 'x'.repeat(501) }), 'invalid_request', ['reason']);
    await owner.destroy();
    expectProblem(await report(api, owner), 'room_not_found');
  });

  it('the operator ends a reported room, and no other', async () => {
    const { app, api } = await begin({ rateLimits: true });
    const [owner, other] = [await api.open(LISTED), await api.open()];
    const stream = await listenTo(app.url, owner);
    await report(api, owner);
    const end = (roomId: string) => asOperator(app, 'DELETE', `/api/reports?roomId=${roomId}`);
    expectProblem(await end(other.roomId), 'not_found');
    expect((await end(owner.roomId)).status).toBe(204);
    await eventually(() => expect(stream.ended).toBe(true));
    expect(stream.data('chat.destroy')).toEqual([{ isDestroyed: true, reason: 'destroyed' }]);
    expectProblem(await end(owner.roomId), 'room_not_found');
    expect((await asOperator(app, 'GET', '/api/reports')).body).toEqual({ reports: [] });
    const keys = z.array(z.string()).parse(await current().command('KEYS', '*'));
    expect(keys.filter((key) => key.includes(owner.roomId) || key.includes('reported'))).toEqual([]);
    // What the room had of its address is free again.
    expect((await api.open(LISTED)).roomId).toMatch(/^\w{22}$/);
  });

  it('nothing is left of a reported room that its owner ends, whether or not it is listed by then', async () => {
    const { app, api } = await begin();
    for (const change of [{ topic: 'Rainy nights' }, { listed: false }]) {
      const owner = await api.open(LISTED);
      await report(api, owner);
      expect((await owner.steer(change)).status).toBe(200);
      await owner.destroy();
      const keys = z.array(z.string()).parse(await current().command('KEYS', '*'));
      expect(keys.filter((key) => key.includes(owner.roomId) || key.includes('reported'))).toEqual([]);
    }
    expect((await asOperator(app, 'GET', '/api/reports')).body).toEqual({ reports: [] });
  });

  it('nothing is left of it either where its owner ends it while the report is under way', async () => {
    const { api } = await begin();
    const owner = await api.open(LISTED);
    let ended = false;
    current().afterEveryCommand(async () => {
      if (ended) return;
      ended = true;
      await owner.destroy();
    });
    expect((await report(api, owner)).status).toBe(204);
    const keys = z.array(z.string()).parse(await current().command('KEYS', '*'));
    expect(keys.filter((key) => key.includes(owner.roomId) || key.includes('reported'))).toEqual([]);
  });

  it('whoever made it does not come back either, once another owner has removed them', async () => {
    const { at, api } = await begin();
    const maker = at('192.0.2.9');
    const [listed, later] = [await maker.open(LISTED), await maker.open()];
    expect((await later.steer(LISTED)).status).toBe(200);
    for (const made of [listed, later]) {
      const heir = await api.join(made.roomId);
      await made.handOver(heir.memberId);
      expect((await heir.remove(made.memberId)).status).toBe(204);
      expectProblem(await maker.ask('POST', `/api/room/join?roomId=${made.roomId}`, { json: {} }), 'refused');
    }
  });

  it('pages of other sites cannot spend a visitor’s guesses on it', async () => {
    const { app } = await begin({ rateLimits: true });
    for (const site of ['cross-site', 'same-site']) {
      const answer = await app.call('GET', '/api/reports', { headers: { 'sec-fetch-site': site } });
      expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ code: 'cross_origin' })]);
    }
    const limits = z.array(z.string()).parse(await current().command('KEYS', 'limit:*:guesses'));
    expect(limits).toEqual([]);
  });

  it('nobody else reads or ends anything, and without the setting there is nothing of it', async () => {
    const { app, api } = await begin({ rateLimits: true });
    const owner = await api.open(LISTED);
    await report(api, owner);
    for (const token of [owner.token, 'operator-token-0123456780', 'x']) {
      expectProblem(await asOperator(app, 'GET', '/api/reports', token), 'not_a_member');
      expectProblem(await asOperator(app, 'DELETE', `/api/reports?roomId=${owner.roomId}`, token), 'not_a_member');
    }
    expectProblem(await asOperator(app, 'DELETE', '/api/reports?roomId=x'), 'room_not_found');
    const guesses = [];
    for (let index = 0; index < 130; index += 1) guesses.push(await asOperator(app, 'GET', '/api/reports', 'guess'));
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]));
    const { api: without } = await begin();
    expectProblem(await without.ask('GET', '/api/reports', { token: OPERATOR }), 'not_found');
    const bare = await startApp(current().storage, { publicRooms: true });
    apps.push(bare);
    const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await bare.call('GET', '/api/reports', elsewhere)).status).toBe(404);
    expectProblem(await without.ask('DELETE', `/api/reports?roomId=${owner.roomId}`, { token: OPERATOR }), 'not_found');
    expect((await owner.look()).status).toBe(200);
  });
});
