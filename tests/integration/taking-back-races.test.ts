import { afterAll, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { forwardOf } from '@tests/support/history-pages';
import { expectProblem } from '@tests/support/problems';
import { roomsApi, type Seat } from '@tests/support/rooms';
import { listenTo } from '@tests/support/room-stream';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const times = <Result>(count: number, make: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describeOnEveryStorage('taking a message back at once with', (current) => {
  let app: TestApp | undefined;
  afterAll(() => app?.close());

  async function talk() {
    app ??= await startApp(current().storage);
    const api = roomsApi(app);
    const owner = await api.open();
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    return { url: app.url, owner, guest, other };
  }
  const idsOf = async (seat: Seat) => forwardOf(await seat.history()).messages.map(({ id }) => id);

  it('its edits: none of them stays', async () => {
    const { owner, guest } = await talk();
    await guest.send({ id: 'message-1' });
    const [edits, removed] = await Promise.all([
      times(20, (index) =>
        guest.send({ id: `edit-no-${index}`, about: { kind: 'edit', id: 'message-1' }, text: 'words' }),
      ),
      guest.takeBack('message-1'),
    ]);
    expect(removed.status).toBe(204);
    for (const answer of edits) if (answer.status !== 201) expectProblem(answer, 'not_found');
    expect(await idsOf(owner)).toEqual([]);
    expect(JSON.stringify(await current().command('XRANGE', owner.roomId, '-', '+'))).not.toContain('words');
  });

  it('repeats of its post: it is there before or spent, and not there again', async () => {
    const { owner, guest } = await talk();
    await guest.send({ id: 'message-1' });
    const [posts, removed] = await Promise.all([
      times(20, () => guest.send({ id: 'message-1' })),
      guest.takeBack('message-1'),
    ]);
    expect(removed.status).toBe(204);
    for (const answer of posts) if (answer.status !== 200) expectProblem(answer, 'message_id_taken');
    expect(await idsOf(owner)).toEqual([]);
  });

  it('itself, by author and owner: it is heard once', async () => {
    const { url, owner, guest, other } = await talk();
    const stream = await listenTo(url, other);
    await guest.send({ id: 'message-1' });
    const answers = await times(10, (index) => (index % 2 === 0 ? owner : guest).takeBack('message-1'));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    await owner.send({ text: 'last' });
    await eventually(() => expect(stream.data('chat.message').at(-1)).toMatchObject({ text: 'last' }));
    expect(stream.data('message.removed')).toHaveLength(1);
    stream.close();
  });

  it('the end of the room: it is done or the room is gone, and nothing is left', async () => {
    const { owner, guest } = await talk();
    await times(10, (index) => guest.send({ id: `message-${index}` }));
    const [removals, destroyed] = await Promise.all([
      times(10, (index) => guest.takeBack(`message-${index}`)),
      owner.destroy(),
    ]);
    expect(destroyed.status).toBe(204);
    for (const answer of removals) if (answer.status !== 204) expectProblem(answer, 'room_not_found');
    expect(await current().command('KEYS', `*${owner.roomId}*`)).toEqual([]);
  });
});
