import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { memberSchema } from '@/domain/member';
import { type TestApp, startApp } from '@tests/support/app';
import { aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, roomsApi, type Seat } from '@tests/support/rooms';
import { cardOf, joinSealed, newcomer, rekey, rekeyTo, sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const membersOf = ({ body }: Answer) => z.object({ members: z.array(memberSchema) }).parse(body).members;
const idsOf = (answer: Answer) => membersOf(answer).map(({ memberId }) => memberId);
/** What somebody gives who has lost their keys and not their credential. */
const anew = () => {
  const { memberId, card } = newcomer();
  return { memberId, card };
};
const namesOf = (heard: readonly unknown[]) =>
  heard.flatMap((one) => z.catch(z.object({ event: z.string() }), { event: '' }).parse(one).event);

describeOnEveryStorage('a seat that moves to another member id', (current) => {
  let app: TestApp | undefined;
  const timings = { heartbeat: 60_000, gather: 50 };
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage, { timings });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom(settings));
    const guest = await joinSealed(api, owner.roomId);
    return { api, url: app.url, owner, guest };
  };
  afterAll(() => app?.close());

  it('keeps its place, its credential and what was said under the former id; everybody hears of it in one order', async () => {
    const { api, url, owner, guest } = await begin();
    const last = await joinSealed(api, owner.roomId);
    const stream = await listenTo(url, last);
    await guest.send({ id: 'said-before', ...sealedMessage() });
    const { memberId, card } = anew();
    const answer = await guest.join({ memberId, card });
    expect(answer).toMatchObject({ status: 200, body: { memberId, owner: false, members: 3 } });
    expect(answer.body).not.toHaveProperty('token');
    expect(await guest.join({ memberId, card: cardOf(0, 'unheard') })).toMatchObject({ status: 200 });
    expect(membersOf(await guest.members())[1]).toEqual({
      memberId,
      owner: false,
      joinedAt: aNumber,
      here: false,
      card,
    });
    expect(idsOf(await owner.members())).toEqual([owner.memberId, memberId, last.memberId]);
    expect((await guest.send({ id: 'said-since', ...sealedMessage() })).body).toMatchObject({ memberId });
    expect((await guest.history()).body).toMatchObject({ messages: [{ memberId: guest.memberId }, { memberId }] });
    await eventually(() => expect(stream.data('chat.message')).toHaveLength(2));
    expect(stream.data('member.left')).toEqual([{ memberId: guest.memberId, reason: 'moved', to: memberId }]);
    expect(stream.data('member.joined')).toEqual([{ memberId, joinedAt: aNumber, card }]);
    const names = namesOf(stream.heard).filter((name) => /member|room\./.test(name));
    expect(names).toEqual(['member.left', 'member.joined']);
  });

  it('takes the room along where it was the owner’s, also a locked and full one', async () => {
    const { url, owner, guest } = await begin({ maxMembers: 2 });
    const stream = await listenTo(url, guest);
    await owner.lock(true);
    const { memberId, card } = anew();
    expect(await owner.join({ memberId, card })).toMatchObject({ status: 200, body: { memberId, owner: true } });
    await eventually(() => expect(stream.data('room.updated')).toEqual([{ locked: true }, { ownerId: memberId }]));
    expectProblem(await owner.join({ memberId: owner.memberId, card }), 'member_id_taken');
    expect((await owner.lock(false)).status).toBe(200);
    expect((await owner.remove(guest.memberId)).status).toBe(204);
  });

  it('needs a card, and no proof', async () => {
    const { owner, guest } = await begin();
    expectProblem(await guest.join({ memberId: newcomer().memberId }), 'invalid_request', ['card']);
    expect(await guest.join({})).toMatchObject({ status: 200, body: { memberId: guest.memberId } });
    expect((await guest.join(anew())).status).toBe(200);
    expectProblem(await guest.join({ ...anew(), memberId: owner.memberId }), 'member_id_taken');
  });

  it('goes on listening, at whatever process, and is here under the new id alone', async () => {
    const { url, owner, guest } = await begin();
    const elsewhere = await startApp(current().storage, { timings });
    const [theirs, far, other] = [
      await listenTo(url, guest),
      await listenTo(elsewhere.url, guest),
      await listenTo(elsewhere.url, owner),
    ];
    const { memberId, card } = anew();
    await guest.join({ memberId, card });
    const here = [owner.memberId, memberId].sort();
    for (const stream of [theirs, far, other])
      await eventually(() => expect(stream.data('presence.changed').at(-1)).toEqual({ here }));
    await owner.send(sealedMessage());
    for (const stream of [theirs, far, other])
      await eventually(() => expect(stream.data('chat.message')).toHaveLength(1));
    expect([theirs.ended, far.ended]).toEqual([false, false]);
    expect(membersOf(await owner.members()).map((member) => member.here)).toEqual([true, true]);
    // Its removal ends them all, though they began under the former id.
    expectProblem(await owner.remove(guest.memberId), 'not_found');
    await owner.remove(memberId);
    for (const stream of [theirs, far]) await eventually(() => expect(stream.ended).toBe(true));
    expect(far.data('member.left').at(-1)).toEqual({ memberId, reason: 'removed' });
    await elsewhere.close();
  });

  it('is named by a rekey under the id that it has then', async () => {
    const { api, owner, guest } = await begin();
    const { memberId, card } = anew();
    await guest.join({ memberId, card });
    expectProblem(await rekey(api, owner, rekeyTo(1, [owner, guest])), 'members_changed');
    expect((await rekey(api, owner, rekeyTo(1, [owner, { memberId }]))).status).toBe(200);
  });

  it('keeps what was used of its share, and its budget of changes', async () => {
    const { owner, guest } = await begin();
    const used = async (field: string) => current().command('HGET', `room:{${owner.roomId}}:used`, field);
    await guest.send(sealedMessage());
    await guest.present(cardOf(0, 'another'));
    const bytes = Number(await used('bytes:2'));
    const { memberId, card } = anew();
    await guest.join({ memberId, card });
    expect(Number(await used('bytes:2'))).toBeGreaterThan(bytes + 1_400);
    expect([await used('messages:2'), await used(`changes:${memberId}`)]).toEqual(['1', '1']);
    expect(await used(`changes:${guest.memberId}`)).toBeNull();
  });

  it('moves once where two tabs move it at once under one id, and ends under one of two ids', async () => {
    const { owner, guest } = await begin();
    const one = anew();
    const same = await Promise.all(Array.from({ length: 10 }, () => guest.join(one)));
    for (const answer of same) expect(answer).toMatchObject({ status: 200, body: { memberId: one.memberId } });
    expect(idsOf(await owner.members())).toEqual([owner.memberId, one.memberId]);
    const [two, three] = [anew(), anew()];
    for (const answer of await Promise.all([guest.join(two), guest.join(three)])) expect(answer.status).toBe(200);
    const [, id] = idsOf(await owner.members());
    expect([two.memberId, three.memberId]).toContain(id);
    expect((await guest.look()).body).toMatchObject({ members: 2, you: { memberId: id } });
  });

  const races: [string, (owner: Seat, guest: Seat) => Promise<Answer>][] = [
    ['its removal', (owner, guest) => owner.remove(guest.memberId)],
    ['its leaving', (_, guest) => guest.leave()],
    ['a lock', (owner) => owner.lock(true)],
    ['the owner’s own move', (owner) => owner.join(anew())],
    ['the room’s end', (owner) => owner.destroy()],
  ];
  it.each(races)('against %s leaves seats, credentials and the owner in agreement', async (what, against) => {
    for (let round = 0; round < 6; round += 1) {
      const { api, owner, guest } = await begin();
      const witness = await joinSealed(api, owner.roomId);
      const { memberId, card } = anew();
      const move = () => guest.join({ memberId, card });
      const other = () => against(owner, guest);
      const [first, second] = round % 2 === 0 ? [move, other] : [other, move];
      await Promise.all([first(), second()]);
      if (what === 'the room’s end') {
        expectProblem(await guest.look(), 'room_not_found');
        expectProblem(await move(), 'room_not_found');
        continue;
      }
      const members = membersOf(await witness.members());
      const { you } = z
        .object({ you: z.nullable(z.object({ memberId: z.string(), owner: z.boolean() })) })
        .parse((await guest.look()).body);
      // The seat is there under one id or not at all, and the credential says the same.
      const seats = members.filter(({ memberId: id }) => id === memberId || id === guest.memberId);
      expect(seats.map(({ memberId: id }) => id)).toEqual(you === null ? [] : [you.memberId]);
      expect(members.filter((member) => member.owner)).toHaveLength(1);
      const stored = await current().command('HLEN', `room:{${owner.roomId}}:tokens`);
      expect(stored).toBe(members.length);
    }
  });
});
