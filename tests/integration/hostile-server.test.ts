import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import type { MemberId } from '@/domain/room';
import { readEnv } from '@/server/env';
import { openStorage, type Storage } from '@/server/storage/client';
import type { RunningSession } from '@/session/running-session';
import { startApp, type TestApp } from '@tests/support/app';
import { HostileRoom, keysOf, refusal, type Victim, wrapOpens } from '@tests/support/hostile-server';
import { linesOf, messagesOf, noticesOf, someone } from '@tests/support/sealed-room';
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
const sees = (session: RunningSession, lines: readonly string[]) =>
  eventually(() => expect(linesOf(session)).toEqual(lines));
const seesPeople = (session: RunningSession, people: readonly string[]) =>
  eventually(() =>
    expect(
      session.people.get().map(({ name, unverified }) => `${name}${unverified === true ? ', not verified' : ''}`),
    ).toEqual(people),
  );

/** Ann owns the room, Ben is lied to, and Eve is there without a page. */
async function meet() {
  const room = await HostileRoom.open(app, 'Ann');
  const [ben, eve] = [await room.join('Ben'), await room.join('Eve')];
  return { room, ann: room.owner, ben, eve };
}

type Met = Awaited<ReturnType<typeof meet>>;

const idAt = (session: RunningSession, at: number) => {
  const message = messagesOf(session)[at];
  if (message === undefined) throw new Error('there is no such message');
  return message.id;
};

/** Ann removes Eve, and Ben follows. */
async function withoutEve({ ann, ben, eve }: Met) {
  const [anns, bens] = [await ann.open(), await ben.open()];
  await seesPeople(anns, ['Ann', 'Ben', 'Eve']);
  await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
  anns.removeMember(eve.memberId, false);
  await eventually(() => expect(bens.info.get()).toMatchObject({ room: { epoch: 1 }, muted: null }));
  await eventually(() => expect(anns.actions.get().pending).toBeNull());
  await eventually(() => expect(noticesOf(bens)).toEqual(['removed', 'rekeyed']));
  return { anns, bens, newest: await keysOf(anns, 1) };
}

describe('words', () => {
  it('put into another mouth are shown as a message that could not be opened, or verified where a member helps', async () => {
    const { room, ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
    ben.server.events = (told) =>
      told.event === 'chat.message' ? [{ ...told, data: { ...told.data, memberId: eve.memberId } }] : [told];
    say(anns, 'mine');
    await sees(bens, ['Eve: unopened']);
    const forged = await room.seal(eve, 'forged-by-eve', 'I said this', { by: ann.memberId });
    ben.server.say(ann.memberId, 'forged-by-eve', forged);
    await sees(bens, ['Eve: unopened', 'Ann: unverified']);
  });

  it('moved to another message, room or epoch are shown as messages that could not be opened', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
    const other = await HostileRoom.open(app, 'Zoe');
    const text = await room.seal(ann, 'message-one', 'hello');
    ben.server.say(ann.memberId, 'message-two', text);
    ben.server.say(ann.memberId, 'message-three', await room.seal(ann, 'message-three', 'hello', other));
    const elsewhere = { roomId: other.roomId };
    ben.server.say(ann.memberId, 'message-four', await room.seal(ann, 'message-four', 'hello', elsewhere));
    await sees(
      bens,
      Array.from({ length: 3 }, () => 'Ann: unopened'),
    );
    ben.server.say(ann.memberId, 'message-one', text.replace('v2.0.', 'v2.1.'));
    await sees(bens, [...Array.from({ length: 3 }, () => 'Ann: unopened'), 'Ann: unknown-epoch']);
  });

  it('that are said again are shown once, in their first place, also after a reload', async () => {
    const { ann, ben } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    say(anns, 'one');
    say(anns, 'two');
    await sees(bens, ['Ann: one', 'Ann: two']);
    const { body } = await ben.seat.history('limit=10');
    const [first] = (body as { messages: Record<string, unknown>[] }).messages;
    ben.server.tell('chat.message', { ...first });
    ben.server.answer('GET /api/messages', (page) => {
      const { messages } = page as { messages: object[] };
      return { ...page, messages: [...messages, { ...first, cursor: ben.server.next() }] };
    });
    say(anns, 'three');
    await sees(bens, ['Ann: one', 'Ann: two', 'Ann: three']);
    await sees(await ben.open(), ['Ann: one', 'Ann: two', 'Ann: three']);
  });

  it('are not replaced by something else under their id, whether it comes before, behind or from somebody else', async () => {
    const { room, ann, ben, eve } = await meet();
    const [anns, bens] = [await ann.open(), await ben.open()];
    await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
    say(anns, 'mine');
    await sees(bens, ['Ann: mine']);
    const id = idAt(bens, 0);
    const forged = await room.seal(eve, id, 'not mine', { by: ann.memberId });
    ben.server.say(ann.memberId, id, forged);
    ben.server.answer('GET /api/messages', (page) => {
      const { messages } = page as { messages: { cursor: string }[] };
      const cursor = `${Number(messages[0]?.cursor.split('-')[0]) - 1}-0`;
      const before = { ...messages[0], text: forged, cursor };
      return { ...page, messages: [before, ...messages] };
    });
    ben.server.say(eve.memberId, id, await room.seal(eve, id, 'same id'));
    await sees(bens, ['Ann: mine', 'Eve: same id']);
    await sees(await ben.open(), ['Ann: mine']);
  });

  it('of one’s own that fail to be sent stay, though the server shows something else under their id', async () => {
    const { room, ben, eve } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
    ben.server.instead('POST /api/messages', () => {
      const [pending] = messagesOf(bens);
      if (pending !== undefined) ben.server.say(ben.memberId, pending.id, `v2.0.${'A'.repeat(16)}.${'B'.repeat(192)}`);
      return refusal(409, 'message_limit_reached');
    });
    say(bens, 'my long letter');
    await eventually(() => expect(messagesOf(bens)[0]).toMatchObject({ text: 'my long letter', state: 'failed' }));
    ben.server.say(eve.memberId, 'later-words', await room.seal(eve, 'later-words', 'later'));
    await eventually(() => expect(linesOf(bens)).toContain('Eve: later'));
    expect(messagesOf(bens).find(({ text }) => text === 'my long letter')).toMatchObject({ state: 'failed' });
  });

  it('of somebody who was removed are not shown behind the new key, whatever the server says again or leaves out', async () => {
    const met = await meet();
    const { room, ann, ben, eve } = met;
    let rekeyed: Record<string, unknown> = {};
    ben.server.events = (told) => {
      if (told.event === 'room.rekeyed') rekeyed = told.data;
      return [told];
    };
    const { anns, bens } = await withoutEve(met);
    const tell = async (victim: Victim, id: string, place?: string) =>
      victim.server.say(eve.memberId, id, await room.seal(eve, id, 'I am still here'), place);
    await tell(ben, 'old-words-1');
    const behind = ben.server.next();
    // The new key is said once more, behind what she says.
    ben.server.tell('room.rekeyed', rekeyed, `${Date.now() + 5_000}-0`);
    await tell(ben, 'old-words-2', behind);
    await tell(ben, 'old-words-3', `${Date.now() + 1_000}-0`);
    say(anns, 'without Eve');
    await eventually(() => expect(linesOf(bens)).toContain('Ann: without Eve'));
    expect(linesOf(bens)).toEqual(['Ann: without Eve']);
    expect(noticesOf(bens)).toEqual(['removed', 'rekeyed']);
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  });

  it('of the old key are not shown behind words of the new one, to an owner who never hears of their own new key', async () => {
    const { room, ann, ben, eve } = await meet();
    const anns = await ann.open();
    await seesPeople(anns, ['Ann', 'Ben', 'Eve']);
    ann.server.events = (told) => (['room.rekeyed', 'member.left'].includes(told.event) ? [] : [told]);
    anns.removeMember(eve.memberId, false);
    await eventually(() => expect(anns.info.get().room.epoch).toBe(1));
    say(anns, 'without Eve');
    await eventually(() => expect(messagesOf(anns)[0]).toMatchObject({ state: 'sent' }));
    ann.server.say(
      eve.memberId,
      'old-words',
      await room.seal(eve, 'old-words', 'I am still here'),
      `${Date.now() + 1_000}-0`,
    );
    const newest = await keysOf(anns, 1);
    const later = await room.seal(ben, 'new-words', 'hello', { keys: newest });
    ann.server.say(ben.memberId, 'new-words', later, `${Date.now() + 2_000}-0`);
    await sees(anns, ['Ann: without Eve', 'Ben: hello']);
  });
});

describe('seats', () => {
  it('that the server invents are shown as not verified, with any card that it can give them', async () => {
    const { room, ben, eve } = await meet();
    const [mallory, nobody, thief, late] = await Promise.all(['Mallory', 'Nobody', 'Thief', 'Late'].map(someone));
    if (!mallory || !nobody || !thief || !late) throw new Error('nobody came');
    const own = await sealCard(await deriveRoomKeys(makeSecret(), 0), mallory.identity, 'Mallory');
    const seat = (memberId: MemberId, card?: string) => ({
      memberId,
      owner: false,
      joinedAt: Date.now(),
      here: true,
      ...(card !== undefined && { card }),
    });
    const eves = await sealCard(room.keys, eve.identity, 'Eve');
    const invented = [
      seat(mallory.memberId, own),
      seat(nobody.memberId),
      seat(thief.memberId, eves),
      seat(late.memberId, own.replace('v2.0.', 'v2.77.')),
    ];
    ben.server.answer('GET /api/members', (body) => {
      const { members } = body as { members: object[] };
      return { ...body, members: [...members, ...invented] };
    });
    const bens = await ben.open();
    await seesPeople(bens, ['Ann', 'Ben', 'Eve', ...invented.map(() => 'null, not verified')]);
    ben.server.say(
      thief.memberId,
      'stolen-words',
      await room.seal(eve, 'stolen-words', 'trust me', { by: thief.memberId }),
    );
    await eventually(() => expect(linesOf(bens)).toEqual(['null: unverified']));
    const joined = await someone('Joined');
    ben.server.tell('member.joined', { memberId: joined.memberId, joinedAt: Date.now(), card: eves });
    await eventually(() => expect(bens.people.get().at(-1)).toMatchObject({ name: null, unverified: true }));
  });

  it('that show another member’s card stay who they were', async () => {
    const { room, ann, ben, eve } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, ['Ann', 'Ben', 'Eve']);
    ben.server.tell('member.updated', { memberId: ann.memberId, card: await sealCard(room.keys, eve.identity, 'Ann') });
    ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
    await sees(bens, ['Ann: it is me']);
    expect(bens.people.get().map(({ name }) => name)).toEqual(['Ann', 'Ben', 'Eve']);
  });

  it('of somebody who was removed are shown as not verified when the server lists them again', async () => {
    const met = await meet();
    const { ben, eve } = met;
    const { bens } = await withoutEve(met);
    await seesPeople(bens, ['Ann', 'Ben']);
    const card = await sealCard(met.room.keys, eve.identity, 'Eve');
    ben.server.answer('GET /api/members', (body) => {
      const { members } = body as { members: object[] };
      return {
        ...body,
        members: [...members, { memberId: eve.memberId, owner: false, joinedAt: 1, here: true, card }],
      };
    });
    const again = await ben.open({ keys: await keysOf(bens, 1) });
    await seesPeople(again, ['Ann', 'Ben', 'Eve, not verified']);
  });

  it('that never moved are shown to have moved, and the new id gets no key', async () => {
    const met = await meet();
    const { room, ann, ben } = met;
    const { anns } = await withoutEve(met);
    const ghost = await someone('Ben');
    const card = await sealCard(room.keys, ghost.identity, 'Ben');
    ann.server.tell('member.left', { memberId: ben.memberId, reason: 'moved', to: ghost.memberId });
    ann.server.tell('member.joined', { memberId: ghost.memberId, joinedAt: Date.now(), card });
    await eventually(() => expect(noticesOf(anns)).toContain('moved'));
    // The server asks for a wrap for it, too.
    ann.server.instead('POST /api/room/rekey', () => {
      const members = [
        { memberId: ghost.memberId, card },
        { memberId: ben.memberId, card: newest },
      ];
      return ann.server.rekeys.length === 2 ? refusal(409, 'members_changed', { members }) : undefined;
    });
    const newest = await sealCard(await keysOf(anns, 1), ben.identity, 'Ben');
    anns.renewLink();
    // The real server knows no such member, so it is asked once more, without that wrap.
    await eventually(() => expect(ann.server.rekeys).toHaveLength(4));
    for (const rekey of ann.server.rekeys.slice(1)) expect(await wrapOpens(room, ann, ghost, rekey)).toBe(false);
    const last = ann.server.rekeys.at(-1);
    expect(last && (await wrapOpens(room, ann, ben, last))).toBe(true);
  });

  it('of members who are there, named as left and as former, keep their words or show them as not verified', async () => {
    const { ann, ben, eve, room } = await meet();
    const wrong = await sealCard(room.keys, eve.identity, 'Ann');
    ben.server.answer('GET /api/members', (body) => {
      const { members } = body as { members: { memberId: string }[] };
      const rest = members.filter(({ memberId }) => memberId !== ann.memberId);
      return { ...body, members: rest, former: [{ memberId: ann.memberId, card: wrong }] };
    });
    const bens = await ben.open();
    ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
    await sees(bens, ['null: unverified']);
    ben.server.honest('GET /api/members');
    await sees(await ben.open(), []);
    await seesPeople(bens, ['Ben', 'Eve']);
  });

  it('that the server takes away by a lie are lost as it says, and nothing goes out for another one', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    ben.server.tell('member.left', { memberId: ben.memberId, reason: 'removed' });
    await eventually(() => expect(ben.ends).toEqual(['removed']));
    expect(bens.connection.get().state).toBe('ended');
    // Another id than that of the browser's keys, as in the answer to a join.
    ben.server.answer('GET /api/room', (view) => ({ ...view, you: { memberId: ann.memberId, owner: true } }));
    const strange = await ben.open();
    expect(strange.info.get().muted).toBe('keys-lost');
    strange.setDraft('as Ann?');
    strange.send();
    expect(ben.server.count('POST /api/messages')).toBe(0);
    expect(room.owner.faults).toEqual([]);
  });
});
