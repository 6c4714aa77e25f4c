import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { EXTENSION_MS } from '@/domain/limits';
import { memberSchema } from '@/domain/member';
import { messageSchema } from '@/domain/message';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { knock, whoWaits } from '@tests/support/doors';
import { expectProblem } from '@tests/support/problems';
import { repeatCommands } from '@tests/support/repeating-requester';
import { keysOf } from '@tests/support/room-keys';
import { type Answer, type RoomsApi, roomsApi, type Seat, seatedSchema } from '@tests/support/rooms';
import { listenTo } from '@tests/support/room-stream';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const membersOf = ({ body }: Answer) => z.object({ members: z.array(memberSchema) }).parse(body).members;
const messagesOf = ({ body }: Answer) => z.object({ messages: z.array(messageSchema) }).parse(body).messages;
const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();
const times = <Result>(count: number, make: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const memberIdOf = ({ body }: Answer) => z.object({ memberId: z.string() }).parse(body).memberId;

const join = (api: RoomsApi, { roomId }: Seat) =>
  api.ask('POST', `/api/room/join?roomId=${roomId}`, { json: { credentials: 'bearer' } });

describeOnEveryStorage('at the same moment', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => app?.close());

  it('fifty visitors take the two free seats, and both of their credentials work', async () => {
    const { api } = await begin();
    const owner = await api.open({ maxMembers: 3 });
    const answers = await times(50, () => join(api, owner));
    const seated = answers.filter(({ status }) => status === 201).map(({ body }) => seatedSchema.parse(body));
    expect(seated).toHaveLength(2);
    for (const answer of answers) if (answer.status !== 201) expectProblem(answer, 'room_full');
    expect(new Set([owner.memberId, ...seated.map(({ memberId }) => memberId)]).size).toBe(3);
    for (const { token, memberId } of seated) {
      const sent = await api.ask('POST', `/api/messages?roomId=${owner.roomId}`, {
        token,
        json: { sender: 'a', text: 'b' },
      });
      expect(sent).toMatchObject({ status: 201, body: { memberId } });
    }
    expect(membersOf(await owner.members())).toHaveLength(3);
  });

  it('fifty visitors of an empty room with two seats get two of them, and one of them owns the room', async () => {
    const { api } = await begin();
    const owner = await api.open({ maxMembers: 2 });
    await owner.leave();
    const answers = await times(50, () => join(api, owner));
    const seated = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(seated).toHaveLength(2);
    expect(seated.filter((body) => z.object({ owner: z.boolean() }).parse(body).owner)).toHaveLength(1);
  });

  it('seats that are given up and taken again never exceed the room’s number', async () => {
    const { api } = await begin();
    const owner = await api.open({ maxMembers: 4 });
    const stay = new Map<string, Seat>();
    await times(12, async () => {
      for (let round = 0; round < 4; round += 1) {
        const seat = await api.join(owner.roomId).catch(() => null);
        expect(membersOf(await owner.members()).length).toBeLessThanOrEqual(4);
        if (seat === null) continue;
        if (round === 3) stay.set(seat.memberId, seat);
        else expect((await seat.leave()).status).toBe(204);
      }
    });
    const seats = membersOf(await owner.members()).map(({ memberId }) => memberId);
    expect(new Set(seats)).toEqual(new Set([owner.memberId, ...stay.keys()]));
    for (const seat of stay.values()) expect((await seat.send()).status).toBe(201);
  });

  it('a credential leaves once', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    expect(statusesOf(await times(10, () => guest.leave()))).toEqual([204, ...Array<number>(9).fill(401)]);
    expect(membersOf(await owner.members())).toHaveLength(1);
  });

  it('a room that everybody leaves has one owner at any time, the longest seated', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const guests: Seat[] = [];
    for (let index = 0; index < 8; index += 1) guests.push(await api.join(owner.roomId));
    const leaving = [owner, ...guests.slice(0, 6)];
    const seen = await Promise.all([
      ...leaving.map((seat) => seat.leave().then(() => [])),
      ...Array.from({ length: 10 }, () => guests[7]?.members().then(membersOf)),
    ]);
    for (const members of seen) {
      if (!members || members.length === 0) continue;
      expect(members.filter((member) => member.owner)).toEqual([members[0]]);
    }
    expect((await guests[6]?.look())?.body).toMatchObject({ members: 2, you: { owner: true } });
    expect((await guests[7]?.look())?.body).toMatchObject({ you: { owner: false } });
  });

  it('nobody gets into a room that was locked before they asked', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const racing = times(20, () => join(api, owner));
    expect((await owner.lock(true)).status).toBe(200);
    for (const answer of await times(20, () => join(api, owner))) expectProblem(answer, 'room_locked');
    const inside = (await racing).filter(({ status }) => status === 201).length;
    expect(membersOf(await owner.members())).toHaveLength(1 + inside);
  });

  it('the same message sent twenty times is stored once and heard once', async () => {
    const { api, url } = await begin();
    const owner = await api.open();
    const stream = await listenTo(url, owner);
    const answers = await times(20, () => owner.send({ id: 'the-same-id' }));
    expect(statusesOf(answers)).toEqual([...Array<number>(19).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await owner.send({ text: 'last' });
    await eventually(() => expect(stream.data('chat.message')).toHaveLength(2));
    expect(messagesOf(await owner.history())).toHaveLength(2);
    stream.close();
  });

  it('a message id that several members want goes to one of them', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const guests = await times(8, () => api.join(owner.roomId));
    const answers = await Promise.all(guests.map((guest) => guest.send({ id: 'the-same-id' })));
    expect(statusesOf(answers)).toEqual([201, ...Array<number>(7).fill(409)]);
    const [message] = messagesOf(await owner.history());
    expect(message).toMatchObject({ memberId: guests[answers.findIndex(({ status }) => status === 201)]?.memberId });
  });

  it('a room that is destroyed while everybody writes leaves nothing behind', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const guests = await times(5, () => api.join(owner.roomId));
    const [destroyed, ...sent] = await Promise.all([
      owner.destroy(),
      ...guests.flatMap((guest) => [guest.send(), guest.rename('Name'), guest.leave(), guest.send(), guest.join()]),
    ]);
    expect(destroyed.status).toBe(204);
    for (const { status } of sent) expect([200, 201, 204, 401, 404]).toContain(status);
    expect(await keysOf(current())).toEqual([]);
  });

  it('a member who is removed while writing is not heard after the answer', async () => {
    const { api } = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    const racing = times(20, () => guest.send());
    await owner.remove(guest.memberId);
    const heard = messagesOf(await owner.history()).length;
    expect((await racing).filter(({ status }) => status === 201)).toHaveLength(heard);
    expectProblem(await guest.send(), 'not_a_member');
    expect(messagesOf(await owner.history())).toHaveLength(heard);
  });

  it('every message has its own place, and history lists them in the order in which they are heard', async () => {
    const { api, url } = await begin();
    const owner = await api.open();
    const guests = await times(4, () => api.join(owner.roomId));
    const stream = await listenTo(url, owner);
    const answers = await Promise.all(guests.flatMap((guest) => Array.from({ length: 20 }, () => guest.send())));
    expect(statusesOf(answers)).toEqual(Array<number>(80).fill(201));
    await eventually(() => expect(stream.data('chat.message')).toHaveLength(80));
    const history = messagesOf(await owner.history('limit=200'));
    expect(stream.data('chat.message')).toEqual(history);
    expect(new Set(history.map(({ id }) => id)).size).toBe(80);
    stream.close();
  });
});

/** One whole life in which every effect can be counted. */
async function liveOnce(
  api: RoomsApi,
): Promise<{ owner: Seat; statuses: Record<string, number>; events: () => Promise<unknown[]> }> {
  const owner = await api.open();
  const guest = await api.join(owner.roomId);
  const third = await api.join(owner.roomId);
  const statuses = {
    send: (await owner.send({ id: 'client-made_1' })).status,
    rename: (await owner.rename('Owner')).status,
    lock: (await owner.lock(true)).status,
    remove: (await owner.remove(third.memberId)).status,
    leave: (await guest.leave()).status,
    join: (await owner.join()).status,
  };
  return { owner, statuses, events: async () => messagesOf(await owner.history()) };
}

describeOnEveryStorage('a command whose answer was lost and that is repeated', (current) => {
  it('does its work once, and finds its own work done when repeated', async () => {
    const app = await startApp(repeatCommands(current().storage));
    const { owner, statuses, events } = await liveOnce(roomsApi(app));
    expect(statuses).toEqual({ send: 200, rename: 200, lock: 200, remove: 204, leave: 204, join: 200 });
    expect(await events()).toHaveLength(1);
    expect(membersOf(await owner.members())).toMatchObject([{ memberId: owner.memberId, name: 'Owner' }]);
    expect((await keysOf(current())).filter(({ key }) => /^\w{22}$/.test(key))).toHaveLength(1);
    const stream = z
      .array(z.tuple([z.string(), z.array(z.string())]))
      .parse(await current().command('XRANGE', owner.roomId, '-', '+'));
    expect(stream.map(([, fields]) => fields[3])).toEqual([
      'member.joined',
      'member.joined',
      'chat.message',
      'member.updated',
      'room.updated',
      'member.left',
      'member.left',
    ]);
    // Nothing remains from which a destroyed room could know who destroyed it, so the repeat finds no room.
    expectProblem(await owner.destroy(), 'room_not_found');
    expect(await keysOf(current())).toEqual([]);
    await app.close();
  });

  it('moves an end once, is one knock, and hands over once', async () => {
    const app = await startApp(repeatCommands(current().storage));
    const api = roomsApi(app);
    const owner = await api.open({ entry: 'knock' });
    const expiresAt = owner.expiresAt + EXTENSION_MS;
    expect(await owner.extend(true)).toMatchObject({ status: 200, body: { expiresAt } });
    const guest = await knock(api, owner.roomId, { name: 'Quiet Otter' });
    expect(await whoWaits(owner)).toEqual([guest.knockId]);
    expect((await owner.answerKnock(guest.knockId, true)).status).toBe(204);
    // The second time the credential of the knock is that of the seat.
    const seated = memberIdOf(await guest.ask());
    expect(membersOf(await owner.members())).toHaveLength(2);
    expect((await owner.handOver(seated)).status).toBe(200);
    const stored = JSON.stringify(await current().command('XRANGE', owner.roomId, '-', '+'));
    for (const word of ['expiresAt', 'ownerId']) expect(stored.split(word)).toHaveLength(2);
    await app.close();
  });

  it('is repeated by Upstash’s own client, with the same outcome', async () => {
    const { bridge, storage } = current();
    if (bridge === null) return;
    const app = await startApp(storage);
    const api = roomsApi(app);
    bridge.dropNextResponses(2);
    const owner = await api.open();
    expect((await keysOf(current())).filter(({ ofRoom }) => ofRoom)).toHaveLength(3);
    bridge.dropNextResponses(2);
    const guest = await api.join(owner.roomId);
    expect(membersOf(await owner.members())).toHaveLength(2);
    bridge.dropNextResponses(2);
    expect((await guest.send({ id: 'client-made_1' })).status).toBe(200);
    bridge.dropNextResponses(2);
    expect((await guest.leave()).status).toBe(204);
    expect(membersOf(await owner.members())).toHaveLength(1);
    expect(messagesOf(await owner.history())).toHaveLength(1);
    await app.close();
  });
});

describe('a repeat by a person', () => {
  it('of a finished leave is refused, because the credential is gone', async () => {
    // The id that each request gets distinguishes this from the client's own repeat.
    const { storage } = clockedStorage();
    const app = await startApp(storage);
    const owner = await roomsApi(app).open();
    expect((await owner.leave()).status).toBe(204);
    expectProblem(await owner.leave(), 'not_a_member');
    await app.close();
  });
});
