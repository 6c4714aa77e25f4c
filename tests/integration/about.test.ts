import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { messageWithCursorSchema } from '@/domain/message';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { type Answer, roomsApi, type Seat } from '@tests/support/rooms';
import { listenTo } from '@tests/support/room-stream';
import { eventually } from '@tests/support/storage-expectations';
import { sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const messagesOf = ({ body }: Answer) => z.object({ messages: z.array(messageWithCursorSchema) }).parse(body).messages;
const about = (kind: string, id = 'the-target') => ({ kind, id });

describeOnEveryStorage('a message about another one', (current) => {
  let app: TestApp | undefined;
  const begin = async () => {
    app ??= await startApp(current().storage);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => app?.close());

  /** A room in which the owner has said something that others may mean. */
  async function talk(): Promise<{ url: string; owner: Seat; guest: Seat }> {
    const { api, url } = await begin();
    const owner = await api.open();
    await owner.send({ id: 'the-target', text: 'as it was' });
    return { url, owner, guest: await api.join(owner.roomId) };
  }

  it.each([
    ['a reply', { about: about('reply'), text: 'I agree' }],
    ['a reaction', { about: about('reaction'), text: '👩🏽‍🚀' }],
    ['a reaction that is a letter', { about: about('reaction'), text: 'é' }],
  ])('is stored, heard and read as %s', async (_, message) => {
    const { url, owner, guest } = await talk();
    const stream = await listenTo(url, owner);
    const answer = await guest.send(message);
    expect(answer).toMatchObject({ status: 201, body: message });
    const stored = messagesOf(await owner.history()).at(-1);
    expect(stored).toEqual(answer.body);
    const { cursor: _cursor, ...data } = messageWithCursorSchema.parse(answer.body);
    await eventually(() => expect(stream.data('chat.message')).toEqual([data]));
    stream.close();
  });

  it('is an edit where its author means their own, also a reply of theirs, as often as they like', async () => {
    const { guest } = await talk();
    await guest.send({ id: 'my-reply', about: about('reply') });
    for (const text of ['once', 'twice']) {
      expect((await guest.send({ about: about('edit', 'my-reply'), text })).status).toBe(201);
    }
  });

  it('by somebody else is no edit, not even the owner’s', async () => {
    const { owner, guest } = await talk();
    expectProblem(await guest.send({ about: about('edit') }), 'not_the_author');
    await guest.send({ id: 'of-guest' });
    expectProblem(await owner.send({ about: about('edit', 'of-guest') }), 'not_the_author');
    expect(messagesOf(await owner.history())).toHaveLength(2);
  });

  it.each(['reply', 'reaction', 'edit'])('is refused as %s of what is not there, or is no message', async (kind) => {
    const { owner } = await talk();
    await owner.send({ id: 'a-reaction', about: about('reaction'), text: '👍' });
    await owner.send({ id: 'the-edit', about: about('edit') });
    await owner.send({ id: 'taken-back' });
    expect((await owner.takeBack('taken-back')).status).toBe(204);
    for (const id of ['never-was', 'a-reaction', 'the-edit', 'taken-back']) {
      expectProblem(await owner.send({ about: about(kind, id), text: '👍' }), 'not_found');
    }
    // A message cannot be about itself.
    expectProblem(await owner.send({ id: 'by-itself', about: about(kind, 'by-itself'), text: '👍' }), 'not_found');
    expect(messagesOf(await owner.history())).toHaveLength(3);
  });

  it('does not reach into another room', async () => {
    const { api } = await begin();
    const [here, there] = [await api.open(), await api.open()];
    await there.send({ id: 'the-target' });
    expectProblem(await here.send({ about: about('reply') }), 'not_found');
  });

  it.each([
    ['an unknown kind', { about: about('applause') }, 'about.kind'],
    ['no kind', { about: { id: 'the-target' } }, 'about.kind'],
    ['no id', { about: { kind: 'reply' } }, 'about.id'],
    ['an id of another shape', { about: about('reply', 'a.b') }, 'about.id'],
    ['a list', { about: ['reply'] }, 'about'],
    ['nothing at all', { about: null }, 'about'],
    ['a reaction of two characters', { about: about('reaction'), text: '👍👍' }, 'text'],
    ['a reaction of words', { about: about('reaction'), text: 'hello' }, 'text'],
    ['a reaction that cannot be seen', { about: about('reaction'), text: '\u2800' }, 'text'],
    ['a reaction of 33 code points', { about: about('reaction'), text: `e${'\u0301'.repeat(32)}` }, 'text'],
  ])('is refused with %s', async (_, message, path) => {
    const { guest } = await talk();
    const answer = await guest.send(message);
    const { errors } = z.object({ errors: z.array(z.object({ path: z.string() })) }).parse(answer.body);
    expectProblem(answer, 'invalid_request');
    expect(errors.map((fault) => fault.path.split('.').slice(0, 2).join('.'))).toContain(path);
    expect(messagesOf(await guest.history())).toHaveLength(1);
  });

  it('has no place in a sealed room', async () => {
    const { api } = await begin();
    const owner = await api.open(sealedRoom());
    const sealed = sealedMessage();
    await owner.send({ id: 'the-target', ...sealed });
    for (const kind of ['reply', 'reaction', 'edit']) {
      expectProblem(await owner.send({ ...sealed, about: about(kind) }), 'invalid_request', ['about']);
    }
    expectProblem(await owner.send({ about: about('reply') }), 'invalid_request', ['sender', 'text', 'about']);
  });

  it('sent again is the same one only with the same target and kind', async () => {
    const { owner } = await talk();
    await owner.send({ id: 'other-target' });
    const message = { id: 'a-reaction', about: about('reaction'), text: '👍' };
    const first = await owner.send(message);
    const again = await owner.send(message);
    expect(again).toMatchObject({ status: 200, body: first.body });
    for (const other of [undefined, about('reply'), about('reaction', 'other-target')]) {
      expectProblem(await owner.send({ ...message, about: other }), 'message_id_taken');
    }
  });

  it('sent again is known before its target is asked for', async () => {
    const { owner } = await talk();
    const reply = { id: 'the-reply', about: about('reply') };
    const first = await owner.send(reply);
    await owner.takeBack('the-target');
    expect(await owner.send(reply)).toMatchObject({ status: 200, body: first.body });
    expectProblem(await owner.send({ ...reply, text: 'other' }), 'message_id_taken');
  });

  it('says nothing to those outside of what is there', async () => {
    const { api } = await begin();
    const { owner } = await talk();
    const stranger = { token: 'x'.repeat(43), json: { sender: 'a', text: 'b', about: about('edit') } };
    expectProblem(await api.ask('POST', `/api/messages?roomId=${owner.roomId}`, stranger), 'not_a_member');
  });
});
