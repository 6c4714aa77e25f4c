import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod/mini';
import { type TestApp, startApp } from '@tests/support/app';
import { type EventStream, listen, soon } from '@tests/support/event-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { sealedMessage, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const cursorOf = ({ body }: Answer) => z.object({ cursor: z.string() }).parse(body).cursor;
const idsOf = (stream: EventStream) =>
  stream.of('chat.message').map(({ data }) => z.object({ id: z.string() }).parse(data).id);
const takenBackOf = (stream: EventStream) =>
  stream.of('message.removed').map(({ data }) => z.object({ id: z.string() }).parse(data).id);

describeOnEveryStorage('what was taken back, on the event stream', (current) => {
  let app: TestApp;
  let api: RoomsApi;
  beforeAll(async () => {
    app = await startApp(current().storage);
    api = roomsApi(app);
  });
  afterAll(() => app.close());

  async function anotherProcess(): Promise<TestApp> {
    const another = await startApp(current().storage);
    onTestFinished(() => another.close());
    return another;
  }

  /** Three messages and an edit, of which the second goes with its edit; the places of all of them. */
  async function talk(owner: Seat): Promise<Record<string, string>> {
    const cursors: Record<string, string> = {};
    const say = async (id: string, message = {}) => {
      cursors[id] = cursorOf(await owner.send({ id, ...message }));
    };
    await say('message-1');
    await say('message-2', { text: 'a secret' });
    await say('message-3');
    await say('the-edit', { text: 'a secret, too', about: { kind: 'edit', id: 'message-2' } });
    expect((await owner.takeBack('message-2')).status).toBe(204);
    await say('message-4');
    return cursors;
  }

  it('is heard live as gone, and by whoever was away, from the ring and from Redis, with none of its words', async () => {
    const owner = await api.open();
    const live = await listen(app.url, owner);
    const cursors = await talk(owner);
    await soon(() => expect(idsOf(live)).toEqual(['message-1', 'message-2', 'message-3', 'the-edit', 'message-4']));
    expect(takenBackOf(live)).toEqual(['message-2']);
    const expected: [from: string, ids: string[]][] = [
      ['0', ['message-1', 'message-3', 'message-4']],
      [cursors['message-1'] ?? '', ['message-3', 'message-4']],
      [cursors['message-2'] ?? '', ['message-3', 'message-4']],
      [cursors['message-3'] ?? '', ['message-4']],
      [cursors['the-edit'] ?? '', ['message-4']],
    ];
    const elsewhere = await anotherProcess();
    for (const url of [app.url, elsewhere.url]) {
      for (const [lastAck, ids] of expected) {
        const back = await listen(url, owner, { lastAck });
        await soon(() => expect(idsOf(back)).toEqual(ids));
        expect(takenBackOf(back)).toEqual(['message-2']);
        expect(JSON.stringify(back.words)).not.toContain('a secret');
        back.close();
      }
    }
  });

  it('does not disturb what is said afterwards, where the newest message itself is gone', async () => {
    const owner = await api.open();
    const live = await listen(app.url, owner);
    const cursor = cursorOf(await owner.send({ id: 'message-1' }));
    await soon(() => expect(idsOf(live)).toEqual(['message-1']));
    await owner.takeBack('message-1');
    await soon(() => expect(takenBackOf(live)).toEqual(['message-1']));
    current().recorded.length = 0;
    for (let index = 2; index < 6; index += 1) await owner.send({ id: `message-${index}` });
    const later = ['message-2', 'message-3', 'message-4', 'message-5'];
    await soon(() => expect(idsOf(live)).toEqual(['message-1', ...later]));
    // Nothing was missed, so nothing was read again.
    expect(current().recorded.filter(({ name }) => name.startsWith('EVAL'))).toHaveLength(4);
    const back = await listen(app.url, owner, { lastAck: cursor });
    await soon(() => expect(idsOf(back)).toEqual(later));
  });

  it('is heard once by each of many who listen while everything is taken back', async () => {
    const owner = await api.open();
    const guests = await Promise.all(Array.from({ length: 3 }, () => api.join(owner.roomId)));
    const streams = await Promise.all([owner, ...guests].map((seat) => listen(app.url, seat)));
    const ids = Array.from({ length: 30 }, (_, index) => `message-${index}`);
    await Promise.all(
      ids.map(async (id, index) => {
        const seat = guests[index % guests.length] ?? owner;
        await seat.send({ id });
        await (index % 2 === 0 ? seat : owner).takeBack(id);
      }),
    );
    for (const stream of streams) {
      await soon(() => expect(takenBackOf(stream).sort()).toEqual([...ids].sort()));
      expect(idsOf(stream).sort()).toEqual([...ids].sort());
    }
    const back = await listen(app.url, owner, { lastAck: '0' });
    await soon(() => expect(takenBackOf(back)).toHaveLength(30));
    expect(idsOf(back)).toEqual([]);
  });

  it('in a sealed room is what was named', async () => {
    const owner = await api.open(sealedRoom());
    const sealed = sealedMessage();
    for (const id of ['message-1', 'message-2', 'message-3']) await owner.send({ id, ...sealed });
    await owner.takeBack('message-1', 'message-3');
    const back = await listen(app.url, owner, { lastAck: '0' });
    await soon(() => expect(takenBackOf(back)).toEqual(['message-1', 'message-3']));
    expect(idsOf(back)).toEqual(['message-2']);
  });
});
