import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sealedSchema } from '@/domain/sealed';
import { eventually } from '@tests/support/eventually';
import { linesOf, messagesOf, noticesOf, SealedRoom, someone } from '@tests/support/sealed-room';

let sealed: SealedRoom;

beforeEach(async () => {
  sealed = await SealedRoom.open();
});
afterEach(() => sealed.close());

const ready = async (session = sealed.openSession()) => {
  await eventually(() => expect(session.transcript.get().state).toBe('ready'));
  await eventually(() => expect(session.people.get().length).toBe(sealed.room.members.length));
  return session;
};

describe('in a sealed room', () => {
  it('nothing goes out but one sealed string, and everybody is called by their card', async () => {
    const session = await ready();
    session.setDraft('a secret');
    session.send();
    await eventually(() => expect(messagesOf(session).map(({ state }) => state)).toEqual(['sent']));
    expect(sealed.room.sent).toEqual([{ id: expect.any(String) as string, text: expect.any(String) as string }]);
    expect(sealedSchema.safeParse(sealed.room.sent[0]?.['text']).success).toBe(true);
    await sealed.say(sealed.other, 'and another');
    await eventually(() => expect(linesOf(session)).toEqual(['Ann: a secret', 'Ben: and another']));
    expect(session.people.get().map(({ name, unverified }) => [name, unverified])).toEqual([
      ['Ann', undefined],
      ['Ben', undefined],
    ]);
  });

  it('what somebody else signed, or nobody, is not shown as a member’s words', async () => {
    const { me, other } = sealed;
    await sealed.say(other, 'true');
    await sealed.say(me, 'sealed by another member', { by: other.memberId });
    sealed.store(other.memberId, 'message-x', 'no sealed string');
    const forged = { ...other, identity: { ...other.identity, sign: me.identity.sign } };
    await sealed.say(forged, 'signed by another member');
    await sealed.say(other, { kind: 'text', text: 'x'.repeat(1_001) });
    sealed.store(other.memberId, 'message-y', await sealed.seal(other, 'message-y', { kind: 'poll' }));
    const session = await ready();
    expect(linesOf(session)).toEqual([
      'Ben: true',
      'Ben: unopened',
      'Ben: unopened',
      'Ben: unverified',
      'Ben: unopened',
      'Ben: newer',
    ]);
  });

  it('only the messages that are loaded are opened, and each once', async () => {
    sealed.room.pageMessagesMax = 10;
    for (let count = 0; count < 25; count += 1) await sealed.say(sealed.other, `text ${count}`);
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
    try {
      const session = await ready();
      expect(messagesOf(session)).toHaveLength(10);
      // Two cards, and ten messages.
      expect(decrypt).toHaveBeenCalledTimes(12);
      session.readOlder();
      await eventually(() => expect(messagesOf(session)).toHaveLength(20));
      expect(decrypt).toHaveBeenCalledTimes(22);
    } finally {
      decrypt.mockRestore();
    }
  });

  it('a seat whose card is not its own is shown as not verified, and so are its messages', async () => {
    const [eve, mallory] = [await someone('Eve'), await someone('Mallory')];
    await sealed.seat(eve, { isHeard: false });
    sealed.room.members = sealed.room.members.map((member) =>
      member.memberId === eve.memberId ? { ...member, memberId: mallory.memberId } : member,
    );
    await sealed.say(mallory, 'it is me');
    const session = await ready();
    expect(linesOf(session)).toEqual(['null: unverified']);
    expect(session.people.get().map(({ name, unverified }) => [name, unverified])).toEqual([
      ['Ann', undefined],
      ['Ben', undefined],
      [null, true],
    ]);
  });

  it('a card that is worse than the one that is known takes nothing away', async () => {
    const session = await ready();
    const { memberId } = sealed.other;
    sealed.room.emit('member.updated', { memberId, card: await sealed.card(sealed.me) });
    await sealed.say(sealed.other, 'still me');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: still me']));
    expect(session.people.get().map(({ name }) => name)).toEqual(['Ann', 'Ben']);
  });

  it('those who joined, renamed themselves and left are called by their cards, and read when they have left', async () => {
    const session = await ready();
    const cid = await someone('Cid');
    await sealed.seat(cid);
    sealed.room.emit('member.updated', { memberId: cid.memberId, card: await sealed.card({ ...cid, name: 'Cäsar' }) });
    await sealed.say(cid, 'hello');
    await eventually(() => expect(linesOf(session)).toEqual(['Cäsar: hello']));
    expect(noticesOf(session)).toEqual(['joined', 'renamed']);
    sealed.room.leave(cid.memberId);
    sealed.room.former = [{ memberId: cid.memberId, card: await sealed.card(cid) }];
    const later = await ready();
    expect(linesOf(later)).toEqual(['Cid: hello']);
  });

  it('authors that no list named are asked for by their ids, fifty at a time, each once', async () => {
    const people = await Promise.all(Array.from({ length: 60 }, (_, index) => someone(`Guest ${index}`)));
    for (const person of people) for (const word of ['one', 'two']) await sealed.say(person, word);
    const former = await Promise.all(
      people.map(async (person) => ({ memberId: person.memberId, card: await sealed.card(person) })),
    );
    const asked: number[] = [];
    const { readMembers } = sealed.room.api;
    vi.spyOn(sealed.room.api, 'readMembers').mockImplementation((roomId, ids) => {
      sealed.room.former = ids === undefined ? [] : former;
      if (ids) asked.push(ids.length);
      return readMembers(roomId, ids);
    });
    const session = await ready();
    expect(new Set(linesOf(session)).size).toBe(120);
    expect(linesOf(session)).toContain('Guest 7: two');
    expect(asked).toEqual([50, 10]);
  });

  it('a renaming is a new card', async () => {
    const session = await ready();
    session.rename('Anna');
    await eventually(() => expect(session.people.get()[0]?.name).toBe('Anna'));
    expect(session.info.get().you.name).toBe('Anna');
    expect(sealed.room.calls).not.toContain('rename');
  });

  it('the same id of two authors is two messages, and of one author the first', async () => {
    const { me, other } = sealed;
    await sealed.say(other, 'first', { id: 'the-same-id' });
    await sealed.say(me, 'another author', { id: 'the-same-id' });
    await sealed.say(other, 'second', { id: 'the-same-id' });
    const session = await ready();
    expect(linesOf(session)).toEqual(['Ben: first', 'Ann: another author']);
    await sealed.say(other, 'third', { id: 'the-same-id' });
    await sealed.say(other, 'goes on');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: first', 'Ann: another author', 'Ben: goes on']));
  });

  it('a page that has lost its keys reads on, says so, and cannot speak', async () => {
    const session = await ready(sealed.openSession({ identity: null }));
    await sealed.say(sealed.other, 'can you read me?');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: can you read me?']));
    expect(session.info.get().muted).toBe('keys-lost');
    session.setDraft('no');
    session.send();
    expect(session.react({ id: messagesOf(session)[0]?.id as never, by: sealed.other.memberId }, '👍')).toBe(false);
    expect(session.composer.get().draft).toBe('no');
    expect(sealed.room.calls).not.toContain('sendMessage');
  });

  it('nothing is entered without a key', () => {
    expect(() => sealed.openSession({ keys: null })).toThrow(TypeError);
  });

  it('a member who made new keys keeps their place in the list, and one notice says so', async () => {
    const session = await ready();
    const again = await someone('Ben');
    const { memberId } = sealed.other;
    const card = await sealed.card(again);
    sealed.room.emit('member.left', { memberId, reason: 'moved', to: again.memberId });
    sealed.room.emit('member.joined', { memberId: again.memberId, joinedAt: sealed.room.now(), card });
    await eventually(() => expect(noticesOf(session)).toEqual(['moved']));
    expect(session.people.get().map((person) => person.memberId)).toEqual([sealed.me.memberId, again.memberId]);
    await sealed.say(again, 'new keys');
    await eventually(() => expect(linesOf(session)).toEqual(['Ben: new keys']));
  });

  it('a page whose own seat moved to new keys is shown in again, with what was not sent', async () => {
    const session = await ready();
    session.setDraft('half a sentence');
    const { memberId } = await someone('Ann');
    sealed.room.emit('member.left', { memberId: sealed.me.memberId, reason: 'moved', to: memberId });
    await eventually(() => expect(sealed.reseats).toEqual(['half a sentence']));
    expect(sealed.ends).toEqual([]);
  });
});
