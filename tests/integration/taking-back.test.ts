import { afterAll, expect, it } from 'vitest';
import { messageWithCursorSchema } from '@/domain/message';
import { type TestApp, startApp } from '@tests/support/app';
import { forwardOf } from '@tests/support/history-pages';
import { expectProblem } from '@tests/support/problems';
import { repeatCommands } from '@tests/support/repeating-requester';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { listenTo } from '@tests/support/room-stream';
import { eventually } from '@tests/support/storage-expectations';
import { sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const idsOf = (answer: Answer) => forwardOf(answer).messages.map(({ id }) => id);
const edit = (id: string) => ({ about: { kind: 'edit', id } });

describeOnEveryStorage('taking a message back', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<{ api: RoomsApi; url: string }> => {
    app ??= await startApp(current().storage);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => app?.close());

  async function talk(): Promise<{ url: string; owner: Seat; guest: Seat; other: Seat }> {
    const { api, url } = await begin();
    const owner = await api.open();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    return { url, owner, guest, other };
  }
  const storedText = async ({ roomId }: Seat) => JSON.stringify(await current().command('XRANGE', roomId, '-', '+'));

  it.each([
    ['its author', ({ guest }: { guest: Seat; owner: Seat }) => guest],
    ['the owner', ({ owner }: { guest: Seat; owner: Seat }) => owner],
  ])('is for %s, takes its words out of the storage, and everybody hears who did it', async (_, whoOf) => {
    const { url, owner, guest, other } = await talk();
    const stream = await listenTo(url, other);
    await other.send({ id: 'message-0' });
    await guest.send({ id: 'message-1', text: 'a secret' });
    await other.send({ id: 'message-2' });
    const who = whoOf({ owner, guest });
    const answer = await who.takeBack('message-1');
    expect(answer).toMatchObject({ status: 204, body: null });
    expect(await storedText(owner)).not.toContain('a secret');
    const page = forwardOf(await other.history());
    expect(page.messages.map(({ id }) => id)).toEqual(['message-0', 'message-2']);
    expect(page.removed).toEqual(['message-1']);
    const removal = { id: 'message-1', memberId: guest.memberId, by: who.memberId };
    await eventually(() => expect(stream.data('message.removed')).toEqual([removal]));
    stream.close();
  });

  it('leaves a message from before a deployment alone: its repeat finds it, and nobody can refer to it', async () => {
    const { owner } = await talk();
    const { body } = await owner.send({ id: 'message-1', text: 'from before' });
    const { cursor, timestamp } = messageWithCursorSchema.parse(body);
    await current().command('HSET', `room:{${owner.roomId}}:message-ids`, 'message-1', `${cursor} ${timestamp}`);
    expect(await owner.send({ id: 'message-1', text: 'from before' })).toMatchObject({ status: 200, body });
    expectProblem(await owner.send({ id: 'message-2', about: { kind: 'reply', id: 'message-1' } }), 'not_found');
    expectProblem(await owner.takeBack('message-1'), 'not_found');
  });

  it('is refused to others, and for what never was, and changes nothing then', async () => {
    const { owner, guest, other } = await talk();
    await guest.send({ id: 'message-1' });
    await owner.send({ id: 'message-2' });
    expectProblem(await other.takeBack('message-1'), 'not_the_author');
    expectProblem(await guest.takeBack('message-2'), 'not_the_author');
    expectProblem(await owner.takeBack('never-was'), 'not_found');
    expectProblem(await guest.takeBack('message-1', 'never-was'), 'not_found');
    expectProblem(await owner.takeBack('message-1', 'message-2'), 'invalid_request', ['id']);
    expect(forwardOf(await owner.history())).toMatchObject({
      messages: [{ id: 'message-1' }, { id: 'message-2' }],
      removed: [],
    });
    expect(await storedText(owner)).not.toContain('message.removed');
  });

  it.each([
    ['no id', ''],
    ['an id of another shape', 'id=a.b'],
    ['one of several that is none', 'id=message-1&id=x'],
    ['51 ids', Array.from({ length: 51 }, (_, index) => `id=message-${index}`).join('&')],
  ])('is refused with %s', async (_, query) => {
    const { api } = await begin();
    const { owner } = await talk();
    await owner.send({ id: 'message-1' });
    const path = `/api/messages?roomId=${owner.roomId}&${query}`;
    const answer = await api.ask('DELETE', path, { token: owner.token });
    expectProblem(answer, 'invalid_request');
    expect(JSON.stringify(answer.body)).toContain('"path":"id');
    expectProblem(await api.ask('DELETE', path, {}), 'invalid_request');
    expect(idsOf(await owner.history())).toEqual(['message-1']);
  });

  it('takes up to 50 at once, each heard of, in the order in which they are named', async () => {
    const { url, owner, guest } = await talk();
    const ids = Array.from({ length: 50 }, (_, index) => `message-${index}`);
    for (const id of ids) await guest.send({ id });
    const stream = await listenTo(url, guest);
    expect((await owner.takeBack(...ids)).status).toBe(204);
    expect(forwardOf(await guest.history())).toMatchObject({ messages: [], removed: ids });
    await eventually(() => expect(stream.data('message.removed')).toMatchObject(ids.map((id) => ({ id }))));
    stream.close();
  });

  it('again is done already, says so, and is heard once', async () => {
    const { url, owner, guest } = await talk();
    const stream = await listenTo(url, owner);
    await guest.send({ id: 'message-1' });
    await guest.send({ id: 'message-2' });
    for (const [who, ...ids] of [
      [guest, 'message-1'],
      [guest, 'message-1'],
      [owner, 'message-1', 'message-1'],
      [guest, 'message-1', 'message-2', 'message-2'],
    ] as const) {
      expect((await who.takeBack(...ids)).status).toBe(204);
    }
    expectProblem(await (await (await begin()).api.join(owner.roomId)).takeBack('message-1'), 'not_the_author');
    await owner.send({ text: 'last' });
    await eventually(() => expect(stream.data('chat.message')).toHaveLength(3));
    expect(stream.data('message.removed')).toMatchObject([{ id: 'message-1' }, { id: 'message-2' }]);
    stream.close();
  });

  it('spends its id for good, with the same words too', async () => {
    const { guest, other } = await talk();
    await guest.send({ id: 'message-1' });
    await guest.takeBack('message-1');
    expectProblem(await guest.send({ id: 'message-1' }), 'message_id_taken');
    expectProblem(await other.send({ id: 'message-1' }), 'message_id_taken');
    expect(idsOf(await guest.history())).toEqual([]);
  });

  it('takes its edits along, which are not heard of by themselves and whose ids are spent, too', async () => {
    const { url, owner, guest } = await talk();
    const stream = await listenTo(url, owner);
    await guest.send({ id: 'message-1', text: 'words-0' });
    await guest.send({ id: 'other-one', text: 'stays' });
    for (const index of [1, 2, 3]) {
      await guest.send({ id: `edit-no-${index}`, ...edit('message-1'), text: `words-${index}` });
      await guest.send({ id: `other-edit-${index}`, ...edit('other-one'), text: `stays-${index}` });
    }
    // One of the chain is gone before.
    expect((await guest.takeBack('edit-no-2')).status).toBe(204);
    expect(await storedText(owner)).toContain('words-1');
    expect((await guest.takeBack('message-1')).status).toBe(204);
    expect(await storedText(owner)).not.toContain('words-');
    expect(idsOf(await owner.history())).toEqual(['other-one', 'other-edit-1', 'other-edit-2', 'other-edit-3']);
    expect(forwardOf(await owner.history()).removed).toEqual(['edit-no-2', 'message-1']);
    for (const id of ['edit-no-1', 'edit-no-2', 'edit-no-3']) {
      expectProblem(await guest.send({ id, ...edit('message-1'), text: 'words-1' }), 'message_id_taken');
      expect((await guest.takeBack(id)).status).toBe(204);
    }
    await eventually(() =>
      expect(stream.data('message.removed')).toMatchObject([{ id: 'edit-no-2' }, { id: 'message-1' }]),
    );
    stream.close();
  });

  it('leaves replies and reactions of others where they are, and undoes a reaction in the same way', async () => {
    const { owner, guest, other } = await talk();
    await guest.send({ id: 'message-1' });
    await other.send({ id: 'the-reply', about: { kind: 'reply', id: 'message-1' } });
    await other.send({ id: 'reaction-1', about: { kind: 'reaction', id: 'message-1' }, text: '👍' });
    await other.send({ id: 'reaction-2', about: { kind: 'reaction', id: 'message-1' }, text: '👎' });
    expect((await other.takeBack('reaction-1')).status).toBe(204);
    await guest.takeBack('message-1');
    expect(idsOf(await owner.history())).toEqual(['the-reply', 'reaction-2']);
  });

  it('hears of a named edit also where its message goes with it', async () => {
    const { owner, guest } = await talk();
    await guest.send({ id: 'message-1' });
    await guest.send({ id: 'edit-no-1', ...edit('message-1') });
    expect((await guest.takeBack('message-1', 'edit-no-1')).status).toBe(204);
    expect(forwardOf(await owner.history())).toMatchObject({ messages: [], removed: ['message-1', 'edit-no-1'] });
  });

  it('in a sealed room takes what is named', async () => {
    const { api } = await begin();
    const owner = await api.open(sealedRoom());
    const sealed = sealedMessage();
    for (const id of ['message-1', 'edit-no-1', 'message-2']) await owner.send({ id, ...sealed });
    expect((await owner.takeBack('message-1', 'edit-no-1')).status).toBe(204);
    expect(forwardOf(await owner.history())).toMatchObject({
      messages: [{ id: 'message-2' }],
      removed: ['message-1', 'edit-no-1'],
    });
  });

  it('works for the words of a member who has left, for the owner', async () => {
    const { owner, guest } = await talk();
    await guest.send({ id: 'message-1' });
    await guest.leave();
    expectProblem(await guest.takeBack('message-1'), 'not_a_member');
    expect((await owner.takeBack('message-1')).status).toBe(204);
    expect(idsOf(await owner.history())).toEqual([]);
  });

  it('gives nothing of a share or a rate back', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const owner = await roomsApi(limited).open();
    const guest = await roomsApi(limited).join(owner.roomId);
    const used = () => current().command('HGETALL', `room:{${owner.roomId}}:used`);
    for (let index = 0; index < 30; index += 1) {
      expect((await guest.send({ id: `message-${index}` })).status).toBe(201);
    }
    const before = await used();
    expect((await guest.takeBack(...Array.from({ length: 30 }, (_, index) => `message-${index}`))).status).toBe(204);
    expect(await used()).toEqual(before);
    expectProblem(await guest.send(), 'rate_limited');
    await limited.close();
  });

  it('done by a command whose answer was lost and that is repeated, is done once', async () => {
    const repeating = await startApp(repeatCommands(current().storage));
    const owner = await roomsApi(repeating).open();
    await owner.send({ id: 'message-1' });
    await owner.send({ id: 'edit-no-1', ...edit('message-1') });
    expect((await owner.takeBack('message-1')).status).toBe(204);
    expect(forwardOf(await owner.history())).toMatchObject({ messages: [], removed: ['message-1'] });
    await repeating.close();
  });
});
