import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseRoomEvent } from '@/domain/events';
import { STREAMS_PER_MEMBER } from '@/domain/limits';
import { openRoom } from '@/server/services/open-room';
import { type AppOptions, type TestApp, startApp } from '@tests/support/app';
import { askRaw, type EventStream, listen, openStream, readRaw, soon, streamPath } from '@tests/support/event-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const texts = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `text ${from + index}`);
const longText = (index: number) => `${index} ${'🙂'.repeat(900)}`;
/** The number at the beginning of such a text. */
const numbersOf = (stream: EventStream) => stream.texts().map((text) => parseInt(text));

describeOnEveryStorage('the event stream', (current) => {
  let app: TestApp;
  let api: RoomsApi;
  const hub = { linger: 200 };
  beforeAll(async () => {
    app = await startApp(current().storage, { timings: hub });
    api = roomsApi(app);
  });
  afterAll(() => app.close());

  async function anotherProcess(options: AppOptions = { timings: hub }): Promise<TestApp> {
    const another = await startApp(current().storage, options);
    onTestFinished(() => another.close());
    return another;
  }

  async function say(seat: Seat, from: number, to: number): Promise<void> {
    for (const text of texts(from, to)) await seat.send({ text });
  }

  const heardTexts = (stream: EventStream, expected: string[]) => soon(() => expect(stream.texts()).toEqual(expected));
  /** How many subscribers Redis has for a room: as many receive publications that are not events. */
  const subscriptions = ({ roomId }: Pick<Seat, 'roomId'>) => current().command('PUBLISH', roomId, 'counting');
  const unfollowed = (seat: Pick<Seat, 'roomId'>) => soon(async () => expect(await subscriptions(seat)).toBe(0));
  const endOf = (stream: EventStream) => soon(() => expect(stream.ended).toBe(true));

  describe('members hear', () => {
    it('every message, typed, once and in the order in which they were stored, whoever sent it', async () => {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const streams = [await listen(app.url, owner), await listen(app.url, guest), await listen(app.url, guest)];
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 ? owner : guest).send({ text: `text ${index}` })),
      );
      const { body } = await owner.history();
      const { messages } = body as { messages: { id: string; cursor: string; text: string }[] };
      expect(messages).toHaveLength(40);
      for (const stream of streams) {
        await soon(() => expect(stream.of('chat.message')).toHaveLength(40));
        expect(stream.of('chat.message').map(({ id, data }) => ({ ...(data as object), cursor: id }))).toEqual(
          messages,
        );
        for (const { event = '', channel, data } of stream.of('chat.message')) {
          expect(channel).toBe(owner.roomId);
          expect(parseRoomEvent(event, data)).toEqual({ event: 'chat.message', data });
        }
      }
    });

    it('a repeated message id once', async () => {
      const seat = await api.open();
      const stream = await listen(app.url, seat);
      for (let repeat = 0; repeat < 3; repeat += 1) await seat.send({ id: 'the-same-id', text: 'once' });
      await seat.send({ text: 'last' });
      await heardTexts(stream, ['once', 'last']);
    });

    it('of everyone who comes, takes a name, leaves or becomes the owner, and of changes to the room', async () => {
      const owner = await api.open();
      const stream = await listen(app.url, owner);
      const guest = await api.join(owner.roomId);
      await guest.rename('Quiet Otter');
      await owner.lock(true);
      await owner.lock(false);
      await guest.leave();
      const events = () => stream.words.filter(({ event }) => event !== undefined && event !== 'presence.changed');
      await soon(() => expect(events()).toHaveLength(5));
      expect(events().map(({ event = '', data }) => parseRoomEvent(event, data))).toEqual([
        { event: 'member.joined', data: { memberId: guest.memberId, joinedAt: expect.any(Number) as number } },
        { event: 'member.updated', data: { memberId: guest.memberId, name: 'Quiet Otter' } },
        { event: 'room.updated', data: { locked: true } },
        { event: 'room.updated', data: { locked: false } },
        { event: 'member.left', data: { memberId: guest.memberId, reason: 'left' } },
      ]);
    });

    it('nothing of another room', async () => {
      const [seat, other] = [await api.open(), await api.open()];
      const stream = await listen(app.url, seat);
      await other.send({ text: 'elsewhere' });
      await seat.send({ text: 'here' });
      await heardTexts(stream, ['here']);
    });

    it('the same through another process', async () => {
      const another = await anotherProcess();
      const owner = await api.open();
      const here = await listen(app.url, owner);
      const there = await listen(another.url, owner);
      await Promise.all([
        say(owner, 1, 5),
        roomsApi(another).ask('POST', `/api/messages?roomId=${owner.roomId}`, {
          token: owner.token,
          json: { sender: 'x', text: 'through the other' },
        }),
      ]);
      await soon(() => expect(there.texts()).toHaveLength(6));
      await heardTexts(here, there.texts());
    });
  });

  describe('a stream begins', () => {
    it('with new events, when no position is given', async () => {
      const seat = await api.open();
      await say(seat, 1, 3);
      const stream = await listen(app.url, seat);
      await say(seat, 4, 5);
      await heardTexts(stream, texts(4, 5));
    });

    it('at the position that the history returned', async () => {
      const seat = await api.open();
      await say(seat, 1, 3);
      const { body } = await seat.history('limit=2');
      const { cursor } = body as { cursor: string };
      const stream = await listen(app.url, seat, { lastAck: cursor });
      expect(stream.words[0]).toEqual({ type: 'connected', channel: seat.roomId, cursor });
      await say(seat, 4, 4);
      await heardTexts(stream, texts(3, 4));
    });

    it.each(['0', '0-0', '1'])(
      'at the beginning for %s, in a room that is followed, and in one that is not',
      async (lastAck) => {
        const seat = await api.open();
        await say(seat, 1, 3);
        const first = await listen(app.url, seat, { lastAck });
        await heardTexts(first, texts(1, 3));
        const second = await listen(app.url, seat, { lastAck });
        await heardTexts(second, texts(1, 3));
      },
    );

    it('where it broke off, however long ago, on this process or another', async () => {
      const another = await anotherProcess();
      const seat = await api.open();
      let stream = await listen(app.url, seat);
      const heard: string[] = [];
      for (let round = 0; round < 4; round += 1) {
        await say(seat, round * 10 + 1, round * 10 + 5);
        await heardTexts(stream, texts(round * 10 + (round === 0 ? 1 : -4), round * 10 + 5));
        heard.push(...stream.texts());
        stream.close();
        if (round > 1) await unfollowed(seat);
        await say(seat, round * 10 + 6, round * 10 + 10);
        stream = await listen((round % 2 ? app : another).url, seat, { lastAck: stream.cursor });
      }
      await heardTexts(stream, texts(36, 40));
      expect([...heard, ...stream.texts()]).toEqual(texts(1, 40));
    });

    it('without losing or repeating anything, whatever is sent meanwhile', async () => {
      const seat = await api.open();
      const saying = say(seat, 1, 60);
      const streams: EventStream[] = [];
      for (let round = 0; round < 12; round += 1) {
        await soon(() => Promise.all([seat.look()]));
        streams.push(await listen(app.url, seat, { lastAck: '0' }));
      }
      await saying;
      for (const stream of streams) await heardTexts(stream, texts(1, 60));
    }, 60_000);
  });

  describe('a long way behind', () => {
    it('a listener gets megabytes, as fast as it reads, and stays', async () => {
      const seat = await api.open();
      const said = Array.from({ length: 450 }, (_, index) => longText(index));
      for (const text of said) expect(await seat.send({ text })).toMatchObject({ status: 201 });
      const stream = await listen(app.url, seat, { lastAck: '0' });
      stream.pause();
      await seat.send({ text: '450' });
      stream.resume();
      await soon(() => expect(numbersOf(stream)).toEqual(Array.from({ length: 451 }, (_, index) => index)), 20_000);
      expect(stream.ended).toBe(false);
    }, 60_000);

    it('a listener is asked to read the history again, and its stream ends', async () => {
      const seat = await api.open();
      // Written as the library would, because a person would need an hour for it.
      const entry = (text: string) => JSON.stringify({ ...messageOf(seat), text });
      for (const text of texts(1, 2_100)) {
        await current().command(
          'XADD',
          seat.roomId,
          '*',
          'data',
          entry(text),
          'event',
          'chat.message',
          'channel',
          seat.roomId,
        );
      }
      await listen(app.url, seat);
      const stream = await listen(app.url, seat, { lastAck: '1' });
      await endOf(stream);
      expect(stream.words.at(-1)).toEqual({ type: 'error', error: 'read_afresh' });
      expect(stream.texts()).toEqual(texts(1, 2_000));
    }, 60_000);
  });

  describe('the end of a stream', () => {
    it('comes for every listener at the moment of expiry', async () => {
      const { room, token } = await openRoom(app.context, { lifetimeMs: 500, maxMembers: 4 });
      const seat = { roomId: room.roomId, token };
      const guest = await api.join(room.roomId);
      const streams = [await listen(app.url, seat), await listen(app.url, seat), await listen(app.url, guest)];
      const another = await anotherProcess();
      streams.push(await listen(another.url, guest));
      for (const stream of streams) await endOf(stream);
      expect(Date.now() - room.expiresAt).toBeLessThan(1_000);
      for (const stream of streams) {
        expect(stream.words.at(-1)).toMatchObject({
          event: 'chat.destroy',
          data: { isDestroyed: true, reason: 'expired' },
        });
        expect(stream.of('chat.destroy')).toHaveLength(1);
      }
      await unfollowed(room);
    });

    it('comes for every listener, on every process, when the owner destroys the room', async () => {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const another = await anotherProcess();
      const streams = [await listen(app.url, owner), await listen(app.url, guest), await listen(another.url, guest)];
      await guest.send({ text: 'last words' });
      await owner.destroy();
      for (const stream of streams) {
        await endOf(stream);
        expect(stream.words.at(-1)).toMatchObject({
          event: 'chat.destroy',
          data: { isDestroyed: true, reason: 'destroyed' },
        });
        expect(stream.texts()).toEqual(['last words']);
      }
      const { response } = await askRaw(app.url, streamPath(owner.roomId), {
        headers: { authorization: `Bearer ${guest.token}` },
      });
      expect(response.statusCode).toBe(404);
    });

    it.each(['left', 'removed'] as const)(
      'comes at once for a member who is no longer in the room (%s), on every process, and the others go on',
      async (reason) => {
        const owner = await api.open();
        const guest = await api.join(owner.roomId);
        const another = await anotherProcess();
        const going = [await listen(app.url, guest), await listen(app.url, guest), await listen(another.url, guest)];
        const staying = [await listen(app.url, owner), await listen(another.url, owner)];
        const begun = performance.now();
        await (reason === 'left' ? guest.leave() : owner.remove(guest.memberId));
        await Promise.all(going.map(endOf));
        expect(performance.now() - begun).toBeLessThan(1_000);
        await owner.send({ text: 'without them' });
        for (const stream of staying) await heardTexts(stream, ['without them']);
        for (const stream of going) {
          expect(stream.words.at(-1)).toMatchObject({
            event: 'member.left',
            data: { memberId: guest.memberId, reason },
          });
          expect(stream.texts()).toEqual([]);
        }
        const { response } = await askRaw(app.url, streamPath(owner.roomId), {
          headers: { authorization: `Bearer ${guest.token}` },
        });
        expect(response.statusCode).toBe(401);
      },
    );

    it('comes for a removed member even while the stream was just being opened', async () => {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const streams = await Promise.all([
        ...Array.from({ length: 6 }, () => openStream(app.url, guest).catch(() => null)),
        owner.remove(guest.memberId).then(() => null),
        ...Array.from({ length: 6 }, () => openStream(app.url, guest).catch(() => null)),
      ]);
      await owner.send({ text: 'not for them' });
      for (const stream of streams) {
        if (stream === null) continue;
        await endOf(stream);
        expect(stream.texts()).toEqual([]);
      }
    });

    it('comes with a request to reconnect when the process stops, at once and with no new stream', async () => {
      const stopping = await startApp(current().storage);
      const seat = await api.open();
      const streams = [await listen(stopping.url, seat), await listen(stopping.url, seat)];
      await say(seat, 1, 1);
      await Promise.all(streams.map((stream) => heardTexts(stream, texts(1, 1))));
      await stopping.context.hub.close();
      for (const stream of streams) {
        await endOf(stream);
        expect(stream.words.at(-1)).toEqual({ type: 'reconnect', timestamp: expect.any(Number) as number });
      }
      const { response } = await askRaw(stopping.url, streamPath(seat.roomId), {
        headers: { authorization: `Bearer ${seat.token}` },
      });
      expect(response.statusCode).toBe(503);
      expect(JSON.parse(await readRaw(response))).toMatchObject({ code: 'storage_unavailable' });
      await say(seat, 2, 2);
      const elsewhere = await listen(app.url, seat, { lastAck: streams[0]?.cursor });
      await heardTexts(elsewhere, texts(2, 2));
      await stopping.close();
    });

    it('comes at planned times, for each stream at its own', async () => {
      const limited = await anotherProcess({ timings: { ...hub, renewal: 800 } });
      const seat = await api.open();
      const begun = performance.now();
      const lives = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const stream = await listen(limited.url, seat);
          await endOf(stream);
          expect(stream.words.at(-1)).toMatchObject({ type: 'reconnect' });
          return performance.now() - begun;
        }),
      );
      expect(Math.min(...lives)).toBeGreaterThan(350);
      expect(Math.max(...lives)).toBeLessThan(1_500);
      expect(Math.max(...lives) - Math.min(...lives)).toBeGreaterThan(20);
    });

    it('comes for a reader that has stalled with a megabyte waiting, and for no other; it reconnects with its position', async () => {
      const seat = await api.open();
      const stalled = await listen(app.url, seat);
      const reading = await listen(app.url, seat);
      stalled.pause();
      expect(await subscriptions(seat)).toBe(1);
      const payload = (index: number) => JSON.stringify({ ...messageOf(seat), text: `${index}`.padEnd(100_000, '.') });
      const published = 200;
      for (let index = 1; index <= published; index += 1) {
        const id = String(
          await current().command(
            'XADD',
            seat.roomId,
            '*',
            'data',
            payload(index),
            'event',
            'chat.message',
            'channel',
            seat.roomId,
          ),
        );
        const event = `{"data":${payload(index)},"event":"chat.message","channel":"${seat.roomId}","id":"${id}"}`;
        await current().command('PUBLISH', seat.roomId, event);
        await soon(() => expect(reading.of('chat.message')).toHaveLength(index));
      }
      stalled.resume();
      await endOf(stalled);
      expect(reading.ended).toBe(false);
      const before = stalled.of('chat.message').length;
      expect(before).toBeLessThan(published);
      const back = await listen(app.url, seat, { lastAck: stalled.cursor });
      await soon(() => expect(back.of('chat.message')).toHaveLength(published - before));
      expect([...numbersOf(stalled), ...numbersOf(back)]).toEqual(
        Array.from({ length: published }, (_, index) => index + 1),
      );
    }, 60_000);
  });

  it('does not come, and nothing is missed, when every subscription breaks', async () => {
    const seat = await api.open();
    const stream = await listen(app.url, seat);
    for (let round = 0; round < 3; round += 1) {
      await say(seat, round * 10 + 1, round * 10 + 3);
      await current().breakSubscriptions();
      await say(seat, round * 10 + 4, round * 10 + 10);
    }
    await heardTexts(stream, texts(1, 30));
    expect(stream.ended).toBe(false);
  });

  it('comes for everybody, as the end of the room, when Redis has forgotten the room', async () => {
    const quick = await anotherProcess({ timings: { heartbeat: 100 } });
    const seat = await api.open();
    const stream = await listen(quick.url, seat);
    await current().flush();
    await endOf(stream);
    expect(stream.words.at(-1)).toMatchObject({ event: 'chat.destroy', data: { reason: 'destroyed' } });
  });

  it('makes room for another: a member may have a fixed number of tabs and no more, and as many again when some have closed', async () => {
    const strict = await anotherProcess({ rateLimits: true });
    const [owner] = [await api.open()];
    const guest = await api.join(owner.roomId);
    const streams: EventStream[] = [];
    for (let count = 0; count < STREAMS_PER_MEMBER; count += 1) streams.push(await listen(strict.url, owner));
    const refused = await askRaw(strict.url, streamPath(owner.roomId), {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(JSON.parse(await readRaw(refused.response))).toMatchObject({ code: 'rate_limited', status: 429 });
    await listen(strict.url, guest);
    streams[0]?.close();
    await soon(() => listen(strict.url, owner));
    expect(streams.slice(1).map(({ ended }) => ended)).toEqual(
      Array.from({ length: STREAMS_PER_MEMBER - 1 }, () => false),
    );
  });
});

const messageOf = ({ roomId, memberId }: Seat) => ({
  id: 'written-by-hand',
  roomId,
  memberId,
  sender: 'x',
  text: '',
  timestamp: 1,
});
