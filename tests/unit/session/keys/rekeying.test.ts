import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCard } from '@/crypto/card';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import { followEpoch } from '@/crypto/epoch-change';
import type { Answer } from '@/domain/failure';
import { rekeySchema, type Rekey } from '@/domain/requests';
import type { MemberId, Room } from '@/domain/room';
import { sealedCardSchema } from '@/domain/sealed';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { linesOf, noticesOf, SealedRoom, someone, type Someone } from '@tests/support/sealed-room';
import { ROOM_ID } from '@tests/unit/session/fake-room';

let sealed: SealedRoom;
let eve: Someone;

beforeEach(async () => {
  sealed = await SealedRoom.open();
  eve = await someone('Eve');
  await sealed.seat(eve);
});
afterEach(() => sealed.close());

async function ready(session: RunningSession = sealed.openSession()): Promise<RunningSession> {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  await eventually(() => expect(session.people.get().length).toBe(sealed.room.members.length));
  return session;
}

const idle = (session: RunningSession) => eventually(() => expect(session.actions.get().pending).toBeNull());
const posted = (): Rekey[] => sealed.room.sent.flatMap((body) => rekeySchema.safeParse(body).data ?? []);
const seatedIds = () => sealed.room.members.map(({ memberId }) => memberId);

/** What a member makes of the newest key that the room has, by the record of it. */
async function follow(person: Someone, from = sealed.newest) {
  const change = sealed.room.epochs.at(-1);
  if (change === undefined) throw new Error('there is no new key');
  const by = await openCard((epoch) => sealed.keys[epoch], change.by, change.card);
  if (by.kind !== 'opened') throw new Error('the card of its maker does not open');
  const { identity, memberId } = person;
  return followEpoch({ roomId: ROOM_ID, identity, keys: from }, by.card, { ...change, wrap: change.wraps[memberId] });
}

/** The server does something of its own, once, before it looks at a rekey. */
function beforeRekeys(times: number, act: () => Promise<unknown>): void {
  const { room } = sealed;
  const rekey = room.rekey.bind(room);
  let left = times;
  room.rekey = async (by, change): Promise<Answer<Room>> => {
    if (left > 0) {
      left -= 1;
      await act();
    }
    return rekey(by, change);
  };
}

describe('removing somebody', () => {
  it('gives everybody else a new key, and names the one who gets none', async () => {
    const session = await ready();
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(seatedIds()).toEqual([sealed.me.memberId, sealed.other.memberId]);
    const followed = await follow(sealed.other);
    expect(followed).toMatchObject({
      kind: 'followed',
      known: { members: [sealed.me.memberId, sealed.other.memberId], removed: [eve.memberId] },
    });
    expect(sealed.secrets.map(({ epoch }) => epoch)).toEqual([1]);
    await eventually(() => expect(noticesOf(session)).toEqual(['removed', 'rekeyed']));
    expect(session.info.get()).toMatchObject({ muted: null, room: { epoch: 1, locked: false } });
    session.setDraft('without Eve');
    session.send();
    await eventually(() => expect(linesOf(session)).toEqual(['Ann: without Eve']));
    await eventually(() => expect(sealed.room.messages[0]?.text).toMatch(/^v2\.1\./));
  });

  it('repeats a rekey whose answer was lost, unchanged, and it counts once', async () => {
    const session = await ready();
    sealed.room.lostAnswers.set('rekey', 2);
    // The stream is down, too.
    for (const stream of sealed.room.streams) sealed.room.streams.delete(stream);
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(session.actions.get().failure).toBeNull();
    const [first, ...others] = posted();
    expect(others).toEqual([first, first]);
    expect(sealed.room.epochs).toHaveLength(1);
    expect(session.info.get().room.epoch).toBe(1);
  });

  it('goes on with what the server names when members changed meanwhile', async () => {
    const session = await ready();
    const dora = await someone('Dora');
    beforeRekeys(1, () => sealed.seat(dora, { isHeard: false }));
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(sealed.room.epoch).toBe(1);
    expect(await follow(dora)).toMatchObject({ kind: 'followed' });
    expect(sealed.room.calls).not.toContain('putOut');
  });

  it.each([
    ['before', 0],
    ['shortly after', 300],
  ])('follows whoever moves to new keys meanwhile, and is heard of %s the server’s answer', async (_, lateMs) => {
    const session = await ready();
    const again = await someone('Eve again');
    beforeRekeys(1, async () => {
      const { room } = sealed;
      room.members = room.members.filter(({ memberId }) => memberId !== eve.memberId);
      const moved = { memberId: eve.memberId, reason: 'moved', to: again.memberId } as const;
      if (lateMs === 0) room.emit('member.left', moved);
      else setTimeout(() => room.emit('member.left', moved), lateMs);
      await sealed.seat(again, { isHeard: false });
    });
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(seatedIds()).toEqual([sealed.me.memberId, sealed.other.memberId]);
    expect(posted().at(-1)?.remove).toBe(again.memberId);
    expect(await follow(again)).toMatchObject({ kind: 'refused' });
  });

  it('gives a seat that the server invents a wrap that opens nothing', async () => {
    const session = await ready();
    const [ghost, stranger] = [await someone('Ghost'), await someone('Stranger')];
    await sealed.rekey(sealed.me, [sealed.me, sealed.other, eve]);
    await eventually(() => expect(session.info.get().room.epoch).toBe(1));
    const joinedAt = sealed.room.now();
    beforeRekeys(1, async () => {
      // One has only the key before, the other one a card that is somebody else's.
      const [old, wrong] = [await sealed.card(ghost, sealed.at(0)), await sealed.card(eve)];
      for (const [{ memberId }, card] of [[ghost, old] as const, [stranger, wrong] as const])
        sealed.room.members.push({ memberId, owner: false, joinedAt, here: true, card });
    });
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(sealed.room.epoch).toBe(2);
    expect(await follow(ghost)).toEqual({ kind: 'refused', reason: 'no-wrap' });
    expect(await follow(stranger)).toEqual({ kind: 'refused', reason: 'no-wrap' });
    expect(await follow(sealed.other)).toMatchObject({
      known: { members: [sealed.me.memberId, sealed.other.memberId], removed: [eve.memberId] },
    });
  });

  it('never gives the key to somebody who was removed, also when the server seats them again', async () => {
    const session = await ready();
    session.removeMember(eve.memberId, false);
    await idle(session);
    const [second] = sealed.room.epochs;
    const followed = await follow(sealed.other);
    if (followed.kind !== 'followed' || second === undefined) throw new Error('not followed');
    sealed.keys.push(followed.known.keys);
    // With the new link from a friend, even.
    await sealed.seat(eve);
    await eventually(() => expect(session.people.get()).toHaveLength(3));
    session.renewLink();
    await idle(session);
    expect(await follow(eve)).toEqual({ kind: 'refused', reason: 'no-wrap' });
  });

  it('ends although somebody comes and goes all the time: removed at once, door shut, new key, door open again', async () => {
    const session = await ready();
    let guests = 0;
    const come = async () => {
      if (sealed.room.locked) return;
      guests += 1;
      await sealed.seat(await someone(`Guest ${guests}`), { isHeard: false });
    };
    beforeRekeys(20, come);
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(guests).toBe(2);
    expect(session.actions.get().failure).toBeNull();
    expect(sealed.room.calls.filter((call) => ['rekey', 'putOut', 'lockRoom'].includes(call))).toEqual([
      'rekey',
      'rekey',
      'putOut',
      'lockRoom',
      'rekey',
      'lockRoom',
    ]);
    expect(sealed.room.locked).toBe(false);
    expect(await follow(sealed.other)).toMatchObject({ known: { removed: [eve.memberId] } });
  });

  it('leaves a locked room locked', async () => {
    const session = await ready();
    sealed.room.locked = true;
    session.setLocked(true);
    await idle(session);
    beforeRekeys(2, async () => sealed.seat(await someone('Guest'), { isHeard: false }));
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(sealed.room).toMatchObject({ locked: true, epoch: 1 });
  });

  it('of one tab that another one was faster at is done: it follows', async () => {
    const session = await ready();
    const { me, other } = sealed;
    beforeRekeys(1, async () => {
      const change = await sealed.nextKey(me, [me, other], { removed: [eve.memberId] });
      const { card } = sealed.room.members[0] ?? {};
      const cursor = sealed.room.emit('room.updated', {});
      // The stream has not brought it yet.
      sealed.room.members = sealed.room.members.filter(({ memberId }) => memberId !== eve.memberId);
      sealed.room.epochs.push({ ...change.request, by: me.memberId, card: sealedCardSchema.parse(card), cursor });
      sealed.room.replaced.push(sealed.newest.keyCheck);
      sealed.keys.push(change.keys);
      Object.assign(sealed.room, { epoch: 1, keyCheck: change.keys.keyCheck });
    });
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(session.actions.get().failure).toBeNull();
    expect(posted()).toHaveLength(1);
    expect(session.info.get()).toMatchObject({ muted: null, room: { epoch: 1 } });
    expect(session.info.get().link).toContain(sealed.at(1).secret);
  });

  it('of one tab goes on where another one has only renewed the link', async () => {
    const session = await ready();
    const { me, other } = sealed;
    beforeRekeys(1, () => sealed.rekey(me, [me, other, eve]).then(() => undefined));
    session.removeMember(eve.memberId, false);
    await idle(session);
    expect(seatedIds()).not.toContain(eve.memberId);
    expect(sealed.room.epoch).toBe(2);
    expect(await follow(other)).toMatchObject({ known: { removed: [eve.memberId] } });
  });

  it('works without a new key where the page does not take the room’s own', async () => {
    const session = await ready();
    sealed.room.keyCheck = (await deriveRoomKeys(makeSecret(), 0)).keyCheck;
    await session.confirm();
    await eventually(() => expect(session.info.get()).toMatchObject({ muted: 'split', canRekey: false }));
    session.removeMember(eve.memberId, true);
    await idle(session);
    expect(seatedIds()).not.toContain(eve.memberId);
    expect(sealed.room.calls).not.toContain('rekey');
  });

  it('without a new key is all there is in a room that is too large for one', async () => {
    const members: MemberId[] = await Promise.all(
      Array.from({ length: 99 }, async () => (await someone('x')).memberId),
    );
    const joinedAt = sealed.room.now();
    for (const memberId of members) sealed.room.members.push({ memberId, owner: false, joinedAt, here: true });
    const session = await ready();
    expect(session.info.get().canRekey).toBe(false);
    session.removeMember(eve.memberId, true);
    await idle(session);
    expect(sealed.room.calls).not.toContain('rekey');
    expect(sealed.room.locked).toBe(true);
    expect(seatedIds()).not.toContain(eve.memberId);
  });
});

describe('a new link', () => {
  it('is a new key for everybody, the owner’s other tabs included', async () => {
    const session = await ready();
    const tab = await ready();
    session.renewLink();
    await idle(session);
    await eventually(() => expect(tab.info.get().link).toBe(session.info.get().link));
    expect(session.info.get().link).not.toContain(sealed.newest.secret);
    expect(await follow(eve)).toMatchObject({ known: { removed: [] } });
    await eventually(() => expect(noticesOf(tab)).toEqual(['rekeyed']));
    await eventually(() => expect(noticesOf(session)).toEqual(['rekeyed']));
  });

  it('is refused as the server refuses it', async () => {
    const session = await ready();
    sealed.room.refusals.set('rekey', { reason: 'not_the_owner' });
    session.renewLink();
    await idle(session);
    expect(session.actions.get().failure?.reason).toBe('not_the_owner');
    expect(session.info.get()).toMatchObject({ muted: null, room: { epoch: 0 } });
  });
});
