import { afterAll, describe, expect, it } from 'vitest';
import { GUESSES_PER_ADDRESS, ROOM_SEATS_GIVEN_MAX } from '@/domain/limits';
import { newMemberId, newRoomId } from '@/server/auth/tokens';
import { type TestApp, startApp } from '@tests/support/app';
import { aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { repeatCommands } from '@tests/support/repeating-requester';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat, seatedSchema } from '@tests/support/rooms';
import {
  cardOf,
  joinSealed,
  keyCheckOf,
  newcomer,
  proofOf,
  rekey,
  rekeyTo,
  sealedRoom,
} from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const ask = (api: RoomsApi, { roomId }: Pick<Seat, 'roomId'>, json: object): Promise<Answer> =>
  api.ask('POST', `/api/room/join?roomId=${roomId}`, { json: { credentials: 'bearer', ...json } });

describeOnEveryStorage('a seat of a sealed room', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    const api = roomsApi(app);
    return { api, url: app.url, owner: await api.open(sealedRoom({ maxMembers: 3 })) };
  };
  afterAll(() => app?.close());

  it('is the maker’s under the id and with the card that they gave', async () => {
    const { api } = await begin();
    const made = sealedRoom();
    const owner = await api.open(made);
    expect(owner.memberId).toBe(made.memberId);
    expect((await owner.members()).body).toEqual({
      members: [{ memberId: made.memberId, owner: true, joinedAt: owner.createdAt, here: false, card: made.card }],
      former: [],
    });
    expect((await owner.look()).body).toMatchObject({ keyCheck: made.keyCheck, epoch: 0, replaced: [] });
  });

  it('is a newcomer’s who shows the proof, and everybody hears their card', async () => {
    const { api, url, owner } = await begin();
    const stream = await listenTo(url, owner);
    const ann = newcomer();
    const answer = await ask(api, owner, ann);
    expect(answer).toMatchObject({ status: 201, body: { memberId: ann.memberId, owner: false, members: 2 } });
    const joined = { memberId: ann.memberId, joinedAt: aNumber, card: ann.card };
    await eventually(() => expect(stream.data('member.joined')).toEqual([joined]));
    expect(JSON.stringify(stream.heard)).not.toContain(ann.proof);
    expect((await owner.members()).body).toMatchObject({ members: [{}, { memberId: ann.memberId, card: ann.card }] });
  });

  it.each([
    [{}, ['proof', 'memberId', 'card']],
    [{ proof: proofOf(0) }, ['memberId', 'card']],
    [{ ...newcomer(), proof: undefined }, ['proof']],
    [{ ...newcomer(), memberId: undefined }, ['memberId']],
    [{ ...newcomer(), card: undefined }, ['card']],
    [{ ...newcomer(), proof: 'short' }, ['proof']],
    [{ ...newcomer(), card: 'Ann' }, ['card']],
  ])('needs all three, so %.60j is refused', async (json, paths) => {
    const { api, owner } = await begin();
    expectProblem(await ask(api, owner, json), 'invalid_request', paths);
    expect((await owner.look()).body).toMatchObject({ members: 1 });
  });

  it.each(['proof', 'memberId', 'card'] as const)('is no seat of a plain room, which refuses a %s', async (field) => {
    const { api } = await begin();
    const owner = await api.open();
    expectProblem(await ask(api, owner, { [field]: newcomer()[field] }), 'invalid_request', [field]);
    expectProblem(await owner.join({ [field]: newcomer()[field] }), 'invalid_request', [field]);
  });

  it('is refused to a wrong proof before the room says that it is locked or full', async () => {
    const { api, owner } = await begin();
    const wrong = { ...newcomer(), proof: proofOf(0, 'another') };
    expectProblem(await ask(api, owner, wrong), 'wrong_key');
    await joinSealed(api, owner.roomId);
    await joinSealed(api, owner.roomId);
    expectProblem(await ask(api, owner, wrong), 'wrong_key');
    expectProblem(await ask(api, owner, newcomer()), 'room_full');
    await owner.lock(true);
    expectProblem(await ask(api, owner, wrong), 'wrong_key');
    expectProblem(await ask(api, owner, newcomer()), 'room_locked');
  });

  it('is never given under an id that ever had one, however its holder left', async () => {
    const { api, owner } = await begin();
    const [left, removed, moved] = [newcomer(), newcomer(), newcomer()];
    const leaver = await api.join(owner.roomId, left);
    await leaver.leave();
    await api.join(owner.roomId, removed);
    await owner.remove(removed.memberId);
    const mover = await api.join(owner.roomId, moved);
    await mover.join(newcomer());
    for (const memberId of [owner.memberId, left.memberId, removed.memberId, moved.memberId])
      expectProblem(await ask(api, owner, { ...newcomer(), memberId }), 'member_id_taken');
    expectProblem(await mover.join({ ...newcomer(), memberId: left.memberId }), 'member_id_taken');
  });

  it('is given for a card of the room’s epoch alone', async () => {
    const { api, owner } = await begin();
    const guest = await joinSealed(api, owner.roomId);
    expectProblem(await ask(api, owner, { ...newcomer(), card: cardOf(1) }), 'epoch_changed');
    await rekey(api, owner, rekeyTo(1, [owner, guest]));
    expectProblem(await ask(api, owner, newcomer(0)), 'wrong_key');
    expectProblem(await ask(api, owner, { ...newcomer(1), card: cardOf(0) }), 'epoch_changed');
    expectProblem(await guest.present(cardOf(0, 'anew')), 'epoch_changed');
    expectProblem(await guest.join({ ...newcomer(0) }), 'epoch_changed');
    expect((await guest.present(cardOf(1, 'anew'))).status).toBe(200);
    expect((await ask(api, owner, newcomer(1))).body).toMatchObject({ epoch: 1, replaced: [keyCheckOf(0)] });
  });

  it('is taken once, whether or not its answer was lost on the way', async () => {
    const repeating = await startApp(repeatCommands(current().storage));
    const api = roomsApi(repeating);
    const owner = await api.open(sealedRoom());
    const ann = newcomer();
    const guest = await api.join(owner.roomId, ann);
    expect((await guest.look()).body).toMatchObject({ members: 2, you: { memberId: ann.memberId } });
    const anew = newcomer();
    expect((await guest.join(anew)).body).toMatchObject({ members: 2, memberId: anew.memberId });
    expect((await guest.look()).body).toMatchObject({ members: 2, you: { memberId: anew.memberId } });
    await repeating.close();
  });

  it('goes to one of fifty who ask under the same id, and to nobody once the room is locked', async () => {
    const { api, owner } = await begin();
    const ann = newcomer();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(api, owner, ann)));
    const seated = answers.filter(({ status }) => status === 201).map(({ body }) => seatedSchema.parse(body));
    expect(seated).toHaveLength(1);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 'member_id_taken');
    const racing = Promise.all(Array.from({ length: 10 }, () => ask(api, owner, newcomer())));
    await owner.lock(true);
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => ask(api, owner, newcomer()))))
      expectProblem(answer, 'room_locked');
    const inside = (await racing).filter(({ status }) => status === 201).length;
    expect((await owner.look()).body).toMatchObject({ members: 2 + inside });
  });

  describe('with rate limits', () => {
    it('costs whoever guesses at its key as much as guessing at rooms', async () => {
      const limited = await startApp(current().storage, { rateLimits: true });
      const [api, guesser] = [roomsApi(limited), roomsApi(limited, { address: '198.51.100.1' })];
      const owner = await api.open(sealedRoom());
      const guess = (name: string) => ask(guesser, owner, { ...newcomer(), proof: proofOf(0, name) });
      const look = (roomId: string) => guesser.ask('GET', `/api/room?roomId=${roomId}`);
      // A tab with a replaced link asks again and again, and finds out nothing new.
      for (let time = 0; time < 50; time += 1) expectProblem(await guess('the same'), 'wrong_key');
      for (let count = 1; count < 60; count += 1) expectProblem(await guess(`${count}`), 'wrong_key');
      const rooms = GUESSES_PER_ADDRESS.max - 60;
      for (let count = 0; count < rooms; count += 1) expectProblem(await look(newRoomId()), 'room_not_found');
      expect((await look(owner.roomId)).status).toBe(200);
      expectProblem(await guess('one more'), 'rate_limited');
      expectProblem(await look(owner.roomId), 'rate_limited');
      expect((await api.join(owner.roomId, newcomer())).memberId).toHaveLength(16);
      await limited.close();
    });

    it('moves once a minute, and a move gives no fresh rates or changes', async () => {
      const limited = await startApp(current().storage, { rateLimits: true });
      const api = roomsApi(limited);
      const owner = await api.open(sealedRoom());
      const guest = await joinSealed(api, owner.roomId);
      for (let count = 0; count < 30; count += 1) await guest.present(cardOf(0, `${count}`));
      expectProblem(await guest.present(cardOf(0, 'one more')), 'rate_limited');
      const anew = newcomer();
      expect((await guest.join(anew)).status).toBe(200);
      expect((await guest.join(anew)).status).toBe(200);
      expectProblem(await guest.present(cardOf(0, 'one more')), 'rate_limited');
      expectProblem(await guest.join(newcomer()), 'rate_limited');
      const used = `room:{${owner.roomId}}:used`;
      expect(await current().command('HGET', used, `changes:${anew.memberId}`)).toBe('30');
      expect(await current().command('HGET', used, `changes:${guest.memberId}`)).toBeNull();
      await limited.close();
    });
  });

  it('moves up to the number of seats that a room gives; the owner’s moves beyond it', async () => {
    const { api, owner } = await begin();
    const guest = await joinSealed(api, owner.roomId);
    await current().command('HSET', `room:{${owner.roomId}}`, 'seatsGiven', ROOM_SEATS_GIVEN_MAX);
    expectProblem(await guest.join(newcomer()), 'room_full');
    expect((await owner.join({ memberId: newMemberId(), card: cardOf(0) })).status).toBe(200);
  });
});
