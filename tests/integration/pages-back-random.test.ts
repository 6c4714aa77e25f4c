import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startApp } from '@tests/support/app';
import { walkBackward, walkForward } from '@tests/support/history-pages';
import { type RoomsApi, roomsApi } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const LONG_TEXT = '漢'.repeat(1_000);
const LIVES = { embedded: 60, redis: 25, upstash: 10 };
const seed = Date.now();
const step = fc.record({
  act: fc.constantFrom('post', 'post', 'post', 'long', 'edit', 'edit', 'take back', 'other'),
  who: fc.nat(2),
  whom: fc.nat(40),
});
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** What the room should hold: messages with their authors and, of edits, their targets. */
interface Kept {
  id: string;
  author: string;
  edits: string | null;
}

/** Lives a random talk, and says what it should leave. */
async function talkAtRandom(api: RoomsApi, steps: readonly Step[]) {
  const owner = await api.open();
  const seats = [owner, await api.join(owner.roomId), await api.join(owner.roomId)];
  const said: Kept[] = [];
  let kept: Kept[] = [];
  const removed: string[] = [];
  for (const [index, { act, who, whom }] of steps.entries()) {
    const seat = seats[who] ?? owner;
    const id = `message-${index}`;
    const target = said[whom % Math.max(1, said.length)];
    if (act === 'post' || act === 'long') {
      expect((await seat.send({ id, text: act === 'long' ? LONG_TEXT : 'short' })).status).toBe(201);
      said.push({ id, author: seat.memberId, edits: null });
      kept.push({ id, author: seat.memberId, edits: null });
    } else if (act === 'edit' && target !== undefined) {
      const { status } = await seat.send({ id, about: { kind: 'edit', id: target.id } });
      const isThere = kept.some((one) => one.id === target.id) && target.edits === null;
      expect(status).toBe(!isThere ? 404 : target.author === seat.memberId ? 201 : 403);
      if (status !== 201) continue;
      said.push({ id, author: seat.memberId, edits: target.id });
      kept.push({ id, author: seat.memberId, edits: target.id });
    } else if (act === 'take back' && target !== undefined) {
      const { status } = await seat.takeBack(target.id);
      const mayBe = target.author === seat.memberId || seat === owner;
      expect(status).toBe(mayBe ? 204 : 403);
      if (!mayBe || !kept.some((one) => one.id === target.id)) continue;
      kept = kept.filter((one) => one.id !== target.id && one.edits !== target.id);
      removed.push(target.id);
    } else {
      await seat.rename(`Name ${index}`);
    }
  }
  return { owner, ids: kept.map(({ id }) => id), removed };
}

describeOnEveryStorage('a random talk', (current) => {
  it(`reads the same from both ends, with everything that was taken back named once (seed ${seed})`, async () => {
    const app = await startApp(current().storage);
    const api = roomsApi(app);
    const random = fc.record({ steps: fc.array(step, { maxLength: 50 }), limit: fc.constantFrom(1, 2, 3, 7, 200) });
    await fc.assert(
      fc.asyncProperty(random, async ({ steps, limit }) => {
        const { owner, ids, removed } = await talkAtRandom(api, steps);
        const forwards = await walkForward(owner, limit);
        expect(forwards.flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(ids);
        expect(forwards.flatMap((page) => page.removed)).toEqual(removed);
        const backwards = (await walkBackward(owner, limit)).reverse();
        expect(backwards.flatMap(({ messages }) => messages)).toEqual(forwards.flatMap(({ messages }) => messages));
        expect(backwards.flatMap((page) => page.removed)).toEqual(removed);
        expect(new Set(backwards.map(({ cursor }) => cursor))).toEqual(new Set([forwards.at(-1)?.cursor]));
        await owner.destroy();
      }),
      { seed, numRuns: LIVES[current().storage.kind], endOnFailure: true },
    );
    await app.close();
  });
});
