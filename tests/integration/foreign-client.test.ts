import { expect, it, onTestFinished, vi } from 'vitest';
import { createPublicKey } from 'node:crypto';
import { makeSecret, secretSchema } from '@/crypto/fragment';
import { hashProof } from '@/crypto/room-keys';
import { memberIdSchema, roomIdSchema } from '@/domain/room';
import type { RoomSession } from '@/session/room-session';
import { startApp, type TestApp } from '@tests/support/app';
import { roomsApi } from '@tests/support/rooms';
import { makeOwn, messagesOf, openSession, write } from '@tests/support/served-session';
import { call, deriveEpoch, makeKeys, makeWrap, open, seal, SealedRoom } from '@tests/support/foreign-client.mjs';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

async function serve(storage: () => TestStorage): Promise<TestApp> {
  const app = await startApp(storage().storage);
  onTestFinished(() => app.close());
  return app;
}

/** Ends the client with its test. */
async function seated(entering: Promise<SealedRoom>): Promise<SealedRoom> {
  const room = await entering;
  onTestFinished(() => room.close());
  return room;
}

const openRoom = ({ url }: TestApp, name: string) => seated(SealedRoom.open(url, { name }));
const join = (link: string, name: string) => seated(SealedRoom.join(link, { name }));

const screenOf = ({ transcript }: SealedRoom) =>
  transcript.map(({ name, text, edited, reactions, refused, re }) => ({
    said: `${name ?? 'nobody'}: ${text ?? refused ?? 'unknown'}`,
    ...(edited && { edited }),
    ...(Object.keys(reactions).length > 0 && { reactions }),
    ...(re && { re: re.id }),
  }));
const wordsOf = (session: RoomSession) => messagesOf(session).map(({ text, unreadable }) => text ?? unreadable);

/** Our own session, as a page runs it, in a room that somebody else opened. */
async function joinAsPage(app: TestApp, { roomId, link, epoch }: SealedRoom, name: string) {
  const { own, proof, newcomer } = await makeOwn(secretSchema.parse(link.slice(-43)), name, epoch);
  const seat = await roomsApi(app).join(roomIdSchema.parse(roomId), { proof, ...newcomer });
  return { own, seat, session: await openSession(app.url, seat, own) };
}

async function openAsPage(app: TestApp, name: string): Promise<RoomSession> {
  const secret = makeSecret();
  const { own, proof, newcomer } = await makeOwn(secret, name);
  const keyCheck = own.keys?.keyCheck;
  const seat = await roomsApi(app).open({ sealed: true, keyCheck, proofHash: await hashProof(proof), ...newcomer });
  return openSession(app.url, seat, own);
}

const textsOf = (room: SealedRoom) => screenOf(room).map(({ said }) => said);

describeOnEveryStorage('clients of another team', (storage) => {
  it('whisper with our pages: an offer in either direction, its answer, and what is withdrawn', async () => {
    const app = await serve(storage);
    const ann = await openRoom(app, 'Ann');
    const { session, seat } = await joinAsPage(app, ann, 'Bob');
    const cleo = await join(ann.link, 'Cleo');
    await eventually(() => expect(session.people.get()).toHaveLength(3));
    const secret = makeSecret();
    const id = await ann.whisper(seat.memberId, { kind: 'room', roomId: 'Zz9Yy8Xx7Ww6Vv5Uu4Tt3S', secret });
    await eventually(() => expect(session.privateTalk?.get()?.offers.get()).toHaveLength(1));
    const talks = session.privateTalk?.get();
    expect(talks?.offers.get()).toMatchObject([{ from: ann.memberId, path: `/room/Zz9Yy8Xx7Ww6Vv5Uu4Tt3S#${secret}` }]);
    talks?.answer(id, 'declined');
    await eventually(() =>
      expect(ann.whispers).toMatchObject([
        { from: seat.memberId, whisper: { kind: 'answer', re: id, answer: 'declined' } },
      ]),
    );
    talks?.ask(memberIdSchema.parse(ann.memberId));
    await eventually(() => expect(ann.whispers.at(-1)).toMatchObject({ whisper: { kind: 'room' } }));
    const offered = ann.whispers.at(-1)?.whisper;
    await ann.whisper(seat.memberId, { kind: 'answer', re: offered?.id ?? '', answer: 'opened' });
    await eventually(() => expect(talks?.asks.get()).toMatchObject([{ to: ann.memberId, state: 'opened' }]));
    await ann.whisper(cleo.memberId, { kind: 'withdrawn', re: id });
    await eventually(() => expect(cleo.whispers).toHaveLength(1));
    await expect(ann.whisper('Nobody0123456789', { kind: 'withdrawn', re: id })).rejects.toThrow('not a card');
  });

  it('talk: texts, replies, reactions, edits, names, and a message taken back', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const [bob, cleo] = [await join(ann.link, 'Bob'), await join(ann.link, 'Cleo')];
    const hello = await ann.say('Hello');
    await eventually(() => expect(textsOf(bob)).toEqual(['Ann: Hello']));
    const wrong = await bob.say('Helo yourself', { re: hello, mentions: [ann.memberId] });
    await bob.edit(wrong, 'Hell yourself');
    await bob.edit(wrong, 'Hello yourself');
    await cleo.react('👋', hello);
    await cleo.react('👋', hello);
    await bob.react('👋', hello);
    const secret = await cleo.say('Never mind');
    await cleo.edit(secret, 'Never mind me');
    await cleo.takeBack(secret);
    await ann.rename('Anna');
    const said = [
      { said: 'Anna: Hello', reactions: { '👋': [cleo.memberId, bob.memberId] } },
      { said: 'Bob: Hello yourself', edited: true, re: hello.id },
    ];
    const latecomer = await join(ann.link, 'Dora');
    for (const room of [ann, bob, cleo, latecomer]) await eventually(() => expect(screenOf(room)).toEqual(said));
    const members = [ann, bob, cleo, latecomer].map(({ memberId }, index) => ({
      memberId,
      owner: index === 0,
      name: ['Anna', 'Bob', 'Cleo', 'Dora'][index],
    }));
    for (const room of [ann, bob, cleo, latecomer]) await eventually(() => expect(room.members).toEqual(members));
  });

  it('follow a new epoch with a removal, and the one removed opens nothing said after it', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const [bob, cleo] = [await join(ann.link, 'Bob'), await join(ann.link, 'Cleo')];
    await cleo.say('Before');
    await eventually(() => expect(textsOf(ann)).toEqual(['Cleo: Before']));
    const [oldLink, held] = [ann.link, deriveEpoch(0, Buffer.from(ann.link.slice(-43), 'base64url'))];
    await ann.rekey(cleo.memberId);
    await eventually(() => expect(cleo.ended).toBe('removed'));
    await eventually(() => expect(bob.epoch).toBe(1));
    const after = await ann.say('After');
    await bob.say('Indeed');
    for (const room of [ann, bob])
      await eventually(() => expect(textsOf(room)).toEqual(['Cleo: Before', 'Ann: After', 'Bob: Indeed']));
    expect(textsOf(cleo)).toEqual(['Cleo: Before']);
    await expect(cleo.say('Still here?')).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(SealedRoom.join(oldLink, { name: 'Cleo' })).rejects.toThrow('the link was replaced');

    // Somebody hands every stored string on, and the epoch in it may even be disguised.
    const query = new URLSearchParams({ roomId: ann.roomId });
    const page = await fetch(new URL(`/api/messages?${query.toString()}`, ann.origin), {
      headers: { authorization: `Bearer ${ann.token}` },
    });
    const { messages } = (await page.json()) as { messages: { id: string; text: string }[] };
    const sealed = messages.find(({ id }) => id === after.id)?.text ?? '';
    const place = { roomId: ann.roomId, memberId: ann.memberId, messageId: after.id, field: 'content' } as const;
    expect(() => open(new Map([[0, held]]), place, sealed)).toThrow('of an unknown epoch');
    expect(() => open(new Map([[0, held]]), place, sealed.replace('v2.1.', 'v2.0.'))).toThrow('not opened');
  });

  it('catch up with every epoch that began while they were away, and go on sending', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const [bob, cleo] = [await join(ann.link, 'Bob'), await join(ann.link, 'Cleo')];
    await eventually(() => expect(ann.members).toHaveLength(3));
    await bob.close();
    const saved = bob.save();
    await ann.say('In epoch 0');
    await ann.rekey(cleo.memberId);
    await ann.say('In epoch 1');
    await ann.rekey();
    await ann.say('In epoch 2');
    // This is sealed under the first secret, refused by the server, and sealed again under the newest.
    await bob.say('I was away');
    const back = await seated(SealedRoom.resume(saved));
    const texts = ['Ann: In epoch 0', 'Ann: In epoch 1', 'Ann: In epoch 2', 'Bob: I was away'];
    for (const room of [ann, back]) await eventually(() => expect(textsOf(room)).toEqual(texts));
    expect(back.epoch).toBe(2);
    expect(back.link).toBe(ann.link);
  });

  it('walk down to the first epoch when they come late, and verify members who left', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const [bob, cleo] = [await join(ann.link, 'Bob'), await join(ann.link, 'Cleo')];
    await cleo.say('In epoch 0');
    await eventually(() => expect(ann.members).toHaveLength(3));
    await ann.rekey(cleo.memberId);
    await eventually(() => expect(bob.epoch).toBe(1));
    await bob.say('In epoch 1');
    await bob.leave();
    await eventually(() => expect(ann.members).toHaveLength(1));
    await ann.rekey();
    await ann.say('In epoch 2');
    const dora = await join(ann.link, 'Dora');
    expect(textsOf(dora)).toEqual(['Cleo: In epoch 0', 'Bob: In epoch 1', 'Ann: In epoch 2']);
    await ann.rekey();
    await dora.say('In epoch 3');
    await eventually(() => expect(textsOf(ann).at(-1)).toBe('Dora: In epoch 3'));
  });

  it('give the new secret to members who joined while it was being replaced', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const cleo = await join(ann.link, 'Cleo');
    await eventually(() => expect(ann.members).toHaveLength(2));
    await ann.close();
    const bob = await join(ann.link, 'Bob');
    await ann.rekey(cleo.memberId);
    await eventually(() => expect(bob.epoch).toBe(1));
    await bob.say('I am in');
    const back = await seated(SealedRoom.resume(ann.save()));
    expect(textsOf(back)).toEqual(['Bob: I am in']);
  });

  it('remove first, and close the room for a moment, when somebody joins at every attempt', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const cleo = await join(ann.link, 'Cleo');
    await eventually(() => expect(ann.members).toHaveLength(2));
    const [link, joining] = [ann.link, ['Bob', 'Dora', 'Emil']];
    const joined: SealedRoom[] = [];
    const refused: unknown[] = [];
    const send = globalThis.fetch;
    const calls: string[] = [];
    const intercepted = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const name = url.pathname === '/api/room/rekey' ? joining.shift() : undefined;
      if (name !== undefined)
        await join(link, name).then(
          (room) => joined.push(room),
          (fault: unknown) => refused.push(fault),
        );
      if (url.origin === ann.origin && init?.method !== undefined && init.method !== 'GET')
        calls.push(`${init.method} ${url.pathname}`);
      return send(input, init);
    });
    onTestFinished(() => intercepted.mockRestore());
    await ann.rekey(cleo.memberId);
    expect(refused).toEqual([expect.objectContaining({ code: 'room_locked' })]);
    expect(calls.filter((call) => call !== 'POST /api/room/join')).toEqual([
      ...['POST /api/room/rekey', 'POST /api/room/rekey', 'DELETE /api/members', 'PATCH /api/room'],
      ...['POST /api/room/rekey', 'PATCH /api/room'],
    ]);
    expect(joined).toHaveLength(2);
    for (const room of joined) await eventually(() => expect(room.epoch).toBe(1));
    await eventually(() => expect(cleo.ended).toBe('removed'));
    const late = await join(ann.link, 'Fay');
    expect(late.members.map(({ name }) => name)).toEqual(['Ann', 'Bob', 'Dora', 'Fay']);
  });

  it('refuse a message that another member signed, and one moved to another id', async () => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const bob = await join(ann.link, 'Bob');
    const first = deriveEpoch(0, Buffer.from(ann.link.slice(-43), 'base64url'));
    const post = (id: string, text: string) =>
      call('POST', new URL(`/api/messages?roomId=${ann.roomId}`, ann.origin), { token: bob.token, body: { id, text } });
    const where = { roomId: ann.roomId, messageId: 'forged-01', field: 'content' } as const;
    const content = { kind: 'text', text: 'Ann agrees' };
    // Bob signs as Bob and seals at the place of Ann; then he signs as somebody else at his own place.
    await post('forged-01', seal(first, { ...bob.keys, memberId: ann.memberId }, where, content));
    const stranger = { ...makeKeys(), memberId: bob.memberId };
    await post('forged-02', seal(first, stranger, { ...where, messageId: 'forged-02' }, content));
    await post('forged-03', seal(first, bob.keys, { ...where, messageId: 'forged-04' }, content));
    await post('forged-05', seal(first, bob.keys, { ...where, messageId: 'forged-05' }, { kind: 'text', text: ' ' }));
    await post('newer-06', seal(first, bob.keys, { ...where, messageId: 'newer-06' }, { kind: 'hologram' }));
    const screen = ['not opened', 'not verified', 'not opened', 'malformed', 'unknown'].map((word) => `Bob: ${word}`);
    await eventually(() => expect(textsOf(ann)).toEqual(screen));
  });

  it.each([
    ['hands on another secret', { secret: 'A'.repeat(43) }],
    ['leaves out the reader', { members: [] }],
  ])('stop sending, and say so, when an owner’s new epoch %s', async (_, lie) => {
    const ann = await openRoom(await serve(storage), 'Ann');
    const bob = await join(ann.link, 'Bob');
    const next = deriveEpoch(1, Buffer.alloc(32, 7));
    const { epoch, keyCheck, proofHash } = next;
    const members = [ann, bob].map(({ memberId }) => memberId);
    const wraps = Object.fromEntries(
      [ann, bob].map(({ memberId, keys: { agree } }) => {
        const place = { roomId: ann.roomId, epoch, from: ann.memberId, to: memberId };
        return [memberId, makeWrap(ann.keys.agree, createPublicKey(agree), place, next.secret)];
      }),
    );
    const previous = seal(
      next,
      ann.keys,
      { roomId: ann.roomId, messageId: '-', field: 'previous' },
      { secret: ann.link.slice(-43), members, removed: [], ...lie },
    );
    await call('POST', new URL(`/api/room/rekey?roomId=${ann.roomId}`, ann.origin), {
      token: ann.token,
      body: { epoch, keyCheck, proofHash, previous, wraps },
    });
    await eventually(() => expect(bob.stopped).toMatchObject({ found: 'not followed' }));
    expect(bob.epoch).toBe(0);
    await expect(bob.say('Anybody there?')).rejects.toMatchObject({ found: 'not followed' });
  });
});

describeOnEveryStorage('a client of another team and our own page', (storage) => {
  it('talk in the page’s room, and follow its new key', async () => {
    const app = await serve(storage);
    const ann = await openAsPage(app, 'Ann');
    const firstLink = ann.info.get().link;
    const [bob, cleo] = [await join(firstLink, 'Bob'), await join(firstLink, 'Cleo')];
    const { id, memberId } = await write(ann, 'question');
    await eventually(() => expect(textsOf(bob)).toEqual(['Ann: question']));
    await bob.say('anser', { re: { id, by: memberId }, mentions: [memberId] });
    await bob.react('👍', { id, by: memberId });
    await eventually(() =>
      expect(messagesOf(ann)).toMatchObject([
        { text: 'question', reactions: [{ emoji: '👍', count: 1 }] },
        { text: 'anser', re: { text: 'question' } },
      ]),
    );
    const [, answer] = messagesOf(ann);
    if (answer === undefined) throw new Error('The answer was not heard');
    await bob.edit({ id: answer.id, by: answer.memberId }, 'answer');
    ann.edit(id, 'better question');
    ann.react({ id: answer.id, by: answer.memberId }, '👋');
    const said = [
      { said: 'Ann: better question', edited: true, reactions: { '👍': [bob.memberId] } },
      { said: 'Bob: answer', edited: true, re: id, reactions: { '👋': [memberId] } },
    ];
    for (const room of [bob, cleo]) await eventually(() => expect(screenOf(room)).toEqual(said));
    await eventually(() => expect(wordsOf(ann)).toEqual(['better question', 'answer']));

    ann.removeMember(memberIdSchema.parse(cleo.memberId), false);
    await eventually(() => expect([bob.epoch, cleo.ended]).toEqual([1, 'removed']));
    await write(ann, 'after');
    await bob.say('and after');
    const late = await join(bob.link, 'Dora');
    const words = ['better question', 'answer', 'after', 'and after'];
    await eventually(() => expect(wordsOf(ann)).toEqual(words));
    for (const room of [bob, late])
      await eventually(() => expect(textsOf(room).slice(2)).toEqual(['Ann: after', 'Bob: and after']));
    expect(screenOf(cleo)).toEqual(said);
    expect(ann.info.get().link.split('#')[1]).toBe(bob.link.split('#')[1]);
    ann.takeBack(id);
    await eventually(() => expect(textsOf(bob)[0]).toBe('Bob: answer'));
  });

  it('talk in the other’s room, and the page follows its new epochs, live and when it comes back', async () => {
    const app = await serve(storage);
    const bob = await openRoom(app, 'Bob');
    const cleo = await join(bob.link, 'Cleo');
    const page = await joinAsPage(app, bob, 'Ann');
    const hello = await bob.say('hello');
    await eventually(() => expect(wordsOf(page.session)).toEqual(['hello']));
    await bob.rename('Bert');
    await eventually(() => expect(page.session.people.get().map(({ name }) => name)).toContain('Bert'));
    await write(page.session, 'hello yourself');
    await eventually(() => expect(bob.members).toHaveLength(3));
    await bob.rekey(cleo.memberId);
    await bob.say('after');
    await write(page.session, 'and after');
    await eventually(() => expect(textsOf(bob).at(-1)).toBe('Ann: and after'));
    expect(page.session.info.get()).toMatchObject({ muted: null });

    page.session.stop();
    await bob.rekey();
    await bob.takeBack(hello);
    await bob.say('while the page was closed');
    const words = ['hello yourself', 'after', 'and after', 'while the page was closed'];
    const back = await openSession(app.url, page.seat, page.own);
    await eventually(() => expect(wordsOf(back)).toEqual(words));
    const late = await joinAsPage(app, bob, 'Emil');
    await eventually(() => expect(wordsOf(late.session)).toEqual(words));
    await write(late.session, 'good evening');
    await eventually(() => expect(textsOf(bob).at(-1)).toBe('Emil: good evening'));
  });
});
