import { afterAll, expect, it } from 'vitest';
import { PAGE_BYTES_MAX } from '@/domain/limits';
import { type TestApp, startApp } from '@tests/support/app';
import { backwardOf, forwardOf, walkBackward, walkForward } from '@tests/support/history-pages';
import { expectProblem } from '@tests/support/problems';
import { type Answer, type RoomsApi, roomsApi, type Seat } from '@tests/support/rooms';
import { describeOnEveryStorage } from '@tests/support/storages';

const LONG_TEXT = '漢'.repeat(1_000);

describeOnEveryStorage('pages from the newest end', (current) => {
  let app: TestApp | undefined;
  const begin = async (): Promise<RoomsApi> => {
    app ??= await startApp(current().storage);
    return roomsApi(app);
  };
  afterAll(() => app?.close());

  async function talk(count: number): Promise<{ owner: Seat; ids: string[] }> {
    const owner = await (await begin()).open();
    const ids = Array.from({ length: count }, (_, index) => `message-${index}`);
    for (const id of ids) await owner.send({ id });
    return { owner, ids };
  }
  const idsOf = (answer: Answer) => backwardOf(answer).messages.map(({ id }) => id);

  it('of a room in which nothing was said are empty, and have nothing before them', async () => {
    const owner = await (await begin()).open();
    const nothing = { messages: [], removed: [], cursor: '0-0', older: null };
    for (const before of ['end', '0-0', '00-000', '5-5', '253402300799999-0']) {
      expect((await owner.history(`before=${before}`)).body).toEqual(nothing);
    }
  });

  it('hold the newest messages, 100 unless given, 1 to 200, oldest first', async () => {
    const { owner, ids } = await talk(205);
    expect(idsOf(await owner.history('before=end'))).toEqual(ids.slice(-100));
    expect(idsOf(await owner.history('before=end&limit=1'))).toEqual(ids.slice(-1));
    expect(idsOf(await owner.history('before=end&limit=200'))).toEqual(ids.slice(-200));
    for (const limit of [0, 201, -1, '1.5']) {
      expectProblem(await owner.history(`before=end&limit=${limit}`), 'invalid_request', ['limit']);
    }
  });

  it('say from where the stream goes on, and where the page before ends, which does not hold the cursor’s own message', async () => {
    const { owner, ids } = await talk(5);
    await owner.rename('Name');
    const newest = forwardOf(await owner.history()).cursor;
    const last = backwardOf(await owner.history('before=end&limit=2'));
    expect(last.cursor).toBe(newest);
    expect(last.older).toBe(last.messages[0]?.cursor);
    const before = backwardOf(await owner.history(`before=${last.older}&limit=2`));
    expect(before.messages.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect(before.cursor).toBe(newest);
    const first = backwardOf(await owner.history(`before=${before.older}&limit=2`));
    expect(first).toMatchObject({ messages: [{ id: ids[0] }], older: null });
    expect((await owner.history(`before=${first.messages[0]?.cursor}`)).body).toMatchObject({
      messages: [],
      older: null,
    });
  });

  it('end where a message stands before them, however many other events lie between, and else at the beginning', async () => {
    const api = await begin();
    const owner = await api.open();
    for (let index = 0; index < 30; index += 1) await owner.lock(index % 2 === 0);
    const first = await owner.send({ id: 'message-0' });
    for (let index = 0; index < 50; index += 1) await owner.lock(index % 2 === 0);
    await owner.send({ id: 'message-1' });
    for (let index = 0; index < 20; index += 1) await owner.lock(index % 2 === 0);
    const last = backwardOf(await owner.history('before=end&limit=1'));
    expect(last).toMatchObject({ messages: [{ id: 'message-1' }], older: last.messages[0]?.cursor });
    expect(backwardOf(await owner.history(`before=${last.older}&limit=1`))).toMatchObject({
      messages: [first.body],
      older: null,
    });
    expect(backwardOf(await owner.history('before=end&limit=2')).older).toBeNull();
  });

  it('of a time that is still to come are the newest', async () => {
    const { owner, ids } = await talk(3);
    for (const before of ['99999999999999-0', '18446744073709551615-18446744073709551615', '99999999999999999999-1']) {
      expect(idsOf(await owner.history(`before=${before}`))).toEqual(ids);
    }
  });

  it.each([
    ['before=', ['before']],
    ['before=END', ['before']],
    ['before=5', ['before']],
    ['before=(1-1', ['before']],
    ['before=+', ['before']],
    ['before=1-1-1', ['before']],
    ['before=end&before=end', ['before']],
    ['before=end&after=0-0', ['before']],
    ['before=1-1&after=1-1', ['before']],
    ['before=x&limit=0', ['before', 'limit']],
  ])('are refused with %s', async (query, paths) => {
    const { owner } = await talk(1);
    expectProblem(await owner.history(query), 'invalid_request', paths);
  });

  it('are of 256 kB at most, and a message that is not on one is on the next', async () => {
    const owner = await (await begin()).open();
    const ids = Array.from({ length: 120 }, (_, index) => `message-${index}`);
    for (const id of ids) await owner.send({ id, text: LONG_TEXT });
    const pages = await walkBackward(owner, 200);
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    expect(pages[0]?.messages.length).toBeGreaterThan(70);
    expect(pages.reverse().flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(ids);
  });

  it('say what was taken back since their oldest message, once each', async () => {
    const { owner, ids } = await talk(6);
    await owner.takeBack('message-1');
    await owner.send({ id: 'later-one' });
    await owner.takeBack('message-5', 'message-2');
    const last = backwardOf(await owner.history('before=end&limit=1'));
    expect(last).toMatchObject({ messages: [{ id: 'later-one' }], removed: ['message-5', 'message-2'] });
    const before = backwardOf(await owner.history(`before=${last.older}&limit=2`));
    expect(before).toMatchObject({ messages: [{ id: 'message-3' }, { id: 'message-4' }], removed: ['message-1'] });
    expect(backwardOf(await owner.history(`before=${before.older}`))).toMatchObject({
      messages: [{ id: ids[0] }],
      removed: [],
      older: null,
    });
  });

  it('say it also where no message is left', async () => {
    const { owner, ids } = await talk(3);
    await owner.takeBack(...ids);
    expect(backwardOf(await owner.history('before=end'))).toMatchObject({ messages: [], removed: ids, older: null });
  });

  it('go on from a cursor whose message was taken back', async () => {
    const { owner } = await talk(4);
    const { older } = backwardOf(await owner.history('before=end&limit=2'));
    await owner.takeBack('message-2');
    expect(idsOf(await owner.history(`before=${older}`))).toEqual(['message-0', 'message-1']);
    expect(forwardOf(await owner.history(`after=${older}`))).toMatchObject({
      messages: [{ id: 'message-3' }],
      removed: ['message-2'],
    });
  });

  it('forwards say what was taken back within them, and what that takes makes no page the last', async () => {
    const owner = await (await begin()).open();
    const ids = Array.from({ length: 60 }, (_, index) => `${index}`.padStart(64, 'a'));
    for (const id of ids) await owner.send({ id });
    await owner.takeBack(...ids.slice(0, 50));
    for (let index = 0; index < 3; index += 1) await owner.send({ id: `message-${index}` });
    await owner.takeBack('message-1');
    const pages = await walkForward(owner, 10);
    expect(pages.map(({ messages, removed }) => [messages.length, removed.length])).toEqual([
      [10, 0],
      [2, 51],
      [0, 0],
    ]);
    for (const page of pages.slice(0, -1)) expect(page.messages).not.toEqual([]);
  });

  it('count the ids of what was taken back as bytes, forwards and backwards', async () => {
    const owner = await (await begin()).open();
    const gone = Array.from({ length: 2_000 }, (_, index) => `${index}`.padStart(64, 'a'));
    for (const id of gone) await owner.send({ id, text: 'x' });
    for (let from = 0; from < gone.length; from += 50) await owner.takeBack(...gone.slice(from, from + 50));
    // 134 kB of ids: half as much of messages fits beside them.
    const ids = Array.from({ length: 80 }, (_, index) => `message-${index}`);
    for (const id of ids) await owner.send({ id, text: LONG_TEXT });
    const page = forwardOf(await owner.history('limit=200'));
    expect(page.removed).toEqual(gone);
    expect(page.messages.length).toBeGreaterThan(30);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    const seen = (await walkForward(owner, 200)).flatMap(({ messages }) => messages.map(({ id }) => id));
    expect(seen).toEqual(ids);
    const backwards = await walkBackward(owner, 200);
    for (const part of backwards) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    expect(backwards.reverse().flatMap(({ removed }) => removed)).toEqual(gone);
  });

  it('are cut between ids of what was taken back; forwards only behind a message, since an empty page is the last', async () => {
    const owner = await (await begin()).open();
    const gone = Array.from({ length: 4_200 }, (_, index) => `${index}`.padStart(64, 'a'));
    const send = (id: string) => owner.send({ id, text: 'x' });
    await send('message-0');
    for (const id of gone) await send(id);
    for (let from = 0; from < gone.length; from += 50) await owner.takeBack(...gone.slice(from, from + 50));
    await send('message-1');

    const backwards = await walkBackward(owner, 200);
    expect(backwards).toHaveLength(2);
    for (const page of backwards) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(PAGE_BYTES_MAX);
    expect(backwards.reverse().flatMap(({ removed }) => removed)).toEqual(gone);
    expect(backwards.flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(['message-0', 'message-1']);

    const forwards = await walkForward(owner, 200);
    expect(forwards.map(({ messages }) => messages.map(({ id }) => id))).toEqual([['message-0'], ['message-1'], []]);
    expect(forwards.flatMap(({ removed }) => removed)).toEqual(gone);
  });

  it('are read at the same pace as those forwards', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const owner = await roomsApi(limited).open();
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, index) => owner.history(index % 2 === 0 ? 'before=end' : '')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(200);
    for (const answer of refused) expectProblem(answer, 'rate_limited');
    await limited.close();
  });
});
