import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOM_BYTES_MAX } from '@/domain/limits';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { repeatCommands } from '@tests/support/repeating-requester';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import {
  epochsOf,
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
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const streamSchema = z.array(z.tuple([z.string(), z.array(z.string())]));
const eventSchema = z.object({
  id: z.optional(z.string()),
  memberId: z.optional(z.string()),
  text: z.optional(z.string()),
  epoch: z.optional(z.number()),
  wraps: z.optional(z.record(z.string(), z.string())),
});
const codeOf = ({ body }: Answer) => z.object({ code: z.optional(z.string()) }).parse(body).code;
const times = <Result>(count: number, make: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Rekeys until it is done, each time for the members that the refusal named. */
async function insist(api: RoomsApi, owner: Seat, epoch: number, known: { memberId: string }[], remove?: string) {
  for (let tries = 0; tries < 40; tries += 1) {
    const answer = await rekey(api, owner, rekeyTo(epoch, known, remove === undefined ? {} : { remove }));
    if (answer.status === 200) return;
    expectProblem(answer, 'members_changed');
    known = membersToWrap(answer);
  }
  throw new Error('The members changed again and again');
}

describeOnEveryStorage('a rekey at the same moment', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = false) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return roomsApi(app);
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  const eventsOf = async ({ roomId }: Seat) =>
    streamSchema
      .parse(await current().command('XRANGE', roomId, '-', '+'))
      .map(([, fields]) => ({ event: fields[3] ?? '', ...eventSchema.parse(JSON.parse(fields[1] ?? '')) }));

  it('as nineteen others makes one epoch, and the others hear that it changed', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom());
    const changes = Array.from({ length: 20 }, (_, index) =>
      rekeyTo(1, [owner], { keyCheck: keyCheckOf(1, `${index}`), proofHash: proofHashOf(1, `${index}`) }),
    );
    const answers = await Promise.all(changes.map((change) => rekey(api, owner, change)));
    const won = answers.findIndex(({ status }) => status === 200);
    answers.forEach((answer, index) => {
      if (index !== won) expectProblem(answer, 'epoch_changed');
    });
    expect((await owner.look()).body).toMatchObject({ epoch: 1, keyCheck: changes[won]?.keyCheck });
    expect(epochsOf(await owner.epochs())).toMatchObject([{ epoch: 1, keyCheck: changes[won]?.keyCheck }]);
  });

  it('as fifty people join: each is in the wraps, or was refused and asks again', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom({ maxMembers: 60 }));
    const joining = times(50, () =>
      api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: { credentials: 'bearer', ...newcomer(0) } }),
    );
    await insist(api, owner, 1, [owner]);
    for (const answer of await joining) if (answer.status !== 201) expectProblem(answer, 'wrong_key');
    const seated = new Set<string>([owner.memberId]);
    for (const { event, memberId = '', wraps } of await eventsOf(owner)) {
      if (event === 'member.joined') seated.add(memberId);
      if (event === 'room.rekeyed') expect(new Set(Object.keys(wraps ?? {}))).toEqual(seated);
    }
    const { members } = z
      .object({ members: z.array(z.object({ memberId: z.string() })) })
      .parse((await owner.members()).body);
    expect(new Set(members.map(({ memberId }) => memberId))).toEqual(seated);
    const [change] = (await eventsOf(owner)).filter(({ event }) => event === 'room.rekeyed');
    expect(new Set(Object.keys(change?.wraps ?? {}))).toEqual(seated);
  });

  it('as everybody writes: no message of the old epoch stands behind it, and each is stored once', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom());
    const guests = await times(3, () => joinSealed(api, owner.roomId));
    /** Repeats unchanged until there is an answer for good, and seals again after `epoch_changed`. */
    const say = async (seat: Seat, id: string) => {
      let epoch = 0;
      for (let tries = 0; tries < 10; tries += 1) {
        const answers = await times(2, () => seat.send({ id, ...sealedMessage(300, epoch) }));
        if (answers.some(({ status }) => status === 200 || status === 201)) return;
        for (const answer of answers) expectProblem(answer, 'epoch_changed');
        epoch = z.object({ epoch: z.number() }).parse((await seat.look()).body).epoch;
      }
      throw new Error('Never accepted');
    };
    const saying = guests.flatMap((seat, who) =>
      Array.from({ length: 12 }, (_, index) => say(seat, `message-${who}-${index}`)),
    );
    for (let epoch = 1; epoch <= 3; epoch += 1) await insist(api, owner, epoch, [owner, ...guests]);
    await Promise.all(saying);
    let epoch = 0;
    const ids: string[] = [];
    for (const { event, id = '', text, ...change } of await eventsOf(owner)) {
      if (event === 'room.rekeyed') epoch = change.epoch ?? epoch;
      if (event !== 'chat.message') continue;
      expect(text?.split('.')[1]).toBe(String(epoch));
      ids.push(id);
    }
    expect(ids).toHaveLength(36);
    expect(new Set(ids).size).toBe(36);
  });

  it('as the removed member sends and leaves: after the answer nothing of theirs comes', async () => {
    const api = await begin();
    const owner = await api.open(sealedRoom());
    const removed = await joinSealed(api, owner.roomId);
    const racing = times(20, (index) => (index === 12 ? removed.leave() : removed.send(sealedMessage(300, index % 2))));
    await insist(api, owner, 1, [owner], removed.memberId);
    const stored = (await eventsOf(owner)).filter(({ event }) => event === 'chat.message').length;
    for (const answer of await racing) {
      if (answer.status < 300) continue;
      expect(['epoch_changed', 'not_a_member']).toContain(codeOf(answer));
    }
    const events = await eventsOf(owner);
    expect(events.filter(({ event }) => event === 'chat.message')).toHaveLength(stored);
    expect(events.filter(({ event }) => event === 'member.left')).toHaveLength(1);
    expect((await owner.look()).body).toMatchObject({ epoch: 1, members: 1 });
  });

  it('whose command is repeated does its work once', async () => {
    const app = await startApp(repeatCommands(current().storage));
    apps.push(app);
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom());
    const removed = await joinSealed(api, owner.roomId);
    expect((await rekey(api, owner, rekeyTo(1, [owner], { remove: removed.memberId }))).status).toBe(200);
    expect((await eventsOf(owner)).map(({ event }) => event)).toEqual(['member.joined', 'member.left', 'room.rekeyed']);
    expect((await owner.look()).body).toMatchObject({ epoch: 1, replaced: [keyCheckOf(0)] });
  });
});

describeOnEveryStorage('the owner’s rekey', (current) => {
  it('is refused for no rate and no full room, and what it stores counts in the room’s bytes', async () => {
    const app = await startApp(current().storage, { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom({ lifetimeSeconds: 3_600 }));
    const key = `room:{${owner.roomId}}`;
    const bytes = async () => Number((await current().command('HGET', key, 'bytes')) ?? 0);
    // The maker's card.
    const before = await bytes();
    expect(before).toBeGreaterThan(1_400);
    await rekey(api, owner, rekeyTo(1, [owner], { previous: sealedOf(8_192, 1) }));
    expect((await bytes()) - before).toBeGreaterThan(8_192 + 1_400);
    expect((await bytes()) - before).toBeLessThan(8_192 + 1_400 + 600);
    await current().command('HSET', key, 'bytes', ROOM_BYTES_MAX);
    for (let epoch = 2; epoch <= 60; epoch += 1)
      expect((await rekey(api, owner, rekeyTo(epoch, [owner]))).status, `epoch ${epoch}`).toBe(200);
    expectProblem(await owner.send(sealedMessage(300, 60)), 'message_limit_reached');
    await app.close();
  });

  it('may be refused for other members as often as the list of members may be read', async () => {
    const app = await startApp(current().storage, { rateLimits: true });
    const api = roomsApi(app);
    const owner = await api.open(sealedRoom());
    const answers = await times(250, () => rekey(api, owner, rekeyTo(1, [])));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(20);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
    // One that names them is not slowed.
    expect((await rekey(api, owner, rekeyTo(1, [owner]))).status).toBe(200);
    await app.close();
  });

  describe('on a Redis that is full', () => {
    it('replaces the secret and removes a member all the same', async () => {
      const { server, storage } = current();
      if (server === null) return;
      const app = await startApp(storage);
      const api = roomsApi(app);
      const owner = await api.open(sealedRoom());
      const removed = await joinSealed(api, owner.roomId);
      await current().command('CONFIG', 'SET', 'maxmemory', '1');
      try {
        expect((await owner.send(sealedMessage())).status).toBe(503);
        const change = rekeyTo(1, [owner], { remove: removed.memberId });
        expect(await rekey(api, owner, change)).toMatchObject({ status: 200, body: { epoch: 1, members: 1 } });
      } finally {
        await current().command('CONFIG', 'SET', 'maxmemory', '0');
      }
      await app.close();
    });
  });
});
