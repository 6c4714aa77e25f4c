import { afterAll, describe, expect, it } from 'vitest';
import { EPOCHS_MAX, REKEY_BODY_BYTES_MAX } from '@/domain/limits';
import { newMemberId } from '@/server/auth/tokens';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { askForStream, listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi, type Seat, UNKNOWN_ROOM } from '@tests/support/rooms';
import {
  cardOf,
  joinSealed,
  keyCheckOf,
  membersToWrap,
  newcomer,
  proofHashOf,
  rekey,
  rekeyTo,
  sealedMessage,
  sealedOf,
  sealedRoom,
  wrapOf,
} from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('a rekey', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = false) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  /** A sealed room with its owner and guests. */
  async function gather(guests = 2, settings = {}): Promise<{ api: RoomsApi; url: string; owner: Seat; all: Seat[] }> {
    const { api, url } = await begin();
    const owner = await api.open(sealedRoom(settings));
    const all = [owner];
    for (let index = 0; index < guests; index += 1) all.push(await joinSealed(api, owner.roomId));
    return { api, url, owner, all };
  }
  const of = (seats: readonly Seat[], index: number): Seat => {
    const seat = seats[index];
    if (seat === undefined) throw new Error('Nobody sat there');
    return seat;
  };
  const guestOf = ({ all }: { all: Seat[] }, index = 1): Seat => of(all, index);
  const bytesOf = async ({ roomId }: Seat) =>
    Number((await current().command('HGET', `room:{${roomId}}`, 'bytes')) ?? 0);

  it('gives the room a new secret: everybody hears of it, and the old check is shown as replaced', async () => {
    const { api, url, owner, all } = await gather();
    expect((await owner.look()).body).toMatchObject({ epoch: 0, replaced: [], keyCheck: keyCheckOf(0) });
    const stream = await listenTo(url, of(all, 1));
    const change = rekeyTo(1, all);
    const answer = await rekey(api, owner, change);
    const room = { roomId: owner.roomId, epoch: 1, keyCheck: keyCheckOf(1), replaced: [keyCheckOf(0)], members: 3 };
    expect(answer).toMatchObject({ status: 200, body: room });
    expect((await owner.look()).body).toMatchObject(room);
    const { proofHash: _, ...told } = change;
    await eventually(() => expect(stream.data('room.rekeyed')).toEqual([{ ...told, by: owner.memberId }]));
    expect((await rekey(api, owner, rekeyTo(2, all))).body).toMatchObject({
      epoch: 2,
      replaced: [keyCheckOf(0), keyCheckOf(1)],
    });
  });

  it('lets nobody in who has the old proof alone', async () => {
    const { api, owner, all } = await gather(1);
    await rekey(api, owner, rekeyTo(1, all));
    const join = (json: object) => api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json });
    expectProblem(await join(newcomer(0)), 'wrong_key');
    expect((await joinSealed(api, owner.roomId, 1)).roomId).toBe(owner.roomId);
  });

  it('removes a member with it: seat, credential and streams go, and both events come in their order', async () => {
    const { api, url, owner, all } = await gather();
    const [removed, stays] = [of(all, 1), of(all, 2)];
    const [theirs, stream] = [await listenTo(url, removed), await listenTo(url, stays)];
    const change = rekeyTo(1, [owner, stays], { remove: removed.memberId });
    expect(await rekey(api, owner, change)).toMatchObject({ status: 200, body: { members: 2, epoch: 1 } });
    await eventually(() => expect(theirs.ended).toBe(true));
    await eventually(() => expect(stream.data('room.rekeyed')).toHaveLength(1));
    const names = stream.heard.flatMap((one) => (Object(one) as { event?: string }).event ?? []);
    expect(names.filter((name) => !name.startsWith('presence'))).toEqual(['member.left', 'room.rekeyed']);
    expect(stream.data('member.left')).toEqual([{ memberId: removed.memberId, reason: 'removed' }]);
    expect(theirs.data('room.rekeyed')).toEqual([]);
    for (const answer of [await removed.send(sealedMessage(300, 1)), await askForStream(url, removed)])
      expectProblem(answer, 'not_a_member');
    // As after a removal by itself, a repeat of which finds its own work done.
    expect((await owner.remove(removed.memberId)).status).toBe(204);
    expect(await rekey(api, owner, change)).toMatchObject({ status: 200, body: { epoch: 1 } });
    expect(stream.data('member.left')).toHaveLength(1);
  });

  it('is done once: the same again by the same owner is 200, and nothing else with its epoch is', async () => {
    const { api, owner, all } = await gather();
    const change = rekeyTo(1, all);
    expect((await rekey(api, owner, change)).status).toBe(200);
    // Wraps are random, so a page that seals again for its repeat has other ones, and the members may be others by now.
    const late = await joinSealed(api, owner.roomId, 1);
    const bytes = await bytesOf(owner);
    for (const again of [change, rekeyTo(1, [owner, late], { previous: sealedOf(500, 1) })]) {
      expect(await rekey(api, owner, again)).toMatchObject({
        status: 200,
        body: { epoch: 1, replaced: [keyCheckOf(0)] },
      });
    }
    expect(await bytesOf(owner)).toBe(bytes);
    const others = [
      { keyCheck: keyCheckOf(1, 'other') },
      { proofHash: proofHashOf(1, 'other') },
      { epoch: 3, previous: sealedOf(400, 3) },
    ];
    for (const other of others) expectProblem(await rekey(api, owner, rekeyTo(1, all, other)), 'epoch_changed');
    expect((await rekey(api, owner, rekeyTo(2, [...all, late]))).status).toBe(200);
    expectProblem(await rekey(api, owner, change), 'epoch_changed');
  });

  it('is no repeat of what the owner before did', async () => {
    const context = await gather();
    const { api, owner, all } = context;
    const change = rekeyTo(1, all);
    await rekey(api, owner, change);
    await owner.leave();
    expectProblem(await rekey(api, owner, change), 'not_a_member');
    expectProblem(await rekey(api, guestOf(context), change), 'epoch_changed');
  });

  describe('is refused', () => {
    it.each([
      ['an epoch that skips one', { epoch: 2, previous: sealedOf(400, 2) }],
      ['the epoch of the room', { epoch: 1, previous: sealedOf(400, 1) }],
    ])('with epoch_changed for %s', async (_, fields) => {
      const { api, owner, all } = await gather();
      if (fields.epoch === 1) await rekey(api, owner, rekeyTo(1, all, { keyCheck: keyCheckOf(1, 'first') }));
      expectProblem(await rekey(api, owner, rekeyTo(1, all, fields)), 'epoch_changed');
      expect((await owner.look()).body).toMatchObject({ epoch: fields.epoch === 1 ? 1 : 0 });
    });

    it.each<[string, object, string[]]>([
      ['a previous of another epoch', { previous: sealedOf(400, 0) }, ['previous']],
      ['a previous of a later epoch', { previous: sealedOf(400, 2) }, ['previous']],
      ['a previous of 8,193 characters', { previous: sealedOf(8_193, 1) }, ['previous']],
      ['a previous that is not sealed', { previous: 'secret' }, ['previous']],
      ['no epoch', { epoch: undefined }, ['epoch']],
      ['epoch 0', { epoch: 0 }, ['epoch']],
      ['half an epoch', { epoch: 1.5 }, ['epoch']],
      ['an epoch as a text', { epoch: '1' }, ['epoch']],
      ['a short key check', { keyCheck: 'A' }, ['keyCheck']],
      ['a proof hash that is none', { proofHash: 'A'.repeat(44) }, ['proofHash']],
      ['no wraps', { wraps: undefined }, ['wraps']],
      ['a list of wraps', { wraps: [] }, ['wraps']],
      ['somebody to remove who is no id', { remove: 'somebody' }, ['remove']],
    ])('with 422 for %s', async (_, fields, paths) => {
      const { api, owner, all } = await gather(0);
      expectProblem(await rekey(api, owner, rekeyTo(1, all, fields)), 'invalid_request', paths);
      expect((await owner.look()).body).toMatchObject({ epoch: 0 });
    });

    it.each([[wrapOf(1, 'x').slice(1)], [`${wrapOf(1, 'x')}A`], [sealedOf(80, 1)], [''], [null]])(
      'with 422 for the wrap %s',
      async (wrap) => {
        const { api, owner } = await gather(0);
        const path = `wraps.${owner.memberId}`;
        const change = rekeyTo(1, [], { wraps: { [owner.memberId]: wrap } });
        expectProblem(await rekey(api, owner, change), 'invalid_request', [path]);
      },
    );

    it.each(['short', 'constructor', `${'A'.repeat(15)}"`])('with 422 for a wrap of %s', async (id) => {
      const { api, owner } = await gather(0);
      const wraps = `{"${id.replace('"', '\\"')}":"${wrapOf(1, 'x')}"}`;
      const body = JSON.stringify(rekeyTo(1, [], { wraps: 0 })).replace('"wraps":0', `"wraps":${wraps}`);
      const headers = { 'content-type': 'application/json' };
      const path = `/api/room/rekey?roomId=${owner.roomId}`;
      expectProblem(await api.ask('POST', path, { token: owner.token, body, headers }), 'invalid_request');
    });

    it('with what the room says where it names more than any room that is rekeyed has, and Redis gets none of them', async () => {
      const context = await gather();
      const { api, owner, all } = context;
      const crowd = Array.from({ length: 100 }, () => ({ memberId: newMemberId() }));
      const change = rekeyTo(1, [...all, ...crowd]);
      current().recorded.length = 0;
      expectProblem(await rekey(api, owner, change), 'members_changed');
      expectProblem(await rekey(api, guestOf(context), change), 'not_the_owner');
      expect(JSON.stringify(current().recorded)).not.toContain(wrapOf(1, owner.memberId));
      expectProblem(await rekey(api, owner, { ...change, epoch: 3, previous: sealedOf(400, 3) }), 'epoch_changed');
    });

    it('with 422 where it has more wraps than the largest room has members, whoever sends them', async () => {
      const { api, owner } = await gather(0);
      const crowd = Array.from({ length: 1_001 }, () => ({ memberId: newMemberId() }));
      const path = `/api/room/rekey?roomId=${owner.roomId}`;
      for (const token of [owner.token, undefined])
        expectProblem(await api.ask('POST', path, { token, json: rekeyTo(1, crowd) }), 'invalid_request', ['']);
    });

    it('never for a wrap of __proto__, which is dropped', async () => {
      const { api, owner } = await gather(0);
      const body = JSON.stringify(rekeyTo(1, [owner])).replace(
        '"wraps":{',
        `"wraps":{"__proto__":"${wrapOf(1, 'x')}",`,
      );
      const headers = { 'content-type': 'application/json' };
      const path = `/api/room/rekey?roomId=${owner.roomId}`;
      expect((await api.ask('POST', path, { token: owner.token, body, headers })).status).toBe(200);
      expect(JSON.stringify(await current().command('XRANGE', owner.roomId, '-', '+'))).not.toContain('__proto__');
    });

    it('with 422 to owners who would remove themselves', async () => {
      const { api, owner, all } = await gather();
      for (const members of [all, all.slice(1)]) {
        const change = rekeyTo(1, members, { remove: owner.memberId });
        expectProblem(await rekey(api, owner, change), 'invalid_request', ['remove']);
      }
      expect((await owner.look()).body).toMatchObject({ epoch: 0, you: { owner: true } });
    });

    it('with 422 for a key check that the room has or had: nobody could tell which link is the old one', async () => {
      const { api, owner, all } = await gather();
      expectProblem(await rekey(api, owner, rekeyTo(1, all, { keyCheck: keyCheckOf(0) })), 'invalid_request', [
        'keyCheck',
      ]);
      await rekey(api, owner, rekeyTo(1, all));
      for (const epoch of [0, 1]) {
        const change = rekeyTo(2, all, { keyCheck: keyCheckOf(epoch) });
        expectProblem(await rekey(api, owner, change), 'invalid_request', ['keyCheck']);
      }
    });

    it('with 422 in a plain room, whoever asks', async () => {
      const { api } = await begin();
      const owner = await api.open();
      for (const token of [owner.token, undefined, 'A'.repeat(43)]) {
        const asked = api.ask('POST', `/api/room/rekey?roomId=${owner.roomId}`, { token, json: rekeyTo(1, [owner]) });
        expectProblem(await asked, 'invalid_request', ['']);
      }
    });

    it('to everybody but the owner, whatever else is wrong with it', async () => {
      const context = await gather();
      const { api, owner, all } = context;
      const ask = (token: string | undefined, json: object) =>
        api.ask('POST', `/api/room/rekey?roomId=${owner.roomId}`, { token, json });
      for (const json of [rekeyTo(1, all), rekeyTo(1, []), rekeyTo(5, all)]) {
        expectProblem(await ask(guestOf(context).token, json), 'not_the_owner');
        expectProblem(await ask(undefined, json), 'not_a_member');
        expectProblem(await ask('A'.repeat(43), json), 'not_a_member');
      }
      const json = rekeyTo(1, all);
      expectProblem(await api.ask('POST', `/api/room/rekey?roomId=${UNKNOWN_ROOM}`, { json }), 'room_not_found');
      expect((await owner.look()).body).toMatchObject({ epoch: 0 });
    });
  });

  describe('names the members who are seated, and nobody else', () => {
    const STRANGER = { memberId: 'Z'.repeat(16) };

    it.each<[string, (all: Seat[]) => object, kept: (index: number) => boolean]>([
      ['a member is missing', (all) => rekeyTo(1, all.slice(0, 2)), () => true],
      ['the owner is missing', (all) => rekeyTo(1, all.slice(1)), () => true],
      ['all are missing', () => rekeyTo(1, []), () => true],
      ['somebody is named who has no seat', (all) => rekeyTo(1, [...all, STRANGER]), () => true],
      ['a stranger stands in a member’s place', (all) => rekeyTo(1, [...all.slice(0, 2), STRANGER]), () => true],
      [
        'the removed member is named',
        (all) => rekeyTo(1, all, { remove: of(all, 1).memberId }),
        (index) => index !== 1,
      ],
      [
        'the removed member stands in another’s place',
        (all) => rekeyTo(1, all.slice(0, 2), { remove: of(all, 1).memberId }),
        (index) => index !== 1,
      ],
      [
        'somebody is removed who has no seat, and named',
        (all) => rekeyTo(1, [...all, STRANGER], { remove: STRANGER.memberId }),
        () => true,
      ],
    ])('when %s, nothing is done, and the answer says who they are', async (_, change, kept) => {
      const { api, owner, all } = await gather();
      const bytes = await bytesOf(owner);
      const answer = await rekey(api, owner, change(all));
      expectProblem(answer, 'members_changed');
      const staying = all.filter((_seat, index) => kept(index));
      const expected = staying.map(({ memberId }) => ({ memberId, card: cardOf(0, memberId) }));
      const byId = (left: { memberId: string }, right: { memberId: string }) =>
        left.memberId < right.memberId ? -1 : 1;
      expect(membersToWrap(answer).sort(byId)).toEqual(expected.sort(byId));
      expect((await owner.look()).body).toMatchObject({ epoch: 0, members: 3, keyCheck: keyCheckOf(0), replaced: [] });
      expect(await bytesOf(owner)).toBe(bytes);
    });

    it('somebody to be removed who left a moment before is no fault: the secret is replaced all the same', async () => {
      const { api, owner, all } = await gather();
      const [left, stays] = [of(all, 1), of(all, 2)];
      await left.leave();
      const change = rekeyTo(1, [owner, stays], { remove: left.memberId });
      expect(await rekey(api, owner, change)).toMatchObject({ status: 200, body: { epoch: 1, members: 2 } });
      // They were not removed, and it is not said that they were.
      expectProblem(await owner.remove(left.memberId), 'not_found');
    });

    it('a guest who comes and goes to prevent a removal is noticed each time', async () => {
      const { api, owner, all } = await gather(1);
      const [removed] = all.slice(1);
      let seated: Seat | null = null;
      for (let round = 0; round < 4; round += 1) {
        const known = [owner, ...(seated ? [seated] : [])];
        if (seated) await seated.leave();
        seated = seated ? null : await joinSealed(api, owner.roomId);
        const answer = await rekey(api, owner, rekeyTo(1, known, { remove: removed?.memberId }));
        expectProblem(answer, 'members_changed');
        const expected = [owner, ...(seated ? [seated] : [])].map(({ memberId }) => memberId);
        expect(new Set(membersToWrap(answer).map(({ memberId }) => memberId))).toEqual(new Set(expected));
      }
      await seated?.leave();
      // A lock ends it: nobody comes, so the members that the answer lists stay the ones to name.
      await owner.lock(true);
      const last = rekeyTo(1, [owner], { remove: removed?.memberId });
      expect((await rekey(api, owner, last)).status).toBe(200);
    });
  });

  describe('has bounds', () => {
    it(`of ${EPOCHS_MAX} epochs: the last one is taken, its repeat too, and no other`, async () => {
      const { api, owner, all } = await gather(0);
      for (let epoch = 1; epoch <= EPOCHS_MAX; epoch += 1) {
        const { status } = await rekey(api, owner, rekeyTo(epoch, all, { previous: sealedOf(8_192, epoch) }));
        expect(status, `epoch ${epoch}`).toBe(200);
      }
      expect((await owner.look()).body).toMatchObject({ epoch: EPOCHS_MAX });
      expectProblem(await rekey(api, owner, rekeyTo(EPOCHS_MAX + 1, all)), 'room_too_large');
      expectProblem(await rekey(api, owner, rekeyTo(EPOCHS_MAX + 2, all)), 'epoch_changed');
      expect((await rekey(api, owner, rekeyTo(EPOCHS_MAX, all))).status).toBe(200);
      expect((await owner.send(sealedMessage(300, EPOCHS_MAX))).status).toBe(201);
    });

    it('of 100 members seated, and all of them hear of it in one event', async () => {
      const { api, url, owner, all } = await gather(99, { maxMembers: 1_000 });
      const late = await joinSealed(api, owner.roomId);
      const stream = await listenTo(url, of(all, 99));
      for (const change of [rekeyTo(1, [...all, late]), rekeyTo(1, all, { remove: late.memberId })])
        expectProblem(await rekey(api, owner, change), 'room_too_large');
      await owner.remove(late.memberId);
      const largest = rekeyTo(1, all, { previous: sealedOf(8_192, 1) });
      expect((await rekey(api, owner, largest)).status).toBe(200);
      await eventually(() => expect(stream.data('room.rekeyed')).toHaveLength(1));
      const { proofHash: _, ...told } = largest;
      expect(stream.data('room.rekeyed')).toEqual([{ ...told, by: owner.memberId }]);
    });

    it('of 256 kB for its body alone, also over a socket, and a byte more is 413', async () => {
      const { api, url, owner, all } = await gather(0);
      const json = JSON.stringify(rekeyTo(1, all));
      const post = async (bytes: number, path = 'room/rekey') => {
        const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' };
        const body = json.padEnd(bytes);
        const sent = await fetch(`${url}/api/${path}?roomId=${owner.roomId}`, { method: 'POST', headers, body });
        const direct = await api.ask('POST', `/api/${path}?roomId=${owner.roomId}`, { headers, body });
        expect(direct.status).toBe(sent.status);
        return direct;
      };
      expectProblem(await post(REKEY_BODY_BYTES_MAX + 1), 'body_too_large');
      expectProblem(await post(70_000, 'messages'), 'body_too_large');
      expectProblem(await post(70_000, 'room/join'), 'body_too_large');
      expect((await post(REKEY_BODY_BYTES_MAX)).status).toBe(200);
    });
  });
});
