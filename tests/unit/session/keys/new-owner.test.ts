import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { linesOf, noticesOf, SealedRoom, someone, type Someone } from '@tests/support/sealed-room';

let sealed: SealedRoom;
let cid: Someone;

beforeEach(async () => {
  sealed = await SealedRoom.open({ owner: 'other' });
  cid = await someone('Cid');
  await sealed.seat(cid);
});
afterEach(() => sealed.close());

async function ready(session: RunningSession = sealed.openSession()): Promise<RunningSession> {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  await eventually(() => expect(session.people.get().length).toBe(sealed.room.members.length));
  return session;
}

const secretOf = (session: RunningSession) => session.info.get().link.split('#')[1];

describe('in a sealed room that was handed over', () => {
  it('the new owner’s keys are taken from then on, and the former owner’s are not', async () => {
    const session = await ready();
    const { me, other } = sealed;
    sealed.room.setOwner(cid.memberId);
    await sealed.rekey(cid, [me, other, cid]);
    await eventually(() => expect(secretOf(session)).toBe(sealed.at(1).secret));
    expect(session.info.get().muted).toBeNull();
    const { epoch, keyCheck, previous, wraps } = (await sealed.nextKey(other, [me, cid])).request;
    sealed.room.emit('room.rekeyed', { epoch, by: other.memberId, keyCheck, previous, wraps });
    await eventually(() => expect(session.info.get().muted).toBe('not-the-owner'));
    expect(secretOf(session)).toBe(sealed.at(1).secret);
  });

  it('the new owner removes the former one, who gets no key, and whose seat comes back with none', async () => {
    const session = await ready();
    const { me, other } = sealed;
    sealed.room.setOwner(cid.memberId);
    await sealed.rekey(cid, [me, cid], other);
    await eventually(() => expect(secretOf(session)).toBe(sealed.at(1).secret));
    // A server that seats them again, and calls them the owner.
    await sealed.seat(other);
    sealed.room.setOwner(other.memberId);
    const { epoch, keyCheck, previous, wraps } = (await sealed.nextKey(other, [me, cid])).request;
    sealed.room.emit('room.rekeyed', { epoch, by: other.memberId, keyCheck, previous, wraps });
    await eventually(() => expect(session.info.get().muted).toBe('not-the-owner'));
    expect(secretOf(session)).toBe(sealed.at(1).secret);
  });

  it('a page that was away catches up with the keys of both owners', async () => {
    const { me, other } = sealed;
    const first = sealed.at(0);
    await sealed.rekey(other, [me, other, cid]);
    sealed.room.setOwner(cid.memberId);
    await sealed.rekey(cid, [me, other, cid]);
    await sealed.say(cid, 'under the newest key');
    const session = await ready(sealed.openSession({ keys: first }));
    await eventually(() => expect(secretOf(session)).toBe(sealed.at(2).secret));
    await eventually(() => expect(linesOf(session)).toEqual(['Cid: under the newest key']));
    expect(session.info.get().muted).toBeNull();
  });

  it('this page gives the room its next key once it is the owner’s, by being handed it or by taking it over', async () => {
    const session = await ready();
    const { me } = sealed;
    sealed.room.vacant = true;
    session.giveRoom(me.memberId);
    await eventually(() => expect(session.info.get().you.owner).toBe(true));
    await eventually(() => expect(session.actions.get().pending).toBeNull());
    session.removeMember(sealed.other.memberId, false);
    await eventually(() => expect(sealed.secrets.map(({ epoch }) => epoch)).toEqual([1]));
    expect(sealed.room.members.map(({ memberId }) => memberId)).toEqual([me.memberId, cid.memberId]);
    expect(sealed.room.epochs.at(-1)?.by).toBe(me.memberId);
    expect(noticesOf(session)).toContain('new-owner');
  });
});
