import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { type TestApp, startApp } from '@tests/support/app';
import { listen, soon } from '@tests/support/event-stream';
import { expectProblem } from '@tests/support/problems';
import { roomsApi, type Seat } from '@tests/support/rooms';
import {
  cardOf,
  epochsOf,
  joinSealed,
  keyCheckOf,
  rekey,
  rekeyTo,
  sealedMessage,
  sealedOf,
  sealedRoom,
  wrapOf,
} from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const epochsIn = (answer: Awaited<ReturnType<Seat['epochs']>>) => epochsOf(answer).map(({ epoch }) => epoch);

describeOnEveryStorage('the epochs of a room', (current) => {
  const apps: TestApp[] = [];
  const begin = async () => {
    const app = await startApp(current().storage);
    apps.push(app);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('name each rekey with its place in the stream, the card of its owner then, and one’s own wrap', async () => {
    const { api, url } = await begin();
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    expect((await owner.epochs()).body).toEqual({ epochs: [] });
    await rekey(api, owner, rekeyTo(1, [owner, guest]));
    const late = await joinSealed(api, owner.roomId, 1);
    await rekey(api, owner, rekeyTo(2, [owner, guest, late]));
    await owner.leave();
    await rekey(api, guest, rekeyTo(3, [guest, late]));
    const cursors = (await listen(url, guest, { lastAck: '0' })).of('room.rekeyed').map(({ id }) => id);
    const change = (epoch: number, by: Seat) => ({
      epoch,
      by: by.memberId,
      card: cardOf(0, by.memberId),
      cursor: cursors[epoch - 1],
      keyCheck: keyCheckOf(epoch),
      previous: sealedOf(400, epoch),
    });
    const all = [change(1, owner), change(2, owner), change(3, guest)];
    const wrapsOf = ({ memberId }: Seat, from: number) =>
      all.map((one) => (one.epoch < from ? one : { ...one, wrap: wrapOf(one.epoch, memberId) }));
    expect(cursors).toHaveLength(3);
    expect((await guest.epochs()).body).toEqual({ epochs: wrapsOf(guest, 1) });
    expect((await late.epochs()).body).toEqual({ epochs: wrapsOf(late, 2) });
    expect((await late.epochs('after=2')).body).toEqual({ epochs: wrapsOf(late, 2).slice(2) });
  });

  it('come 25 at a time, after the one that is asked for', async () => {
    const { api } = await begin();
    const owner = await api.open(sealedRoom());
    for (let epoch = 1; epoch <= 53; epoch += 1) await rekey(api, owner, rekeyTo(epoch, [owner]));
    const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    expect(epochsIn(await owner.epochs())).toEqual(numbers(1, 25));
    expect(epochsIn(await owner.epochs('after=0'))).toEqual(numbers(1, 25));
    expect(epochsIn(await owner.epochs('after=25'))).toEqual(numbers(26, 50));
    expect(epochsIn(await owner.epochs('after=50'))).toEqual([51, 52, 53]);
    for (const after of [53, 54, 100, 999_999_999]) expect(epochsIn(await owner.epochs(`after=${after}`))).toEqual([]);
  });

  it.each(['', '-1', '1.5', '0x1', '1e1', ' 1', 'end', '1-0', '1234567890', '1&after=2'])(
    'are not read after %j',
    async (after) => {
      const { api } = await begin();
      const owner = await api.open(sealedRoom());
      expectProblem(await owner.epochs(`after=${after}`), 'invalid_request', ['after']);
    },
  );

  it('are for members, and none in a plain room', async () => {
    const { api } = await begin();
    const owner = await api.open(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    await rekey(api, owner, rekeyTo(1, [owner], { remove: guest.memberId }));
    expectProblem(await guest.epochs(), 'not_a_member');
    expectProblem(await api.ask('GET', `/api/epochs?roomId=${owner.roomId}`), 'not_a_member');
    expect((await (await api.open()).epochs()).body).toEqual({ epochs: [] });
  });

  it('are heard in a replay as they were live, from the ring and from Redis, however large', async () => {
    const { api, url } = await begin();
    const owner = await api.open(sealedRoom({ maxMembers: 100 }));
    const guests = await Promise.all(Array.from({ length: 99 }, () => joinSealed(api, owner.roomId)));
    const [guest] = guests;
    if (!guest) throw new Error('Nobody came');
    const live = await listen(url, guest);
    const start = z.object({ cursor: z.string() }).parse((await owner.history()).body).cursor;
    // More than the ring holds, with messages between them.
    for (let epoch = 1; epoch <= 40; epoch += 1) {
      await rekey(api, owner, rekeyTo(epoch, [owner, ...guests], { previous: sealedOf(8_192, epoch) }));
      await guest.send({ id: `message-${epoch}`, ...sealedMessage(300, epoch) });
    }
    const told = (stream: typeof live) =>
      stream.words.filter(({ event }) => event === 'room.rekeyed' || event === 'chat.message');
    await soon(() => expect(told(live)).toHaveLength(80));
    const { url: elsewhere } = await begin();
    for (const [from, count] of [
      [0, 80],
      [60, 19],
      [79, 0],
    ] as const) {
      const lastAck = from === 0 ? start : (told(live)[from]?.id ?? '');
      for (const address of [url, elsewhere]) {
        const back = await listen(address, guest, { lastAck });
        await soon(() => expect(told(back)).toHaveLength(count));
        expect(told(back)).toEqual(told(live).slice(80 - count));
        back.close();
      }
    }
  });
});
