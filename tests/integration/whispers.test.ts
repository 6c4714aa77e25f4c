import { afterAll, expect, it } from 'vitest';
import { WHISPER_CHARACTERS_MAX, WHISPERS_PER_MEMBER } from '@/domain/limits';
import { type TestApp, startApp } from '@tests/support/app';
import { expectProblem } from '@tests/support/problems';
import { keysOf } from '@tests/support/room-keys';
import { listenTo } from '@tests/support/room-stream';
import { roomsApi } from '@tests/support/rooms';
import { joinSealed, newcomer, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

describeOnEveryStorage('a whisper', (current) => {
  let app: TestApp | undefined;
  const timings = { heartbeat: 60_000, gather: 50 };
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage, { timings });
    return { api: roomsApi(app), url: app.url, owner: await roomsApi(app).open(settings) };
  };
  afterAll(() => app?.close());

  it('is heard by all streams of one member, at any process, by nobody else, and stored nowhere', async () => {
    const { api, url, owner } = await begin();
    const another = await startApp(current().storage, { timings });
    const [guest, other] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    const theirs = [await listenTo(url, guest), await listenTo(another.url, guest)];
    const others = [await listenTo(url, owner), await listenTo(another.url, other)];
    const keys = await keysOf(current());
    const history = (await owner.history()).body;
    const text = 'for you alone: "quoted", \\ and\nmore \u2028 🦋';
    expect((await owner.whisper(guest.memberId, text)).status).toBe(204);
    const heard = [{ from: owner.memberId, to: guest.memberId, text }];
    for (const stream of theirs) await eventually(() => expect(stream.data('member.whispered')).toEqual(heard));
    await owner.send();
    for (const stream of others) {
      await eventually(() => expect(stream.data('chat.message')).toHaveLength(1));
      expect(stream.data('member.whispered')).toEqual([]);
    }
    expect((await keysOf(current())).length).toBeGreaterThanOrEqual(keys.length);
    const [entries, stored] = [await current().command('XRANGE', owner.roomId, '-', '+'), JSON.stringify(history)];
    expect(JSON.stringify(entries) + stored).not.toContain('for you alone');
    await another.close();
  });

  it('reaches nobody who is away, and no unknown id', async () => {
    const { api, owner } = await begin();
    const guest = await api.join(owner.roomId);
    expectProblem(await owner.whisper(guest.memberId, 'hello'), 'member_away');
    expectProblem(await owner.whisper('N'.repeat(16), 'hello'), 'not_found');
    await guest.leave();
    expectProblem(await owner.whisper(guest.memberId, 'hello'), 'not_found');
    expectProblem(await owner.whisper('short', 'hello'), 'invalid_request', ['to']);
    expectProblem(await guest.whisper(owner.memberId, 'hello'), 'not_a_member');
  });

  it('has a text of at least one character and at most 8192, well formed', async () => {
    const { url, owner } = await begin();
    await listenTo(url, owner);
    for (const text of ['', 'x'.repeat(WHISPER_CHARACTERS_MAX + 1), '\ud800', 5]) {
      expectProblem(await owner.whisper(owner.memberId, text), 'invalid_request', ['text']);
    }
    expect((await owner.whisper(owner.memberId, 'x'.repeat(WHISPER_CHARACTERS_MAX))).status).toBe(204);
  });

  it('follows a member whose seat has moved to their new id', async () => {
    const { api, url, owner } = await begin(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    const stream = await listenTo(url, guest);
    const { memberId, card } = newcomer();
    await guest.join({ memberId, card });
    expectProblem(await owner.whisper(guest.memberId, 'hello'), 'not_found');
    expect((await owner.whisper(memberId, 'hello')).status).toBe(204);
    await eventually(() =>
      expect(stream.data('member.whispered')).toEqual([{ from: owner.memberId, to: memberId, text: 'hello' }]),
    );
  });

  it('counts in the bytes that its member may send, so that few of them cannot fill the line of another', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const owner = await roomsApi(limited).open();
    const stream = await listenTo(limited.url, owner);
    const text = '€'.repeat(WHISPER_CHARACTERS_MAX);
    const statuses = [];
    for (let index = 0; index < 12; index += 1) statuses.push((await owner.whisper(owner.memberId, text)).status);
    expect(statuses.slice(0, 5)).toEqual([204, 204, 204, 204, 204]);
    expect(statuses).toContain(429);
    stream.close();
    await limited.close();
  });

  it('has a pace of its member', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const api = roomsApi(limited);
    const owner = await api.open();
    await listenTo(limited.url, owner);
    const whisper = () => owner.whisper(owner.memberId, 'hello');
    for (let whispers = 0; whispers < WHISPERS_PER_MEMBER.burst; whispers += 1)
      expect((await whisper()).status).toBe(204);
    for (let over = 0; over < 5; over += 1) if ((await whisper()).status === 429) return limited.close();
    throw new Error('no whisper was refused');
  });
});
