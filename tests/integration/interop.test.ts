import { handle, Realtime } from '@upstash/realtime';
import { Redis } from '@upstash/redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseRoomEvent, roomEvents } from '@/domain/events';
import type { Message } from '@/domain/message';
import { messageIdSchema } from '@/domain/message';
import { type TestApp, startApp } from '@tests/support/app';
import { listen, readEventStream, soon, type Word } from '@tests/support/event-stream';
import { type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { proofHashOf, rekey, rekeyTo, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('with the unmodified library of Upstash Realtime', (current) => {
  let app: TestApp;
  let api: RoomsApi;
  beforeAll(async () => {
    app = await startApp(current().storage);
    api = roomsApi(app);
  });
  afterAll(() => app.close());

  const library = () => new Realtime({ schema: roomEvents, redis: new Redis(current().storage.requester) });

  /** The events of the library's own route, read as its clients read them. */
  async function listenToTheirs(seat: Seat, lastAck: string): Promise<Word[]> {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const url = `http://localhost/api/realtime?channel=${seat.roomId}&last_ack_${seat.roomId}=${lastAck}`;
    const response = await handle({ realtime: library() })(new Request(url, { signal: controller.signal }));
    if (!response?.body) throw new Error('The library did not answer');
    const words = readEventStream(response.body);
    await soon(() => expect(words[0]).toMatchObject({ type: 'connected' }));
    return words;
  }

  const messageOf = (seat: Seat, text: string): Message => ({
    id: messageIdSchema.parse(`by-theirs-${text.replaceAll(' ', '-')}`),
    roomId: seat.roomId,
    memberId: seat.memberId,
    sender: 'Theirs',
    text,
    timestamp: Date.now(),
  });
  const messagesIn = (words: readonly Word[]) => words.filter(({ event }) => event === 'chat.message');
  const textsIn = (words: readonly Word[]) => messagesIn(words).map(({ data }) => (data as Message).text);
  const NAMES = Array.from({ length: 12 }, (_, index) => `text ${index}`);

  describe('when our side writes, theirs reads', () => {
    it('on its route, live: messages, members, the room and its end', async () => {
      const owner = await api.open();
      const words = await listenToTheirs(owner, '0');
      const ours = await listen(app.url, owner);
      const guest = await api.join(owner.roomId);
      await guest.send({ text: '"quoted" 🙂 </script>\n{"id":"0-0"}' });
      await guest.rename('Quiet Otter');
      await owner.lock(true);
      await guest.leave();
      await owner.destroy();
      await soon(() => expect(words.at(-1)).toMatchObject({ event: 'chat.destroy' }));
      await soon(() => expect(ours.ended).toBe(true));
      const events = (list: readonly Word[]) => list.filter(({ event }) => event !== undefined);
      expect(events(words)).toEqual(
        expect.arrayContaining(events(ours.words).filter(({ event }) => event !== 'presence.changed')),
      );
      for (const { event = '', data } of events(words)) expect(parseRoomEvent(event, data)).toEqual({ event, data });
    });

    it('what a message is about, and that one was taken back', async () => {
      const owner = await api.open();
      const words = await listenToTheirs(owner, '0');
      await owner.send({ id: 'message-1', text: 'as it was' });
      await owner.send({ id: 'the-reply', about: { kind: 'reply', id: 'message-1' } });
      await owner.send({ id: 'the-edit', about: { kind: 'edit', id: 'message-1' }, text: 'as it is' });
      await owner.takeBack('message-1');
      const removal = { id: 'message-1', memberId: owner.memberId, by: owner.memberId };
      await soon(() => expect(words.at(-1)).toMatchObject({ event: 'message.removed', data: removal }));
      for (const { event = '', data } of words.filter((word) => word.event !== undefined)) {
        expect(parseRoomEvent(event, data)).toEqual({ event, data });
      }
      expect(messagesIn(words).map(({ data }) => (data as Message).about?.kind)).toEqual([undefined, 'reply', 'edit']);
      const later = await listenToTheirs(owner, '0');
      await soon(() => expect(later.at(-1)).toMatchObject({ event: 'message.removed', data: removal }));
      expect(messagesIn(later).map(({ data }) => (data as Message).id)).toEqual(['the-reply']);
      expect(await library().channel(owner.roomId).history()).toMatchObject([
        { event: 'chat.message', data: { id: 'the-reply', about: { kind: 'reply', id: 'message-1' } } },
        { event: 'message.removed', data: removal },
      ]);
    });

    it('that the secret of a sealed room was replaced, live and afterwards', async () => {
      const owner = await api.open(sealedRoom());
      const live = await listenToTheirs(owner, '0');
      const { proofHash: _, ...change } = rekeyTo(1, [owner], { previous: sealedOf(8_192, 1) });
      expect((await rekey(api, owner, { ...change, proofHash: proofHashOf(1) })).status).toBe(200);
      await owner.send({ sender: undefined, text: sealedOf(300, 1) });
      for (const words of [live, await listenToTheirs(owner, '0')]) {
        await soon(() =>
          expect(words.at(-1)).toMatchObject({ event: 'chat.message', data: { text: sealedOf(300, 1) } }),
        );
        const told = words.filter(({ event }) => event === 'room.rekeyed');
        expect(told).toMatchObject([{ data: { ...change, by: owner.memberId } }]);
        for (const { event = '', data } of told) expect(parseRoomEvent(event, data)).toEqual({ event, data });
      }
    });

    it('on its route, everything that it missed, exactly as our route sends it', async () => {
      const owner = await api.open();
      for (const text of NAMES) await owner.send({ text });
      const ours = await listen(app.url, owner, { lastAck: '0' });
      const theirs = await listenToTheirs(owner, '0');
      await soon(() => expect(textsIn(theirs)).toEqual(NAMES));
      await soon(() => expect(ours.texts()).toEqual(NAMES));
      expect(messagesIn(theirs)).toEqual(messagesIn(ours.words));
    });

    it('in its history and in its subscription on a server', async () => {
      const owner = await api.open();
      await owner.send({ text: 'before' });
      const channel = library().channel(owner.roomId);
      const heard: unknown[] = [];
      const stop = await channel.subscribe({
        events: ['chat.message'],
        history: true,
        onData: (event) => heard.push(event),
      });
      onTestFinished(() => stop());
      await owner.send({ text: 'after' });
      await soon(() => expect(heard).toHaveLength(2));
      expect(heard).toMatchObject([
        {
          event: 'chat.message',
          channel: owner.roomId,
          data: { sender: 'Quiet Otter', text: 'before', memberId: owner.memberId },
        },
        {
          event: 'chat.message',
          channel: owner.roomId,
          data: { sender: 'Quiet Otter', text: 'after', memberId: owner.memberId },
        },
      ]);
      expect(await channel.history()).toMatchObject([{ data: { text: 'before' } }, { data: { text: 'after' } }]);
    });

    it('everything except that its route’s pings reach no listener on our route', async () => {
      const owner = await api.open();
      const ours = await listen(app.url, owner);
      await current().command('PUBLISH', owner.roomId, JSON.stringify({ type: 'ping', timestamp: 1 }));
      await owner.send({ text: 'after' });
      await soon(() => expect(ours.texts()).toEqual(['after']));
      expect(ours.words.filter(({ type }) => type === 'ping')).toEqual([]);
    });
  });

  describe('when their side writes, ours reads', () => {
    it('live, replayed and in the history', async () => {
      const owner = await api.open();
      const live = await listen(app.url, owner);
      const channel = library().channel(owner.roomId);
      const messages = NAMES.map((text) => messageOf(owner, text));
      for (const message of messages) await channel.emit('chat.message', message);
      await soon(() => expect(live.of('chat.message').map(({ data }) => data)).toEqual(messages));
      const later = await listen(app.url, owner, { lastAck: '0' });
      await soon(() => expect(messagesIn(later.words)).toEqual(messagesIn(live.words)));
      const { body } = await owner.history();
      expect((body as { messages: unknown[] }).messages).toMatchObject(messages);
    });

    it('what a message is about, and that one was taken back: nobody who comes later hears its words', async () => {
      const owner = await api.open();
      const live = await listen(app.url, owner);
      const channel = library().channel(owner.roomId);
      const [first, second] = [messageOf(owner, 'as it was'), messageOf(owner, 'an answer')];
      await channel.emit('chat.message', first);
      await channel.emit('chat.message', { ...second, about: { kind: 'reply', id: first.id } });
      await channel.emit('message.removed', { id: first.id, memberId: owner.memberId, by: owner.memberId });
      await soon(() => expect(live.of('message.removed')).toHaveLength(1));
      expect(live.of('chat.message').map(({ data }) => (data as Message).about)).toEqual([
        undefined,
        { kind: 'reply', id: first.id },
      ]);
      const later = await listen(app.url, owner, { lastAck: '0' });
      await soon(() => expect(later.of('message.removed')).toHaveLength(1));
      expect(later.texts()).toEqual(['an answer']);
      expect((await owner.history()).body).toMatchObject({ removed: [first.id] });
    });

    it('each event once, even when many are written at once and published in another order than they were stored in', async () => {
      const owner = await api.open();
      const live = await listen(app.url, owner);
      const channel = library().channel(owner.roomId);
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => channel.emit('chat.message', messageOf(owner, `text ${index}`))),
      );
      await soon(() => expect(live.of('chat.message')).toHaveLength(60));
      expect(new Set(live.texts()).size).toBe(60);
      const later = await listen(app.url, owner, { lastAck: '0' });
      await soon(() => expect(later.of('chat.message')).toHaveLength(60));
      expect(later.words.map(({ id }) => id).sort()).toEqual(live.words.map(({ id }) => id).sort());
    });

    it('the removal of a member, whose stream then ends', async () => {
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const going = await listen(app.url, guest);
      const staying = await listen(app.url, owner);
      await library().channel(owner.roomId).emit('member.left', { memberId: guest.memberId, reason: 'removed' });
      await soon(() => expect(going.ended).toBe(true));
      expect(staying.ended).toBe(false);
    });
  });
});
