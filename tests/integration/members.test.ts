import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { formerMemberSchema, memberSchema } from '@/domain/member';
import { type TestApp, startApp } from '@tests/support/app';
import { A_MEMBER_ID, aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, SEALED_TEXT } from '@tests/support/rooms';
import { cardOf, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const listSchema = z.strictObject({ members: z.array(memberSchema), former: z.array(formerMemberSchema) });
const listOf = ({ body }: Answer) => listSchema.parse(body).members;
const UNKNOWN_MEMBER = 'Z'.repeat(16);

describeOnEveryStorage('members', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi & { url: string }> => {
    app ??= await startApp(current().storage);
    return { ...roomsApi(app), url: app.url };
  };
  afterAll(() => app?.close());

  it('are listed in the order in which they sat down, with exactly the fields of the contract', async () => {
    const api = await begin();
    const owner = await api.open();
    const gone = await api.join(owner.roomId);
    const guests = [await api.join(owner.roomId), await api.join(owner.roomId), await api.join(owner.roomId)];
    await gone.leave();
    await guests[1]?.rename('Second');
    const { status, body } = await owner.members();
    expect(status).toBe(200);
    expect(body).toEqual({
      members: [
        { memberId: owner.memberId, owner: true, joinedAt: owner.createdAt, here: false },
        { memberId: guests[0]?.memberId, owner: false, joinedAt: aNumber, here: false },
        { memberId: guests[1]?.memberId, owner: false, joinedAt: aNumber, here: false, name: 'Second' },
        { memberId: guests[2]?.memberId, owner: false, joinedAt: aNumber, here: false },
      ],
      former: [],
    });
    expect((await guests[0]?.members())?.body).toEqual(body);
  });

  it('are here while they listen', async () => {
    const api = await begin();
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    await listenTo(api.url, guest);
    await eventually(async () => {
      expect(listOf(await owner.members()).map(({ here }) => here)).toEqual([false, true]);
      expect((await owner.look()).body).toMatchObject({ members: 2, here: 1 });
    });
  });

  describe('changing one’s name', () => {
    it('returns the member’s own entry, and the others see it and hear of it', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const stream = await listenTo(api.url, owner);
      const answer = await guest.rename('Ms "Otter" \\ 🦋: 1:2:3:');
      expect(answer.status).toBe(200);
      const entry = {
        memberId: guest.memberId,
        owner: false,
        joinedAt: aNumber,
        here: false,
        name: 'Ms "Otter" \\ 🦋: 1:2:3:',
      };
      expect(answer.body).toEqual(entry);
      expect(listOf(await owner.members())[1]).toEqual(entry);
      await eventually(() => {
        expect(stream.data('member.updated')).toEqual([{ memberId: guest.memberId, name: entry.name }]);
      });
    });

    it('changes no other member’s name, and the last change counts', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      await owner.rename('Owner');
      await api.ask('PATCH', `/api/members?roomId=${owner.roomId}&memberId=${owner.memberId}`, {
        token: guest.token,
        json: { name: 'Guest', memberId: owner.memberId },
      });
      await guest.rename('123');
      expect(listOf(await owner.members()).map(({ name }) => name)).toEqual(['Owner', '123']);
    });

    it.each([['a'], ['🦋'.repeat(100)], [SEALED_TEXT.slice(0, 100)]])('accepts %s', async (name) => {
      const owner = await (await begin()).open();
      expect((await owner.rename(name)).body).toMatchObject({ name });
    });

    it.each([[''], [' \t'], ['a'.repeat(101)], ['\ud83e'], [5], [null], [undefined]])('refuses %j', async (name) => {
      const owner = await (await begin()).open();
      expectProblem(await owner.rename(name), 'invalid_request', ['name']);
      expect(listOf(await owner.members())[0]).not.toHaveProperty('name');
    });

    it('is done by a card in a sealed room, by a name in a plain one, and by one of them alone', async () => {
      const api = await begin();
      const [sealed, plain] = [await api.open(sealedRoom()), await api.open()];
      const card = cardOf(0, 'another');
      expectProblem(await sealed.rename('Owner'), 'invalid_request', ['name', 'card']);
      expectProblem(await plain.present(card), 'invalid_request', ['name', 'card']);
      for (const { roomId, token } of [sealed, plain]) {
        const path = `/api/members?roomId=${roomId}`;
        const both = await api.ask('PATCH', path, { token, json: { name: 'Ann', card } });
        expect(both).toMatchObject({ status: 422 });
        expect(await api.ask('PATCH', path, { token, json: {} })).toMatchObject({ status: 422 });
      }
      expect((await sealed.present(card)).body).toEqual({ ...listOf(await sealed.members())[0], card });
      expectProblem(await sealed.present(sealedOf(1_501)), 'invalid_request', ['card']);
    });
  });

  describe('removing a member', () => {
    it('ends the credential at once and frees the seat; the old cookie does not take the seat back', async () => {
      const api = await begin();
      const owner = await api.open({ maxMembers: 2 });
      const guest = await api.join(owner.roomId);
      const cookie = { cookie: `mayfly_${owner.roomId}=${guest.token}` };
      const answer = await owner.remove(guest.memberId);
      expect(answer.status).toBe(204);
      expect(answer.body).toBeNull();
      expect(answer.headers.get('set-cookie')).toBeNull();
      expectProblem(await guest.send(), 'not_a_member');
      expectProblem(await guest.members(), 'not_a_member');
      expectProblem(await guest.leave(), 'not_a_member');
      expect((await guest.look()).body).toMatchObject({ members: 1, you: null });
      const back = await api.ask('POST', `/api/room/join?roomId=${owner.roomId}`, { json: {}, headers: cookie });
      expect(back.status).toBe(201);
      expect(back.body).toMatchObject({ memberId: A_MEMBER_ID, members: 2 });
      expect(back.body).not.toMatchObject({ memberId: guest.memberId });
    });

    it('keeps them out when the room is locked as well', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      await owner.lock(true);
      await owner.remove(guest.memberId);
      expectProblem(await guest.join(), 'room_locked');
    });

    it('is announced to everybody with the reason, and ends the stream of that member alone', async () => {
      const api = await begin();
      const owner = await api.open();
      const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
      const [ears, otherEars] = [await listenTo(api.url, guest), await listenTo(api.url, other)];
      await owner.remove(guest.memberId);
      await eventually(() => expect(ears.ended).toBe(true));
      await owner.send({ text: 'behind the back' });
      await eventually(() => expect(otherEars.data('chat.message')).toHaveLength(1));
      const left = { memberId: guest.memberId, reason: 'removed' };
      expect(ears.data('member.left')).toEqual([left]);
      expect(otherEars.data('member.left')).toEqual([left]);
      expect(ears.data('chat.message')).toEqual([]);
      expect(otherEars.ended).toBe(false);
    });

    it('succeeds again when it was done before, and is 404 for somebody who never sat there', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const elsewhere = await api.open();
      expect((await owner.remove(guest.memberId)).status).toBe(204);
      expect((await owner.remove(guest.memberId)).status).toBe(204);
      expectProblem(await owner.remove(UNKNOWN_MEMBER), 'not_found');
      expectProblem(await owner.remove(elsewhere.memberId), 'not_found');
      expect((await elsewhere.look()).body).toMatchObject({ you: { owner: true } });
    });

    it.each(['', 'x', 'Z'.repeat(15), 'Z'.repeat(17), '*'.repeat(16), `${'Z'.repeat(16)}%0A`])(
      'refuses the member id "%s"',
      async (memberId) => {
        const owner = await (await begin()).open();
        expectProblem(await owner.remove(memberId), 'invalid_request', ['memberId']);
      },
    );
  });

  it('hear of each other’s coming and leaving, of locking and of the new owner', async () => {
    const api = await begin();
    const owner = await api.open();
    const witness = await api.join(owner.roomId);
    const stream = await listenTo(api.url, witness);
    const guest = await api.join(owner.roomId);
    await owner.lock(true);
    await owner.lock(true);
    await owner.lock(false);
    await guest.leave();
    await owner.leave();
    await eventually(() => {
      expect(stream.data('member.joined')).toEqual([{ memberId: guest.memberId, joinedAt: aNumber }]);
      expect(stream.data('member.left')).toEqual([
        { memberId: guest.memberId, reason: 'left' },
        { memberId: owner.memberId, reason: 'left' },
      ]);
      expect(stream.data('room.updated')).toEqual([{ locked: true }, { locked: false }, { ownerId: witness.memberId }]);
    });
  });
});
