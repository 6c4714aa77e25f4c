import { expect, it, onTestFinished, vi } from 'vitest';
import { startApp } from '@tests/support/app';
import { deriveEpoch, open, SealedRoom } from '@tests/support/foreign-client.mjs';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

async function serve(storage: () => TestStorage): Promise<string> {
  const app = await startApp(storage().storage);
  onTestFinished(() => app.close());
  return app.url;
}

/** Ends the client with its test. */
async function seated(entering: Promise<SealedRoom>): Promise<SealedRoom> {
  const room = await entering;
  onTestFinished(() => room.close());
  return room;
}

const openRoom = (url: string, name: string) => seated(SealedRoom.open(url, { name }));
const join = (link: string, name: string) => seated(SealedRoom.join(link, { name }));

const screenOf = ({ transcript }: SealedRoom) =>
  transcript.map(({ name, text, edited, reactions, refused, re }) => ({
    said: `${name ?? 'nobody'}: ${text ?? refused ?? 'unknown'}`,
    ...(edited && { edited }),
    ...(Object.keys(reactions).length > 0 && { reactions }),
    ...(re && { re: re.id }),
  }));
const textsOf = (room: SealedRoom) => screenOf(room).map(({ said }) => said);

describeOnEveryStorage('clients of another team', (storage) => {
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
});
