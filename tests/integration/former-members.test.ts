import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { FORMER_MEMBERS_PER_PAGE_MAX } from '@/domain/limits';
import { type FormerMember, formerMemberSchema } from '@/domain/member';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { type Answer, roomsApi } from '@tests/support/rooms';
import { cardOf, joinSealed, newcomer, sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const formerOf = ({ body }: Answer): FormerMember[] =>
  z.object({ former: z.array(formerMemberSchema) }).parse(body).former;
const UNKNOWN_MEMBER = 'Z'.repeat(16);

describeOnEveryStorage('members who left', (current) => {
  let app: TestApp | undefined;
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage);
    const api = roomsApi(app);
    return { api, owner: await api.open(settings) };
  };
  afterAll(() => app?.close());

  it('are listed by their last name, in the order of leaving, while a message of theirs is in the room', async () => {
    const { api, owner } = await begin();
    const { roomId } = owner;
    const [ann, ben, silent, nameless] = [
      await api.join(roomId),
      await api.join(roomId),
      await api.join(roomId),
      await api.join(roomId),
    ];
    for (const [seat, name] of [
      [ann, 'Ann'],
      [ben, 'Ben'],
      [silent, 'Silent'],
    ] as const)
      await seat.rename(name);
    for (const seat of [ann, ben, nameless]) await seat.send({ id: `of-${seat.memberId}` });
    await owner.remove(ben.memberId);
    for (const seat of [ann, silent, nameless]) await seat.leave();
    const all = [
      { memberId: ben.memberId, name: 'Ben' },
      { memberId: ann.memberId, name: 'Ann' },
      { memberId: nameless.memberId },
    ];
    expect(formerOf(await owner.members())).toEqual(all);
    await owner.takeBack(`of-${ann.memberId}`);
    await owner.takeBack(`of-${ann.memberId}`);
    expect(formerOf(await owner.members())).toEqual([all[0], all[2]]);
    expect(await current().command('HGET', `room:{${roomId}}:former`, ann.memberId)).toBe('');
  });

  it('are still listed when one of their messages is taken back, and not the others', async () => {
    const { api, owner } = await begin();
    const guest = await api.join(owner.roomId);
    await guest.rename('Ann');
    for (const id of ['message-1', 'message-2']) await guest.send({ id });
    await guest.send({ id: 'an-edit-of-it', about: { kind: 'edit', id: 'message-1' } });
    await guest.takeBack('message-1');
    await guest.leave();
    expect(formerOf(await owner.members())).toEqual([{ memberId: guest.memberId, name: 'Ann' }]);
    await owner.takeBack('message-2');
    expect(formerOf(await owner.members())).toEqual([]);
  });

  it('have their last card in a sealed room, and so has the former id of a seat that moved', async () => {
    const { api, owner } = await begin(sealedRoom());
    const [left, moved] = [await joinSealed(api, owner.roomId), await joinSealed(api, owner.roomId)];
    const card = cardOf(0, 'another');
    await left.present(card);
    for (const seat of [left, moved]) await seat.send({ id: `of-${seat.memberId}`, ...sealedMessage() });
    await left.leave();
    const { memberId, card: newCard } = newcomer();
    await moved.join({ memberId, card: newCard });
    expect(formerOf(await moved.members())).toEqual([
      { memberId: left.memberId, card },
      { memberId: moved.memberId, card: cardOf(0, moved.memberId) },
    ]);
    await owner.takeBack(`of-${moved.memberId}`);
    expect(formerOf(await owner.members())).toEqual([{ memberId: left.memberId, card }]);
  });

  it('stand in the order in which they left, however fast', async () => {
    const { api, owner } = await begin({ maxMembers: 20 });
    const guests = await Promise.all(Array.from({ length: 12 }, () => api.join(owner.roomId)));
    for (const guest of guests) await guest.send({ id: `of-${guest.memberId}` });
    for (const guest of guests) await guest.leave();
    expect(formerOf(await owner.members()).map(({ memberId }) => memberId)).toEqual(
      guests.map(({ memberId }) => memberId),
    );
  });

  it('come as the 200 who left last, and others when they are asked for', async () => {
    const { api, owner } = await begin({ maxMembers: 2 });
    const ids: string[] = [];
    for (let count = 0; count < FORMER_MEMBERS_PER_PAGE_MAX + 2; count += 1) {
      const guest = await api.join(owner.roomId);
      await guest.send({ id: `of-${guest.memberId}` });
      ids.push(guest.memberId);
      await guest.leave();
    }
    const newest = formerOf(await owner.members()).map(({ memberId }) => memberId);
    expect(newest).toHaveLength(FORMER_MEMBERS_PER_PAGE_MAX);
    expect(new Set(newest)).toEqual(new Set(ids.slice(2)));
    const asked = [ids[1], UNKNOWN_MEMBER, owner.memberId, ids[0], ids[0]];
    const query = (some: unknown[]) => some.map((id) => `memberId=${String(id)}`).join('&');
    expect(formerOf(await owner.members(query(asked))).map(({ memberId }) => memberId)).toEqual([ids[1], ids[0]]);
    expect(formerOf(await owner.members(query(ids.slice(0, 50))))).toHaveLength(50);
    expectProblem(await owner.members(query(ids.slice(0, 51))), 'invalid_request', ['memberId']);
    expect(await owner.members('memberId=short')).toMatchObject({ status: 422 });
  });
});
