import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { compareCursors, messageWithCursorSchema } from '@/domain/message';
import { type TestApp, startApp } from '@tests/support/app';
import { A_CURSOR, A_ROOM_ID, aNumber } from '@tests/support/matchers';
import { expectProblem } from '@tests/support/problems';
import { type Answer, type RoomsApi, roomsApi, SEALED_TEXT, type Seat, SENDER, TEXT } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const pageSchema = z.strictObject({
  messages: z.array(messageWithCursorSchema),
  removed: z.array(z.string()),
  cursor: z.string(),
});
const messageOf = ({ body }: Answer) => messageWithCursorSchema.parse(body);
const pageOf = ({ body }: Answer) => pageSchema.parse(body);

/** A character of two UTF-16 units, because code points are counted. */
const BUTTERFLY = '🦋';

describeOnEveryStorage('messages', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  describe('sending one', () => {
    it('returns it as stored, stamped by the server', async () => {
      const owner = await (await begin()).open();
      const forged = { roomId: 'x', memberId: 'x'.repeat(16), timestamp: 1, cursor: '1-1', owner: true };
      const { status, headers, body } = await owner.send({ id: 'client-made_1', ...forged });
      expect(status).toBe(201);
      expect(headers.get('cache-control')).toContain('no-store');
      const { roomId, memberId } = owner;
      expect(body).toEqual({
        id: 'client-made_1',
        roomId,
        memberId,
        sender: SENDER,
        text: TEXT,
        timestamp: aNumber,
        cursor: A_CURSOR,
      });
      expect(messageOf({ status, headers, body }).timestamp).toBeGreaterThanOrEqual(owner.createdAt);
      expect((await owner.history()).body).toMatchObject({ messages: [body] });
    });

    it('makes an id when none is given', async () => {
      const owner = await (await begin()).open();
      const [first, second] = [messageOf(await owner.send()), messageOf(await owner.send())];
      expect(first.id).toEqual(A_ROOM_ID);
      expect(second.id).not.toBe(first.id);
    });

    it.each([
      ['an id of 8 characters', { id: 'a-_45678' }],
      ['an id of 64 characters', { id: 'a'.repeat(64) }],
      ['a sender of 1 character', { sender: BUTTERFLY }],
      ['a sender of 100 characters', { sender: BUTTERFLY.repeat(100) }],
      ['a text of 1 character', { text: '0' }],
      ['a text of 1,000 characters', { text: BUTTERFLY.repeat(1_000) }],
      ['a text that looks sealed', { sender: SENDER, text: SEALED_TEXT }],
    ])('accepts %s, and keeps it as it is', async (_, message) => {
      const owner = await (await begin()).open();
      const answer = await owner.send(message);
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject(message);
      expect(pageOf(await owner.history()).messages).toEqual([messageOf(answer)]);
    });

    it.each([
      ['an id of 7 characters', { id: 'a234567' }, ['id']],
      ['an id of 65 characters', { id: 'a'.repeat(65) }, ['id']],
      ['an id of other characters', { id: 'a.2345678' }, ['id']],
      ['an id with a line break behind', { id: 'a2345678\n' }, ['id']],
      ['an id that is no text', { id: 12_345_678 }, ['id']],
      ['no sender', { sender: undefined }, ['sender']],
      ['an empty sender', { sender: '' }, ['sender']],
      ['a blank sender', { sender: ' \u00a0\u2003' }, ['sender']],
      ['a sender of 101 characters', { sender: 'a'.repeat(101) }, ['sender']],
      ['a sender that is no text', { sender: 5 }, ['sender']],
      ['no text', { text: undefined }, ['text']],
      ['an empty text', { text: '' }, ['text']],
      ['a blank text', { text: '\n\t ' }, ['text']],
      ['a text of 1,001 characters', { text: BUTTERFLY.repeat(1_001) }, ['text']],
      ['a text that is no text', { text: ['hello'] }, ['text']],
      ['half of a character in the text', { text: 'a\ud83e' }, ['text']],
      ['the other half in the sender', { sender: '\udd8b' }, ['sender']],
      ['both wrong', { sender: '', text: '' }, ['sender', 'text']],
    ])('refuses %s and stores nothing', async (_, message, paths) => {
      const owner = await (await begin()).open();
      expectProblem(await owner.send(message), 'invalid_request', paths);
      expect(pageOf(await owner.history())).toEqual({ messages: [], removed: [], cursor: '0-0' });
    });
  });

  describe('sending one again', () => {
    it('returns 200 with the same message, and stores it once', async () => {
      const owner = await (await begin()).open();
      const first = await owner.send({ id: 'message-1' });
      await owner.send({ id: 'message-2' });
      const again = await owner.send({ id: 'message-1' });
      expect(again.status).toBe(200);
      expect(again.body).toEqual(first.body);
      expect(pageOf(await owner.history()).messages.map(({ id }) => id)).toEqual(['message-1', 'message-2']);
    });

    it('is refused with another text, another sender’s name, or by another member', async () => {
      const api = await begin();
      const owner = await api.open();
      const guest = await api.join(owner.roomId);
      const first = await owner.send({ id: 'message-1' });
      expectProblem(await owner.send({ id: 'message-1', text: 'other' }), 'message_id_taken');
      expectProblem(await owner.send({ id: 'message-1', sender: 'Other' }), 'message_id_taken');
      expectProblem(await guest.send({ id: 'message-1' }), 'message_id_taken');
      expect(pageOf(await owner.history()).messages).toEqual([first.body]);
    });

    it('has nothing to do with the same id in another room', async () => {
      const api = await begin();
      const [here, there] = [await api.open(), await api.open()];
      expect((await here.send({ id: 'message-1' })).status).toBe(201);
      expect((await there.send({ id: 'message-1' })).status).toBe(201);
    });
  });

  describe('reading them', () => {
    async function talk(count: number): Promise<{ owner: Seat; ids: string[] }> {
      const owner = await (await begin()).open();
      const ids = Array.from({ length: count }, (_, index) => `message-${index}`);
      for (const id of ids) await owner.send({ id });
      return { owner, ids };
    }
    const idsOf = (answer: Answer) => pageOf(answer).messages.map(({ id }) => id);

    it('returns an empty list from an empty room', async () => {
      const owner = await (await begin()).open();
      expect((await owner.history()).body).toEqual({ messages: [], removed: [], cursor: '0-0' });
    });

    it('returns 100 unless another limit from 1 to 200 is given, oldest first', async () => {
      const { owner, ids } = await talk(205);
      expect(idsOf(await owner.history())).toEqual(ids.slice(0, 100));
      expect(idsOf(await owner.history('limit=1'))).toEqual(ids.slice(0, 1));
      expect(idsOf(await owner.history('limit=200'))).toEqual(ids.slice(0, 200));
      const cursors = pageOf(await owner.history('limit=200')).messages.map(({ cursor }) => cursor);
      for (const [index, cursor] of cursors.slice(1).entries()) {
        expect(compareCursors(cursor, cursors[index] ?? cursor)).toBeGreaterThan(0);
      }
    });

    it('returns every message once to a client that follows the cursor, whatever the pages and whatever lies between', async () => {
      const api = await begin();
      const owner = await api.open();
      const ids: string[] = [];
      for (let index = 0; index < 23; index += 1) {
        ids.push(messageOf(await owner.send()).id);
        if (index % 3 === 0) await (await api.join(owner.roomId)).leave();
        if (index % 5 === 0) await owner.rename(`Name ${index}`);
      }
      for (const limit of [1, 2, 5, 23, 24, 200]) {
        const seen: string[] = [];
        let cursor = '0-0';
        for (let pages = 0; pages < 40; pages += 1) {
          const page = pageOf(await owner.history(`limit=${limit}&after=${cursor}`));
          expect(page.messages.length).toBeLessThanOrEqual(limit);
          if (page.messages.length === limit) expect(page.cursor).toBe(page.messages.at(-1)?.cursor);
          seen.push(...page.messages.map(({ id }) => id));
          cursor = page.cursor;
        }
        expect(seen).toEqual(ids);
      }
    });

    it('returns nothing again to a client that has everything, only the newest id', async () => {
      const { owner } = await talk(3);
      const { cursor } = pageOf(await owner.history());
      expect((await owner.history(`after=${cursor}`)).body).toEqual({ messages: [], removed: [], cursor });
      const later = messageOf(await owner.send());
      expect((await owner.history(`after=${cursor}`)).body).toEqual({
        messages: [later],
        removed: [],
        cursor: later.cursor,
      });
    });

    it.each([
      '99999999999999-0',
      '18446744073709551615-18446744073709551615',
      '99999999999999999999-99999999999999999999',
    ])('treats %s, from the far future, as later than everything', async (after) => {
      const { owner } = await talk(1);
      const { cursor } = pageOf(await owner.history());
      expect((await owner.history(`after=${after}`)).body).toEqual({ messages: [], removed: [], cursor });
    });

    it.each([
      ['limit=0', ['limit']],
      ['limit=201', ['limit']],
      ['limit=-1', ['limit']],
      ['limit=1.5', ['limit']],
      ['limit=', ['limit']],
      ['limit=ten', ['limit']],
      ['limit=0x10', ['limit']],
      ['limit=1e1', ['limit']],
      ['limit=%205%20', ['limit']],
      ['limit=+5', ['limit']],
      ['limit=%2B5', ['limit']],
      ['limit=5.0', ['limit']],
      ['limit=5&limit=6', ['limit']],
      ['limit[]=5&limit=NaN', ['limit']],
      ['after=abc', ['after']],
      ['after=', ['after']],
      ['after=5', ['after']],
      ['after=-', ['after']],
      ['after=%2B', ['after']],
      ['after=(1-1', ['after']],
      ['after=1-1-1', ['after']],
      ['after=1-1&after=1-2', ['after']],
      ['after=1-1%0A', ['after']],
      ['after=x&limit=0', ['after', 'limit']],
    ])('refuses %s', async (query, paths) => {
      const owner = await (await begin()).open();
      expectProblem(await owner.history(query), 'invalid_request', paths);
    });
  });
});
