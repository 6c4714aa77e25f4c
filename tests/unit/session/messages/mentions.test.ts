import { afterEach, describe, expect, it, vi } from 'vitest';
import { MENTIONS_MAX } from '@/domain/limits';
import { memberIdSchema } from '@/domain/room';
import type { RunningSession } from '@/session/running-session';
import { eventually } from '@tests/support/eventually';
import { messagesOf, SealedRoom, someone } from '@tests/support/sealed-room';

const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((one) => one()));

async function openSealed() {
  const sealed = await SealedRoom.open();
  const session = sealed.openSession();
  close.push(() => sealed.close());
  await eventually(() => expect(session.people.get().map(({ name }) => name)).toEqual(['Ann', 'Ben']));
  await eventually(() => expect(session.connection.get().state).toBe('live'));
  return { sealed, session, ann: sealed.me, ben: sealed.other };
}

const noticed = (session: RunningSession) =>
  messagesOf(session).map(({ text, mentions = [], forYou }) => [text, mentions.map(({ name }) => name), forYou]);

describe('in a sealed room', () => {
  it('a message says who is spoken to, and so does an edit', async () => {
    const { sealed, session, ben } = await openSealed();
    const seal = vi.spyOn(JSON, 'stringify');
    session.setDraft('hello @ben, @Nobody');
    session.send();
    await eventually(() => expect(messagesOf(session)[0]?.state).toBe('sent'));
    expect(messagesOf(session)[0]).toMatchObject({ mentions: [{ memberId: ben.memberId, name: 'ben', self: false }] });
    expect(messagesOf(session)[0]).not.toHaveProperty('forYou');
    const { id } = messagesOf(session)[0] ?? {};
    session.edit(messagesOf(session)[0]?.id ?? expect.fail(), 'hello all');
    await eventually(() => expect(noticed(session)).toEqual([['hello all', [], undefined]]));
    const contents = seal.mock.calls.map(([value]: unknown[]) => value);
    seal.mockRestore();
    expect(contents).toContainEqual({ kind: 'text', text: 'hello @ben, @Nobody', mentions: [ben.memberId] });
    expect(contents).toContainEqual({ kind: 'edit', id, n: 1, text: 'hello all' });
    expect(sealed.faults).toEqual([]);
  });

  it('its words do not decide that, and whoever has another name by now is meant still', async () => {
    const { sealed, session, ann, ben } = await openSealed();
    await sealed.say(ben, 'not you, @Ann');
    await sealed.say(ben, { kind: 'text', text: 'you, @Ann', mentions: [ann.memberId] });
    const expected = [
      ['not you, @Ann', [], undefined],
      ['you, @Ann', ['Ann'], 'mention'],
    ];
    await eventually(() => expect(noticed(session)).toEqual(expected));
    const card = await sealed.card({ ...ann, name: 'Anna' });
    sealed.room.emit('member.updated', { memberId: ann.memberId, card });
    await eventually(() => expect(session.people.get()[0]?.name).toBe('Anna'));
    expect(noticed(session)).toEqual(expected);
  });

  it('an answer to what one said is for oneself, and a mention in it counts as that', async () => {
    const { sealed, session, ann, ben } = await openSealed();
    session.setDraft('tea?');
    session.send();
    await eventually(() => expect(messagesOf(session)[0]?.state).toBe('sent'));
    const re = { id: messagesOf(session)[0]?.id ?? expect.fail(), by: ann.memberId };
    await sealed.say(ben, { kind: 'text', text: 'yes', re });
    await sealed.say(ben, { kind: 'text', text: 'yes, @Ann', re, mentions: [ann.memberId] });
    await eventually(() =>
      expect(messagesOf(session).map(({ forYou }) => forYou)).toEqual([undefined, 'reply', 'mention']),
    );
  });

  it(`up to ${MENTIONS_MAX} people are spoken to`, async () => {
    const { sealed, session } = await openSealed();
    const others = await Promise.all(Array.from({ length: MENTIONS_MAX + 2 }, (_, index) => someone(`P${index}`)));
    for (const other of others) await sealed.seat(other);
    await eventually(() => expect(session.people.get()).toHaveLength(MENTIONS_MAX + 4));
    session.setDraft(others.map(({ name }) => `@${name}`).join(' '));
    session.send();
    await eventually(() => expect(messagesOf(session)[0]?.mentions).toHaveLength(MENTIONS_MAX));
    expect(messagesOf(session)[0]?.state).not.toBe('failed');
  });
});

it('names that stood in a plain room are found by those who have or had them', async () => {
  const { createCalling } = await import('@/session/people/calling');
  const { createNameBook } = await import('@/session/people/name-book');
  const { createStore } = await import('@/lib/store');
  const naming = createStore(0);
  const names = createNameBook();
  const { mentioned } = createCalling(names, naming);
  const [ann, ben] = ['A', 'B'].map((letter) => memberIdSchema.parse(letter.repeat(16)));
  if (ann === undefined || ben === undefined) return expect.fail();
  const list = (memberId: typeof ann, name: string) => {
    names.list(memberId, name);
    naming.set(naming.get() + 1);
  };
  list(ann, 'Rowan');
  list(ben, 'Rowan');
  expect(mentioned('@Rowan and @rowan · 2')).toEqual([
    { memberId: ann, name: 'Rowan' },
    { memberId: ben, name: 'rowan · 2' },
  ]);
  list(ben, 'Sage');
  expect(mentioned('@Sage, @Rowan · 2').map(({ memberId }) => memberId)).toEqual([ben]);
});
