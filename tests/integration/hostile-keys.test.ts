import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { makeEpoch } from '@/crypto/new-epoch';
import { deriveRoomKeys, type RoomKeys } from '@/crypto/room-keys';
import type { MemberId } from '@/domain/room';
import { readEnv } from '@/server/env';
import { openStorage, type Storage } from '@/server/storage/client';
import type { RunningSession } from '@/session/running-session';
import { startApp, type TestApp } from '@tests/support/app';
import { HostileRoom, keysOf, refusal, type ToldEvent, type Victim, wrapOpens } from '@tests/support/hostile-server';
import { linesOf, messagesOf, noticesOf, type Someone } from '@tests/support/sealed-room';
import { eventually } from '@tests/support/storage-expectations';

let storage: Storage;
let app: TestApp;
beforeAll(async () => {
  storage = await openStorage(readEnv({}).storage);
  app = await startApp(storage);
});
afterAll(async () => {
  await app.close();
  await storage.close();
});

const say = (session: RunningSession, text: string) => {
  session.setDraft(text);
  session.send();
};
const seesPeople = (session: RunningSession, count: number) =>
  eventually(() => expect(session.people.get()).toHaveLength(count));
const idle = (session: RunningSession) => eventually(() => expect(session.actions.get().pending).toBeNull());
const follows = (session: RunningSession, epoch: number) =>
  eventually(() => expect(session.info.get()).toMatchObject({ room: { epoch }, muted: null }));

/** Words that are written now go nowhere, under no key, and stay on the screen. */
async function keepsItsWords({ server }: Victim, session: RunningSession, trouble: string | null) {
  await eventually(() => expect(session.info.get().muted).toBe(trouble));
  const before = server.count('POST /api/messages');
  say(session, 'nobody is to read this');
  await eventually(() =>
    expect(messagesOf(session).at(-1)).toMatchObject({ text: 'nobody is to read this', state: 'waiting' }),
  );
  expect(server.count('POST /api/messages')).toBe(before);
}

/** Ann owns the room, Ben is lied to, and Eve is there without a page. */
async function meet() {
  const room = await HostileRoom.open(app, 'Ann');
  const [ben, eve] = [await room.join('Ben'), await room.join('Eve')];
  return { room, ann: room.owner, ben, eve };
}

/** A key of somebody who does not own the room, for everybody that they name. */
async function keyBy(
  room: HostileRoom,
  by: Someone,
  to: readonly Someone[],
  { from = room.keys, removed = [] }: { from?: RoomKeys; removed?: readonly MemberId[] } = {},
) {
  const others = to.map(({ memberId, identity }) => ({ memberId, agree: identity.agree.publicKey }));
  const { keys, request } = await makeEpoch(
    { roomId: room.roomId, identity: by.identity, keys: from },
    others,
    removed,
  );
  const { proofHash: _, wraps, ...told } = request;
  const card = await sealCard(room.keys, by.identity, by.name);
  return { keys, told: { ...told, by: by.memberId }, wraps, card };
}

type Made = Awaited<ReturnType<typeof keyBy>>;

/** The server says that this was the room’s new key all along, to whoever looks and catches up. */
function serve({ server, memberId }: Victim, { keys, told, wraps, card }: Made, before: RoomKeys) {
  server.answer('GET /api/room', (view) => ({
    ...view,
    epoch: keys.epoch,
    keyCheck: keys.keyCheck,
    replaced: [before.keyCheck],
  }));
  server.answer('GET /api/epochs', () => ({
    epochs: [{ ...told, card, cursor: server.next(), wrap: wraps[memberId] }],
  }));
}

const withhold = ({ server }: Victim, ...names: readonly string[]) => {
  server.events = (told) => (names.includes(told.event) ? [] : [told]);
};

describe('a new key', () => {
  it('of somebody who was removed mutes a page that has heard of it, though the server names them owner', async () => {
    const { room, ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(anns, 3);
    await seesPeople(bens, 3);
    anns.removeMember(eve.memberId, false);
    await follows(bens, 1);
    const newest = await keysOf(bens, 1);
    const made = await keyBy(room, eve, [ann, ben], { from: newest });
    const card = await sealCard(newest, eve.identity, 'Eve');
    ben.server.tell('member.joined', { memberId: eve.memberId, joinedAt: Date.now(), card });
    ben.server.tell('room.updated', { ownerId: eve.memberId });
    await eventually(() => expect(noticesOf(bens)).toContain('new-owner'));
    ben.server.tell('room.rekeyed', { ...made.told, wraps: made.wraps });
    await keepsItsWords(ben, bens, 'not-the-owner');
    expect((await keysOf(bens, 1)).keyCheck).toBe(newest.keyCheck);
  });

  it('of somebody removed before a page’s eyes mutes it also where it catches up', async () => {
    const { room, ben, eve } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 3);
    ben.server.tell('member.left', { memberId: eve.memberId, reason: 'removed' });
    await eventually(() => expect(noticesOf(bens)).toEqual(['removed']));
    serve(ben, await keyBy(room, eve, [ben]), room.keys);
    await bens.confirm();
    await keepsItsWords(ben, bens, 'not-the-owner');
  });

  it('of a former owner who has left mutes a page that sees nobody at their seat', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 3);
    await ann.seat.leave();
    await eventually(() => expect(noticesOf(bens)).toContain('new-owner'));
    const made = await keyBy(room, ann, [ben]);
    ben.server.tell('room.rekeyed', { ...made.told, wraps: made.wraps });
    await keepsItsWords(ben, bens, 'not-the-owner');
  });

  it.each([
    ['without a wrap of one’s own', 'no-wrap', (told: ToldEvent) => ({ ...told.data, wraps: {} })],
    [
      'with another member’s wrap',
      'no-wrap',
      (told: ToldEvent, ben: Victim, eve: Victim) => {
        const wraps = told.data.wraps as Record<string, string>;
        return { ...told.data, wraps: { ...wraps, [ben.memberId]: wraps[eve.memberId] } };
      },
    ],
    ['with another check', 'wrong-check', (told: ToldEvent) => ({ ...told.data, keyCheck: 'AAAAAAAAAAA' })],
    [
      'in another member’s name',
      'not-the-owner',
      (told: ToldEvent, _: Victim, eve: Victim) => ({ ...told.data, by: eve.memberId }),
    ],
    [
      'with a record that says nothing',
      'previous-unverified',
      (told: ToldEvent) => ({ ...told.data, previous: `v2.1.${'A'.repeat(16)}.${'B'.repeat(192)}` }),
    ],
    ['of a later number', null, (told: ToldEvent) => ({ ...told.data, epoch: 2 })],
  ] as const)('%s is not taken, and what is written waits on the screen', async (_, trouble, lie) => {
    const { ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(bens, 3);
    await seesPeople(anns, 3);
    if (trouble === null) ben.server.instead('GET /api/epochs', () => ({ epochs: [] }));
    ben.server.events = (told) => [told.event === 'room.rekeyed' ? { ...told, data: lie(told, ben, eve) } : told];
    anns.renewLink();
    await follows(anns, 1);
    await keepsItsWords(ben, bens, trouble);
    expect(bens.info.get().link).not.toBe(anns.info.get().link);
    expect(noticesOf(bens)).toEqual([]);
  });

  it('that hands on another secret is not taken, even from the owner: the room would be split', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 3);
    const made = await keyBy(room, ann, [ben], { from: await deriveRoomKeys(makeSecret(), 0) });
    ben.server.tell('room.rekeyed', { ...made.told, wraps: made.wraps });
    await keepsItsWords(ben, bens, 'another-secret');
  });

  it('that one member does not hear of loses none of their words: the refusal leads to it, or they wait', async () => {
    const { ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(anns, 3);
    await seesPeople(bens, 3);
    withhold(ben, 'room.rekeyed', 'member.left');
    ben.server.instead('GET /api/epochs', () => ({ epochs: [] }));
    anns.removeMember(eve.memberId, false);
    await follows(anns, 1);
    say(bens, 'still there?');
    await eventually(() => expect(messagesOf(bens)[0]).toMatchObject({ state: 'waiting', text: 'still there?' }));
    expect(linesOf(anns)).toEqual([]);
    const asked = ben.server.count('GET /api/epochs');
    ben.server.honest('GET /api/epochs');
    await follows(bens, 1);
    await eventually(() => expect(linesOf(anns)).toEqual(['Ben: still there?']));
    expect(messagesOf(bens)).toHaveLength(1);
    expect(asked).toBeGreaterThan(0);
    expect(ben.faults).toEqual([]);
  });

  it('that cannot be followed yet holds back what is written, as the one before may be somebody’s who was removed', async () => {
    const { ann, ben, eve } = await meet();
    // The server never shows the card of whoever makes it.
    ben.server.answer('GET /api/members', (body, url) => {
      if (url.searchParams.has('memberId')) return refusal(503, 'storage_unavailable');
      const { members } = body as { members: { memberId: string; card?: string }[] };
      const { memberId } = ann;
      return {
        ...body,
        members: members.map(({ card, ...member }) => (member.memberId === memberId ? member : { ...member, card })),
      };
    });
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(anns, 3);
    await seesPeople(bens, 3);
    anns.removeMember(eve.memberId, false);
    await follows(anns, 1);
    await eventually(() => expect(noticesOf(bens)).toContain('removed'));
    await keepsItsWords(ben, bens, null);
    ben.server.honest('GET /api/members');
    await follows(bens, 1);
    await eventually(() => expect(linesOf(anns)).toEqual(['Ben: nobody is to read this']));
  });
});

describe('a server that goes back', () => {
  it('to the room of before, after a reload, gets no words from a page whose browser has seen more', async () => {
    const { room, ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(anns, 3);
    await seesPeople(bens, 3);
    anns.removeMember(eve.memberId, false);
    await follows(bens, 1);
    ben.server.answer('GET /api/room', (view) => ({ ...view, epoch: 0, keyCheck: room.keys.keyCheck, replaced: [] }));
    ben.server.instead('GET /api/epochs', () => ({ epochs: [] }));
    await bens.confirm();
    await keepsItsWords(ben, bens, 'rolled-back');
    await keepsItsWords(ben, await ben.open({ keys: await keysOf(anns, 1), lowestEpoch: 1 }), 'rolled-back');
    // With the link from before, too.
    await keepsItsWords(ben, await ben.open({ lowestEpoch: 1 }), 'rolled-back');
  });
});

describe('an owner who removes somebody', () => {
  it('is shown a failure when the server brings the removed one’s own new key instead', async () => {
    const { room, ann, ben, eve } = await meet();
    const anns = await ann.open();
    await seesPeople(anns, 3);
    const made = await keyBy(room, eve, [ann, ben]);
    ann.server.instead('POST /api/room/rekey', () => {
      serve(ann, made, room.keys);
      return refusal(409, 'epoch_changed');
    });
    ann.server.answer('GET /api/members', (body) => {
      const { members } = body as { members: { memberId: string }[] };
      return { ...body, members: members.filter(({ memberId }) => memberId !== eve.memberId) };
    });
    anns.removeMember(eve.memberId, false);
    await idle(anns);
    expect(anns.actions.get().failure).not.toBeNull();
    expect(ann.server.rekeys.length).toBeLessThanOrEqual(8);
    for (const rekey of ann.server.rekeys) expect(await wrapOpens(room, ann, eve, rekey)).toBe(false);
  });

  it('though members change for ever is shown that there is no new key, and the one is out, by a few requests', async () => {
    const { room, ann, ben, eve } = await meet();
    const anns = await ann.open();
    await seesPeople(anns, 3);
    const members = await Promise.all(
      [ben, eve].map(async ({ memberId, identity, name }) => ({
        memberId,
        card: await sealCard(room.keys, identity, name),
      })),
    );
    ann.server.instead('POST /api/room/rekey', () => refusal(409, 'members_changed', { members }));
    ann.server.requests.length = 0;
    anns.removeMember(eve.memberId, false);
    await idle(anns);
    expect(anns.actions.get().failure?.reason).toBe('members_changed');
    await seesPeople(anns, 2);
    expect(anns.info.get().room.locked).toBe(true);
    expect(ann.server.count('POST /api/room/rekey')).toBe(8);
    expect(ann.server.count('DELETE /api/members')).toBe(1);
    expect(ann.server.count('PATCH /api/room')).toBe(1);
    // Listed again and again, the removed one gets nothing.
    for (const rekey of ann.server.rekeys.slice(2)) expect(await wrapOpens(room, ann, eve, rekey)).toBe(false);
  });

  it('without a new key, and makes one later, gives none to the one, though the server never took the seat away', async () => {
    const { room, ann, ben, eve } = await meet();
    const anns = await ann.open();
    await seesPeople(anns, 3);
    withhold(ann, 'member.left');
    ann.server.instead('DELETE /api/members', () => new Response(null, { status: 204 }));
    // A room that is too large for a new key, by what the page is shown.
    const crowd = Array.from({ length: 100 }, (_, index) => ({
      memberId: `Crowd${String(index).padStart(11, '0')}`,
      owner: false,
      joinedAt: 1,
      here: false,
    }));
    for (const { memberId, joinedAt } of crowd) ann.server.tell('member.joined', { memberId, joinedAt });
    await seesPeople(anns, 103);
    anns.removeMember(eve.memberId, false);
    await idle(anns);
    expect(ann.server.count('DELETE /api/members')).toBe(1);
    ann.server.events = (told) => [told];
    for (const { memberId } of crowd) ann.server.tell('member.left', { memberId, reason: 'left' });
    await seesPeople(anns, 3);
    anns.renewLink();
    await idle(anns);
    const [rekey] = ann.server.rekeys;
    if (rekey === undefined) throw new Error('there is no new key');
    expect(await wrapOpens(room, ann, eve, rekey)).toBe(false);
    expect(await wrapOpens(room, ann, ben, rekey)).toBe(true);
  });
});
