import * as z from 'zod/mini';
import { afterAll, expect, it } from 'vitest';
import { MESSAGES_PER_MEMBER, SEALED_CHARACTERS_MAX } from '@/domain/limits';
import { messageWithCursorSchema } from '@/domain/message';
import { newMessageId } from '@/server/auth/tokens';
import { type TestApp, startApp } from '@tests/support/app';
import { A_CURSOR, aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, type RoomsApi, roomsApi, type Seat, SENDER, TEXT } from '@tests/support/rooms';
import { joinSealed, rekey, rekeyTo, sealedMessage, sealedOf, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const messagesOf = ({ body }: Answer) => z.object({ messages: z.array(messageWithCursorSchema) }).parse(body).messages;
const SEALED = sealedOf(214);
/** What a delivered event of a short message costs at most. */
const FRAME_BYTES_MAX = 450;

describeOnEveryStorage('a message of a sealed room', (current) => {
  const apps: TestApp[] = [];
  const begin = async (rateLimits = false) => {
    const app = await startApp(current().storage, { rateLimits });
    apps.push(app);
    return { api: roomsApi(app), url: app.url };
  };
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  async function open(rateLimits = false): Promise<{ api: RoomsApi; url: string; owner: Seat }> {
    const { api, url } = await begin(rateLimits);
    return { api, url, owner: await api.open(sealedRoom()) };
  }

  it('is one sealed text, stored, heard and read without a sender', async () => {
    const { url, owner } = await open();
    const stream = await listenTo(url, owner);
    const answer = await owner.send({ id: 'client-made_1', ...sealedMessage() });
    expect(answer.status).toBe(201);
    const { roomId, memberId } = owner;
    const message = { id: 'client-made_1', roomId, memberId, text: SEALED, timestamp: aNumber };
    expect(answer.body).toEqual({ ...message, cursor: A_CURSOR });
    await eventually(() => expect(stream.data('chat.message')).toEqual([message]));
    expect(messagesOf(await owner.history())).toEqual([answer.body]);
    expect((await owner.send({ id: 'client-made_1', ...sealedMessage() })).body).toEqual(answer.body);
  });

  it(`of 128 padded bytes is delivered in at most ${FRAME_BYTES_MAX} bytes`, async () => {
    const { url, owner } = await open();
    const controller = new AbortController();
    const response = await fetch(`${url}/api/realtime?channel=${owner.roomId}`, {
      headers: { authorization: `Bearer ${owner.token}` },
      signal: controller.signal,
    });
    let received = '';
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received += decoder.decode(chunk, { stream: true });
    })().catch(() => undefined);
    // 128 bytes and the 16 of the seal, in base64url.
    const text = `v2.0.${'A'.repeat(16)}.${'B'.repeat(Math.ceil(((128 + 16) * 4) / 3))}`;
    expect((await owner.send({ id: newMessageId(), sender: undefined, text })).status).toBe(201);
    await eventually(() => expect(received).toMatch(/"event":"chat\.message".*\n\n/));
    const frame = received.split(/(?<=\n\n)/).find((one) => one.includes('"chat.message"')) ?? '';
    expect(Buffer.byteLength(frame)).toBeGreaterThan(text.length);
    expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES_MAX);
    controller.abort();
    await reading;
  });

  it('is accepted up to 45,056 characters', async () => {
    const { owner } = await open();
    expect((await owner.send(sealedMessage(SEALED_CHARACTERS_MAX))).status).toBe(201);
    expectProblem(await owner.send(sealedMessage(SEALED_CHARACTERS_MAX + 1)), 'invalid_request', ['text']);
    expect((await owner.send({ sender: undefined, text: 'v2.0.0123456789abcdef.A' })).status).toBe(201);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a plain text', { sender: undefined, text: TEXT }, ['sender']],
    ['a plain text and a sender', {}, ['sender', 'text']],
    ['a sender', { sender: SENDER, text: SEALED }, ['sender']],
    ['a sealed sender', { sender: SEALED, text: SEALED }, ['sender']],
    ['something that it is about', { ...sealedMessage(), about: { kind: 'reply', id: 'message-1' } }, ['about']],
    [
      'a file',
      { ...sealedMessage(), file: { fileId: 'A'.repeat(22), name: 'a.txt', type: 'text/plain', bytes: 5, pieces: 1 } },
      ['file'],
    ],
    ['a file that is null', { ...sealedMessage(), file: null }, ['file']],
    ['a text of the version before', { sender: undefined, text: SEALED.replace('v2.0', 'v1') }, ['sender']],
    ['no epoch', { sender: undefined, text: SEALED.replace('v2.0', 'v2') }, ['sender']],
    ['an epoch that is written otherwise', { sender: undefined, text: SEALED.replace('v2.0', 'v2.00') }, ['sender']],
    ['a short initialization vector', { sender: undefined, text: `v2.0.${'A'.repeat(15)}.BBBB` }, ['sender']],
    ['a long initialization vector', { sender: undefined, text: `v2.0.${'A'.repeat(17)}.BBBB` }, ['sender']],
    ['nothing sealed', { sender: undefined, text: `v2.0.${'A'.repeat(16)}.` }, ['sender']],
    ['base64 of the other alphabet', { sender: undefined, text: `${SEALED}+/=` }, ['sender']],
    ['a line break behind', { sender: undefined, text: `${SEALED}\n` }, ['sender']],
  ])('is refused with %s', async (_, message, paths) => {
    const { owner } = await open();
    await owner.send({ id: 'message-1', ...sealedMessage() });
    const answer = await owner.send(message);
    expectProblem(answer, 'invalid_request');
    // A text that is not sealed fits a plain room but for its sender: it is refused before anybody knows the kind of this one.
    const found = z.object({ errors: z.array(z.object({ path: z.string() })) }).parse(answer.body).errors;
    expect(new Set(found.map(({ path }) => path))).toEqual(new Set(paths));
    expect(messagesOf(await owner.history())).toHaveLength(1);
  });

  it('has no sender by default in a plain room either: there it is required', async () => {
    const { api } = await begin();
    const owner = await api.open();
    expectProblem(await owner.send({ sender: undefined }), 'invalid_request', ['sender']);
    expectProblem(await owner.send(sealedMessage()), 'invalid_request', ['sender']);
    expect((await owner.send({ text: sealedOf(300) })).status).toBe(201);
  });

  it('is refused when sealed for another epoch than the room’s, and its id may be sent again', async () => {
    const { api, owner } = await open();
    const guest = await joinSealed(api, owner.roomId);
    expectProblem(await guest.send({ id: 'message-1', ...sealedMessage(300, 1) }), 'epoch_changed');
    await rekey(api, owner, rekeyTo(1, [owner, guest]));
    for (const epoch of [0, 2, 100, 101, 999])
      expectProblem(await guest.send({ id: 'message-1', ...sealedMessage(300, epoch) }), 'epoch_changed');
    expect(messagesOf(await owner.history())).toEqual([]);
    expect((await guest.send({ id: 'message-1', ...sealedMessage(300, 1) })).status).toBe(201);
  });

  it('that is stored is found again in any epoch, and is another one when sealed again', async () => {
    const { api, owner } = await open();
    const first = await owner.send({ id: 'message-1', ...sealedMessage() });
    for (const epoch of [1, 2]) {
      await rekey(api, owner, rekeyTo(epoch, [owner]));
      expect(await owner.send({ id: 'message-1', ...sealedMessage() })).toMatchObject({
        status: 200,
        body: first.body,
      });
      const anew = await owner.send({ id: 'message-1', ...sealedMessage(214, epoch) });
      expectProblem(anew, 'message_id_taken');
    }
  });

  it('of another epoch uses neither rate nor share', async () => {
    const { owner } = await open(true);
    const used = async () => current().command('HGETALL', `room:{${owner.roomId}}:used`);
    await owner.send(sealedMessage());
    const before = await used();
    for (let index = 0; index < MESSAGES_PER_MEMBER.max + 5; index += 1)
      expectProblem(await owner.send(sealedMessage(10_000, 1)), 'epoch_changed');
    expect(await used()).toEqual(before);
    for (let index = 1; index < MESSAGES_PER_MEMBER.max; index += 1)
      expect((await owner.send(sealedMessage())).status).toBe(201);
    expectProblem(await owner.send(sealedMessage()), 'rate_limited');
    // Refused for its epoch before its rate: waiting would not help.
    expectProblem(await owner.send(sealedMessage(300, 1)), 'epoch_changed');
  });
});
