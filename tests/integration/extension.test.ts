import * as z from 'zod/mini';
import { afterAll, describe, expect, it } from 'vitest';
import { EXTENSION_ANSWERS_PER_MEMBER, EXTENSION_MS, EXTENSION_PROPOSAL_MS } from '@/domain/limits';
import { roomSchema } from '@/domain/room';
import { type TestApp, startApp } from '@tests/support/app';
import { clockedStorage } from '@tests/support/clocked-storage';
import { actOnFiles } from '@tests/support/files';
import { expectProblem } from '@tests/support/problems';
import { expectEveryKeyToEnd, keysOf, watchKeys } from '@tests/support/room-keys';
import { listenTo } from '@tests/support/room-stream';
import { type Answer, roomsApi, type Seat } from '@tests/support/rooms';
import { joinSealed, newcomer, sealedRoom } from '@tests/support/sealed-rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage } from '@tests/support/storages';

const roomOf = ({ body }: Answer) => roomSchema.parse(body);
const endOf = (answer: Answer) => roomOf(answer).expiresAt;

describeOnEveryStorage('ten minutes more', (current) => {
  let app: TestApp | undefined;
  const begin = async (settings: Record<string, unknown> = {}) => {
    app ??= await startApp(current().storage, { timings: { heartbeat: 60_000, gather: 50 } });
    const { url } = app;
    const api = roomsApi(app);
    const owner = await api.open(settings);
    return { api, owner, listen: (seat: Seat) => listenTo(url, seat) };
  };
  afterAll(() => app?.close());

  it('are granted when everybody who is here has agreed, and everybody hears who did', async () => {
    const { api, owner, listen } = await begin();
    const [guest, away] = [await api.join(owner.roomId), await api.join(owner.roomId)];
    const streams = [await listen(owner), await listen(guest)];
    const proposed = roomOf(await guest.extend(true));
    const until = proposed.now + EXTENSION_PROPOSAL_MS;
    expect(proposed).toMatchObject({
      expiresAt: owner.expiresAt,
      extension: { by: guest.memberId, agreed: [guest.memberId], until },
    });
    expect(roomOf(await away.look()).extension).toEqual(proposed.extension);
    const granted = roomOf(await owner.extend(true));
    expect(granted.expiresAt).toBe(owner.expiresAt + EXTENSION_MS);
    expect(granted).not.toHaveProperty('extension');
    for (const stream of streams) {
      await eventually(() =>
        expect(stream.data('room.updated')).toEqual([
          { extension: proposed.extension },
          { expiresAt: granted.expiresAt, extension: null },
        ]),
      );
    }
    expect(endOf(await away.look())).toBe(granted.expiresAt);
    await expectEveryKeyToEnd(current());
  });

  it('move every key of the room, files and notes as well, and what is written since ends with them', async () => {
    const { api, owner } = await begin(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    for (const seat of [owner, guest]) await actOnFiles(seat);
    await guest.signal({ seen: '9999999999999-0' });
    const gone = await joinSealed(api, owner.roomId);
    await gone.leave();
    const before = (await keysOf(current())).filter(({ key }) => key.includes(owner.roomId));
    expect(before.length).toBeGreaterThan(6);
    const granted = roomOf(await owner.extend(true));
    const after = (await keysOf(current())).filter(({ key }) => key.includes(owner.roomId));
    expect(after.map(({ key }) => key).sort()).toEqual(before.map(({ key }) => key).sort());
    for (const { key, expiresAt } of after) expect({ key, expiresAt }).toEqual({ key, expiresAt: granted.expiresAt });
    await guest.signal({ typing: true });
    await expectEveryKeyToEnd(current());
  });

  it('name the end that one agrees to move from, so that no repeat opens a second proposal', async () => {
    const { owner } = await begin({ lifetimeSeconds: 600 });
    expectProblem(await owner.extend(true, owner.expiresAt - 1), 'cannot_extend');
    expect((await owner.extend(true)).status).toBe(200);
    expectProblem(await owner.extend(true), 'cannot_extend');
    expectProblem(await owner.extend(false), 'cannot_extend');
    expect(roomOf(await owner.look())).not.toHaveProperty('extension');
  });

  it('never lead past an hour from the making', async () => {
    const { owner } = await begin({ lifetimeSeconds: 1_800 });
    let end = owner.expiresAt;
    for (const more of [1, 2, 3]) {
      end = endOf(await owner.extend(true, end));
      expect(end).toBe(owner.expiresAt + more * EXTENSION_MS);
    }
    expect(end).toBe(owner.createdAt + 3_600_000);
    expectProblem(await owner.extend(true, end), 'cannot_extend');
    const { owner: other } = await begin({ lifetimeSeconds: 3_001 });
    expectProblem(await other.extend(true), 'cannot_extend');
    expect((await other.extend(false)).status).toBe(200);
  });

  it('end with one refusal, which nobody hears where there is nothing to refuse', async () => {
    const { api, owner, listen } = await begin();
    const guest = await api.join(owner.roomId);
    const [stream] = [await listen(owner), await listen(guest)];
    await owner.extend(true);
    for (const answer of [await guest.extend(false), await guest.extend(false)]) {
      expect(roomOf(answer)).not.toHaveProperty('extension');
    }
    expect(roomOf(await guest.extend(true)).extension).toMatchObject({ by: guest.memberId, agreed: [guest.memberId] });
    await eventually(() => expect(stream.data('room.updated')).toHaveLength(3));
    expect(stream.data('room.updated')[1]).toEqual({ extension: null });
  });

  it('wait for a newcomer who arrives before the last has agreed; nobody decides by leaving', async () => {
    const { api, owner, listen } = await begin();
    const guest = await api.join(owner.roomId);
    await listen(owner);
    await listen(guest);
    await owner.extend(true);
    const late = await api.join(owner.roomId);
    await listen(late);
    expect(endOf(await guest.extend(true))).toBe(owner.expiresAt);
    await late.leave();
    expect(endOf(await owner.look())).toBe(owner.expiresAt);
    // The next answer counts who is here by then.
    expect(endOf(await guest.extend(true))).toBe(owner.expiresAt + EXTENSION_MS);
  });

  it('count the agreement of somebody whose seat has moved since', async () => {
    const { api, owner, listen } = await begin(sealedRoom());
    const guest = await joinSealed(api, owner.roomId);
    await listen(owner);
    await listen(guest);
    await guest.extend(true);
    const { memberId, card } = newcomer();
    expect((await guest.join({ memberId, card })).status).toBe(200);
    expect(roomOf(await owner.look()).extension).toMatchObject({ by: memberId, agreed: [memberId] });
    await eventually(async () => expect(endOf(await owner.extend(true))).toBe(owner.expiresAt + EXTENSION_MS));
  });

  it('are opened once when two propose at once', async () => {
    const { api, owner, listen } = await begin({ lifetimeSeconds: 600 });
    const guest = await api.join(owner.roomId);
    for (const seat of [owner, guest]) await listen(seat);
    const answers = await Promise.all([owner.extend(true), guest.extend(true)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(endOf(await owner.look())).toBe(owner.expiresAt + EXTENSION_MS);
  });

  it('are granted or not when the last agreement crosses an arrival, and never without the newcomer who was here', async () => {
    const { api, owner, listen } = await begin();
    const guest = await api.join(owner.roomId);
    for (const seat of [owner, guest]) await listen(seat);
    await owner.extend(true);
    const late = await api.join(owner.roomId);
    const [agreed] = await Promise.all([guest.extend(true), listen(late)]);
    const first = roomOf(agreed);
    if (first.expiresAt > owner.expiresAt) return;
    expect(first.extension?.agreed).toEqual([owner.memberId, guest.memberId]);
    expect(endOf(await late.extend(true))).toBe(owner.expiresAt + EXTENSION_MS);
  });

  it('cross the destruction of the room without leaving a key behind', async () => {
    const { api } = await begin();
    const watch = watchKeys(current());
    for (let round = 0; round < 10; round += 1) {
      const owner = await api.open();
      await actOnFiles(owner);
      const [extended, destroyed] = await Promise.all([owner.extend(true), owner.destroy()]);
      expect([200, 404]).toContain(extended.status);
      expect(destroyed.status).toBe(204);
      expect((await keysOf(current())).filter(({ key }) => key.includes(owner.roomId))).toEqual([]);
    }
    expect(watch.faults).toEqual([]);
  });

  it('cross the end of the room: it lives on whole, or is gone whole', async () => {
    const { api, listen } = await begin();
    const watch = watchKeys(current());
    await Promise.all(
      [3_000, 3_010, 3_020, 3_030, 3_040, 3_050].map(async (lifetimeMs) => {
        const owner = await api.openFor(lifetimeMs);
        await owner.send();
        const stream = await listen(owner);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, owner.expiresAt - Date.now() - 2)));
        const { status } = await owner.extend(true);
        if (status === 200) {
          expect((await owner.send()).status).toBe(201);
          // Longer than the room would have lived: nobody heard of an end.
          await new Promise((resolve) => setTimeout(resolve, 300));
          expect([stream.ended, stream.data('chat.destroy')]).toEqual([false, []]);
        } else {
          expect(status).toBe(404);
          await eventually(async () =>
            expect((await keysOf(current())).filter(({ key }) => key.includes(owner.roomId))).toEqual([]),
          );
        }
      }),
    );
    expect(watch.faults).toEqual([]);
  });

  it('keep streams open past the former end, at a process that did not hear of it', async () => {
    const { api, listen } = await begin();
    const owner = await api.openFor(1_000);
    const stream = await listen(owner);
    expect((await owner.extend(true)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect((await owner.send({ text: 'still here' })).status).toBe(201);
    await eventually(() => expect(stream.data('chat.message')).toMatchObject([{ text: 'still here' }]));
    expect(stream.ended).toBe(false);
    await owner.destroy();
    await eventually(() => expect(stream.data('chat.destroy')).toEqual([{ isDestroyed: true, reason: 'destroyed' }]));
  });

  it('are for members, who answer ten times a minute', async () => {
    const limited = await startApp(current().storage, { rateLimits: true });
    const api = roomsApi(limited);
    const owner = await api.open({ lifetimeSeconds: 3_600 });
    expectProblem(
      await api.ask('POST', `/api/room/extension?roomId=${owner.roomId}`, { json: { agree: true, expiresAt: 1 } }),
      'not_a_member',
    );
    for (let answers = 0; answers < EXTENSION_ANSWERS_PER_MEMBER.max; answers += 1) {
      expect((await owner.extend(false)).status).toBe(200);
    }
    expectProblem(await owner.extend(false), 'rate_limited');
    await limited.close();
  });
});

describe('a proposal that not everybody agrees to', () => {
  it('lapses after a minute, and counts for nothing in the next one', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage);
    const api = roomsApi(app);
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    for (const seat of [owner, guest]) await listenTo(app.url, seat);
    await owner.extend(true);
    clock.ms += EXTENSION_PROPOSAL_MS - 1;
    expect(roomOf(await guest.look())).toHaveProperty('extension');
    clock.ms += 1;
    expect(roomOf(await guest.look())).not.toHaveProperty('extension');
    await app.close();
  });

  it('is no longer there for whoever agrees too late', async () => {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage, { timings: { lease: 600_000 } });
    const api = roomsApi(app);
    const owner = await api.open();
    const guest = await api.join(owner.roomId);
    for (const seat of [owner, guest]) await listenTo(app.url, seat);
    await owner.extend(true);
    clock.ms += EXTENSION_PROPOSAL_MS;
    const late = roomOf(await guest.extend(true));
    expect(late.extension).toMatchObject({ by: guest.memberId, agreed: [guest.memberId] });
    expect(late.expiresAt).toBe(owner.expiresAt);
    await app.close();
  });
});

describe('the cookie of a seat whose room was extended', () => {
  const madeSchema = z.object({ roomId: z.string(), expiresAt: z.number() });

  async function begin() {
    const { storage, clock } = clockedStorage();
    const app = await startApp(storage);
    const api = roomsApi(app);
    const made = await api.ask('POST', '/api/room', { json: {} });
    const { roomId, expiresAt } = madeSchema.parse(made.body);
    const jar = (made.headers.getSetCookie()[0] ?? '').split(';', 1)[0] ?? '';
    const ask = (method: string, path: string, cookie: string, json?: object) =>
      api.ask(method, `/api/${path}?roomId=${roomId}`, { headers: { cookie }, ...(json && { json }) });
    return { app, api, clock, roomId, expiresAt, jar, ask };
  }
  const cookiesOf = ({ headers }: Answer) => headers.getSetCookie();

  it('is set again by the next answer, once, with what is left by then', async () => {
    const { app, clock, expiresAt, jar, ask } = await begin();
    expect(cookiesOf(await ask('GET', 'room', jar))).toEqual([]);
    const granted = await ask('POST', 'room/extension', jar, { agree: true, expiresAt });
    const [cookie = '', ...others] = cookiesOf(granted);
    expect(others).toEqual([]);
    // The second in which it was granted has begun.
    const end = `${jar}.${expiresAt + EXTENSION_MS}; Max-Age=1199; Path=/api; HttpOnly; SameSite=Strict`;
    expect(cookie).toBe(end);
    const renewed = cookie.split(';', 1)[0] ?? '';
    expect(cookiesOf(await ask('GET', 'room', renewed))).toEqual([]);
    expect((await ask('GET', 'members', renewed)).status).toBe(200);
    // An answer that was lost is made up for by the next one, whatever that is.
    clock.ms += 100_000;
    for (const [method, path, json] of [
      ['GET', 'messages', undefined],
      ['POST', 'messages', { sender: 'Quiet Otter', text: 'hello' }],
      ['POST', 'signals', { typing: true }],
      ['POST', 'room/join', {}],
    ] as const) {
      expect(cookiesOf(await ask(method, path, jar, json))).toEqual([expect.stringContaining('; Max-Age=1099;')]);
    }
    await app.close();
  });

  it('goes to nobody with a wrong credential, and to no client with a bearer token', async () => {
    const { app, api, roomId, expiresAt, jar, ask } = await begin();
    const guest = await api.join(madeRoom(roomId));
    await ask('POST', 'room/extension', jar, { agree: true, expiresAt });
    for (const answer of [
      await guest.look(),
      await guest.send(),
      await ask('GET', 'room', `mayfly_${roomId}=${'A'.repeat(43)}`),
      await ask('GET', 'room', ''),
    ]) {
      expect(answer.status).toBeLessThan(300);
      expect(cookiesOf(answer)).toEqual([]);
    }
    expect(cookiesOf(await ask('POST', 'room/leave', jar, {}))).toEqual([expect.stringContaining('Max-Age=0')]);
    await app.close();
  });

  it('is set by the event stream, too', async () => {
    const { app, roomId, expiresAt, jar, ask } = await begin();
    await ask('POST', 'room/extension', jar, { agree: true, expiresAt });
    const controller = new AbortController();
    const stream = await fetch(`${app.url}/api/realtime?channel=${roomId}`, {
      headers: { cookie: jar },
      signal: controller.signal,
    });
    expect(stream.status).toBe(200);
    expect(stream.headers.getSetCookie()).toEqual([expect.stringContaining(`.${expiresAt + EXTENSION_MS};`)]);
    controller.abort();
    await app.close();
  });

  const madeRoom = (roomId: string) => roomSchema.shape.roomId.parse(roomId);
});
