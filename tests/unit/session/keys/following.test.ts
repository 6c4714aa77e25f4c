import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EpochChange } from '@/crypto/new-epoch';
import { makeSecret } from '@/crypto/fragment';
import { deriveRoomKeys } from '@/crypto/room-keys';
import { wrapSecret } from '@/crypto/wraps';
import { sealSigned } from '@/crypto/sealed-string';
import { sealedPreviousSchema } from '@/domain/sealed';
import type { MemberId } from '@/domain/room';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { linesOf, noticesOf, SealedRoom, someone, type Someone } from '@tests/support/sealed-room';
import { ROOM_ID } from '@tests/unit/session/fake-room';

let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
});
afterEach(() => sealed.close());

async function ready(session: RunningSession = sealed.openSession()): Promise<RunningSession> {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  await eventually(() => expect(session.people.get().length).toBe(sealed.room.members.length));
  return session;
}

const link = (epoch: number) => `https://mayfly.example/room#${sealed.at(epoch).secret}`;

/** The server reports a key, by the stream alone. */
function report(by: MemberId, { request }: EpochChange): void {
  const { epoch, keyCheck, previous, wraps } = request;
  sealed.room.emit('room.rekeyed', { epoch, by, keyCheck, previous, wraps });
}

const mutedAs = (session: RunningSession, trouble: string) =>
  eventually(() => expect(session.info.get().muted).toBe(trouble));

/** A session that stays where it was: it reads what its key opens, and sends nothing. */
async function expectToStay(session: RunningSession, trouble: string, heard = 'Ben: under the old key'): Promise<void> {
  await mutedAs(session, trouble);
  expect(session.info.get().link).toBe(link(0));
  expect(sealed.secrets).toEqual([]);
  expect(noticesOf(session)).not.toContain('rekeyed');
  const { calls } = sealed.room;
  calls.length = 0;
  session.setDraft('nobody is to read this');
  session.send();
  await sealed.say(sealed.other, 'under the old key', { keys: sealed.at(0) });
  await eventually(() => expect(linesOf(session)).toContain(heard));
  expect(calls).not.toContain('sendMessage');
}

describe('a new key', () => {
  it('is taken live, with a new link, a new phrase and one notice, and words go out under it', async () => {
    const session = await ready();
    const phrase = session.info.get().safetyPhrase;
    await sealed.rekey(sealed.other, [sealed.me, sealed.other]);
    await eventually(() => expect(session.info.get().link).toBe(link(1)));
    expect(session.info.get()).toMatchObject({ muted: null, room: { epoch: 1, keyCheck: sealed.at(1).keyCheck } });
    expect(session.info.get().safetyPhrase).not.toBe(phrase);
    expect(sealed.secrets).toEqual([{ secret: sealed.at(1).secret, epoch: 1 }]);
    session.setDraft('under the new key');
    session.send();
    await eventually(() => expect(linesOf(session)).toEqual(['Ann: under the new key']));
    await eventually(() => expect(sealed.room.messages[0]?.text).toMatch(/^v2\.1\./));
    expect(noticesOf(session)).toEqual(['rekeyed']);
  });

  it('is not taken live from a member who is not the owner in the page’s own list', async () => {
    const cid = await someone('Cid');
    await sealed.seat(cid);
    const session = await ready();
    report(cid.memberId, await sealed.nextKey(cid, [sealed.me, sealed.other]));
    await expectToStay(session, 'not-the-owner');
  });

  it('is not taken where the owner’s card cannot be verified', async () => {
    const [member] = sealed.room.members.filter(({ memberId }) => memberId === sealed.other.memberId);
    if (member) member.card = await sealed.card(sealed.me);
    const session = await ready();
    report(sealed.other.memberId, await sealed.nextKey(sealed.other, [sealed.me]));
    await expectToStay(session, 'maker-unverified', 'null: unverified');
  });

  it('is not taken without a wrap that opens', async () => {
    const session = await ready();
    report(sealed.other.memberId, await sealed.nextKey(sealed.other, []));
    await expectToStay(session, 'no-wrap');
  });

  it('is not taken when the server names another one', async () => {
    const session = await ready();
    const change = await sealed.nextKey(sealed.other, [sealed.me]);
    report(sealed.other.memberId, { ...change, request: { ...change.request, keyCheck: sealed.at(0).keyCheck } });
    await expectToStay(session, 'wrong-check');
  });

  it('is not taken when it hands on another secret than the page holds: the room would be split', async () => {
    const session = await ready();
    const split = await deriveRoomKeys(makeSecret(), 0);
    report(sealed.other.memberId, await sealed.nextKey(sealed.other, [sealed.me], { from: split }));
    await expectToStay(session, 'another-secret');
  });

  /** A key of the owner’s whose record says something of its own. */
  async function withRecord(by: Someone, record: object): Promise<EpochChange> {
    const change = await sealed.nextKey(sealed.other, [sealed.me]);
    const place = { field: 'previous', roomId: ROOM_ID, memberId: sealed.other.memberId } as const;
    const said = { secret: sealed.at(0).secret, members: [sealed.me.memberId], removed: [], ...record };
    const previous = await sealSigned(change.keys, place, by.identity.sign.privateKey, said);
    return { ...change, request: { ...change.request, previous: sealedPreviousSchema.parse(previous) } };
  }

  it('is not taken when its record is signed by somebody else, or does not list this page', async () => {
    const session = await ready();
    report(sealed.other.memberId, await withRecord(sealed.me, {}));
    await expectToStay(session, 'previous-unverified');
    const another = await ready();
    report(sealed.other.memberId, await withRecord(sealed.other, { members: [sealed.other.memberId] }));
    await expectToStay(another, 'not-listed');
  });

  it('that somebody else wrapped is not taken', async () => {
    const session = await ready();
    const change = await sealed.nextKey(sealed.other, [sealed.me]);
    const cid = await someone('Cid');
    const { me, other } = sealed;
    const place = { roomId: ROOM_ID, epoch: 1, from: other.memberId, to: me.memberId };
    const { secret } = change.keys;
    const wrap = await wrapSecret(place, cid.identity.agree.privateKey, me.identity.agree.publicKey, secret);
    report(other.memberId, { ...change, request: { ...change.request, wraps: { [me.memberId]: wrap } } });
    await expectToStay(session, 'no-wrap');
  });
});

describe('a page that missed a new key', () => {
  it('loses no message: the next look at the room catches up, and what was closed is opened', async () => {
    const session = await ready();
    const { room, me, other } = sealed;
    const streams = [...room.streams];
    room.streams.clear();
    await sealed.rekey(other, [me, other]);
    for (const stream of streams) room.streams.add(stream);
    room.refusals.set('readEpochs', { reason: 'unreachable' });
    await sealed.say(other, 'after the new key');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: unknown-epoch']));
    session.setDraft('waits');
    session.send();
    room.refusals.clear();
    await vi.waitFor(() => expect(linesOf(session)).toEqual(['Ben: after the new key', 'Ann: waits']), 5_000);
    await vi.waitFor(() => expect(room.messages.at(-1)?.text).toMatch(/^v2\.1\./), 5_000);
    expect(session.info.get()).toMatchObject({ link: link(1), muted: null });
  });

  it('catches up over many keys by its own wraps, and hears of each once', async () => {
    const { me, other } = sealed;
    await sealed.say(other, 'at first');
    for (let times = 0; times < 30; times += 1) await sealed.rekey(other, [me, other]);
    await sealed.say(other, 'at last');
    const session = await ready(sealed.openSession({ keys: sealed.at(0) }));
    await eventually(() => expect(session.info.get().link).toBe(link(30)));
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: at first', 'Ben: at last']));
    expect(sealed.secrets.at(-1)?.epoch).toBe(30);
    expect(noticesOf(session)).toHaveLength(30);
  });

  it('takes none from somebody who was removed: named owner again, they can make none', async () => {
    const { me, other, room } = sealed;
    const eve = await someone('Eve');
    await sealed.seat(eve);
    const session = await ready();
    await sealed.rekey(other, [me, other], eve);
    await eventually(() => expect(session.info.get().link).toBe(link(1)));
    session.stop();
    // The server gives Eve the newest secret's successor to make, and says that she owned the room.
    const change = await sealed.nextKey(eve, [me, other]);
    const { wraps, ...rest } = change.request;
    room.epochs.push({
      ...rest,
      by: eve.memberId,
      card: await sealed.card(eve, sealed.at(0)),
      cursor: room.emit('room.updated', {}),
      wraps,
    });
    room.epoch = 2;
    room.replaced.push(sealed.at(1).keyCheck);
    room.keyCheck = rest.keyCheck;
    const reloaded = await ready(sealed.openSession({ keys: sealed.at(1), lowestEpoch: 1 }));
    await mutedAs(reloaded, 'not-the-owner');
    expect(reloaded.info.get().link).toBe(link(1));
  });
});

describe('somebody who was removed', () => {
  it('makes no key, though the server seats them again and names them owner', async () => {
    const { me, other, room } = sealed;
    const eve = await someone('Eve');
    await sealed.seat(eve);
    const session = await ready();
    await sealed.rekey(other, [me, other], eve);
    await eventually(() => expect(session.info.get().link).toBe(link(1)));
    await sealed.seat(eve);
    room.emit('room.updated', { ownerId: eve.memberId });
    report(eve.memberId, await sealed.nextKey(eve, [me, other, eve]));
    await mutedAs(session, 'not-the-owner');
    expect(session.info.get().link).toBe(link(1));
  });

  it('is heard no more by a page that hears late of the new key: what they said behind it goes', async () => {
    const { me, other, room } = sealed;
    const eve = await someone('Eve');
    await sealed.seat(eve);
    const session = await ready();
    await sealed.say(eve, 'before');
    const streams = [...room.streams];
    room.streams.clear();
    await sealed.rekey(other, [me, other], eve);
    for (const stream of streams) room.streams.add(stream);
    await sealed.say(eve, 'I am still here', { keys: sealed.at(0) });
    await eventually(() => expect(linesOf(session)).toEqual(['Eve: before', 'Eve: I am still here']));
    await session.confirm();
    await eventually(() => expect(linesOf(session)).toEqual(['Eve: before']));
  });
});

describe('somebody who comes later', () => {
  it('walks down from the link’s secret, and reads what was said before', async () => {
    const { me, other } = sealed;
    await sealed.say(other, 'one');
    await sealed.rekey(other, [me, other]);
    await sealed.say(other, 'two');
    await sealed.rekey(other, [me, other]);
    await sealed.say(other, 'three');
    const session = await ready();
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: one', 'Ben: two', 'Ben: three']));
    expect(noticesOf(session)).toEqual([]);
    expect(sealed.secrets).toEqual([]);
  });

  it('opens nothing below a step that does not verify', async () => {
    const { me, other, room } = sealed;
    await sealed.say(other, 'one');
    await sealed.rekey(other, [me, other]);
    await sealed.say(other, 'two');
    await sealed.rekey(other, [me, other]);
    const [first, second] = room.epochs;
    if (first && second) second.previous = first.previous;
    await sealed.say(me, 'three');
    const session = await ready();
    await eventually(() =>
      expect(linesOf(session).map((line) => line.split(': ')[1])).toEqual(['unknown-epoch', 'unknown-epoch', 'three']),
    );
  });
});

describe('what is sealed with an older key', () => {
  it('is not shown where it stands behind the new one, live and in the history', async () => {
    const { me, other } = sealed;
    const session = await ready();
    await sealed.say(other, 'before');
    await sealed.rekey(other, [me, other]);
    await sealed.say(other, 'by somebody removed', { keys: sealed.at(0) });
    await sealed.say(other, 'after');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: before', 'Ben: after']));
    const later = await ready();
    await eventually(() => expect(linesOf(later)).toEqual(['Ben: before', 'Ben: after']));
  });

  it('gives nobody a name either', async () => {
    const { me, other } = sealed;
    const session = await ready();
    await sealed.rekey(other, [me, other]);
    const eve = await someone('Eve');
    await sealed.seat(eve, { keys: sealed.at(0) });
    await eventually(() => expect(session.people.get()).toHaveLength(3));
    expect(session.people.get()[2]).toMatchObject({ name: null, unverified: true });
  });
});

describe('a server that shows an older room', () => {
  it('gets nothing from a page that has seen a newer key, also after a reload', async () => {
    const session = await ready(sealed.openSession({ lowestEpoch: 1 }));
    await expectToStay(session, 'rolled-back');
  });

  it('gets nothing from a page that is inside either', async () => {
    const { me, other, room } = sealed;
    const session = await ready();
    await sealed.rekey(other, [me, other]);
    await eventually(() => expect(session.info.get().link).toBe(link(1)));
    room.epoch = 0;
    room.keyCheck = sealed.at(0).keyCheck;
    await session.confirm();
    await mutedAs(session, 'rolled-back');
  });

  it('or another key of the same number gets nothing', async () => {
    const session = await ready();
    sealed.room.keyCheck = (await deriveRoomKeys(makeSecret(), 0)).keyCheck;
    await session.confirm();
    await mutedAs(session, 'split');
  });
});
