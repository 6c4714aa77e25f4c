import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { sealCard } from '@/crypto/card';
import type { RunningSession } from '@/session/running-session';
import { readEnv } from '@/server/env';
import { openStorage, type Storage } from '@/server/storage/client';
import { startApp, type TestApp } from '@tests/support/app';
import { HostileRoom, refusal } from '@tests/support/hostile-server';
import { linesOf, messagesOf, someone } from '@tests/support/sealed-room';
import { eventually } from '@tests/support/storage-expectations';

/** More requests than this for one lie are a loop. */
const REQUESTS_MAX = 30;

let storage: Storage;
let app: TestApp;
beforeAll(async () => {
  storage = await openStorage(readEnv({}).storage);
  app = await startApp(storage);
});
afterAll(async () => {
  await app.close();
  await storage.close();
});

/** In a browser these are lines in a console; in a program they are its end. */
const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);
beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});

async function meet() {
  const room = await HostileRoom.open(app, 'Ann');
  return { room, ann: room.owner, ben: await room.join('Ben') };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Long enough for hundreds of requests, were there a loop; what waits comes within it. */
const QUIET_MS = 400;
const seesPeople = (session: RunningSession, count: number) =>
  eventually(() => expect(session.people.get()).toHaveLength(count));

describe('a lie makes no page ask over and over', () => {
  it('about epochs that never end', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 2);
    const card = await sealCard(room.keys, ann.identity, 'Ann');
    const previous = `v2.1.${'A'.repeat(16)}.${'B'.repeat(192)}`;
    const change = { by: ann.memberId, card, cursor: '1-0', keyCheck: 'AAAAAAAAAAA', previous };
    ben.server.instead('GET /api/epochs', () => ({
      epochs: Array.from({ length: 25 }, (_, index) => ({ ...change, epoch: index + 1 })),
    }));
    ben.server.answer('GET /api/room', (view) => ({ ...view, epoch: 100 }));
    await bens.confirm();
    await eventually(() => expect(ben.server.count('GET /api/epochs')).toBeGreaterThan(0));
    await pause(QUIET_MS);
    expect(ben.server.count('GET /api/epochs')).toBeLessThan(REQUESTS_MAX);
  });

  it('about messages whose place never moves', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 2);
    ben.server.answer('GET /api/messages', (page, url) => {
      const after = url.searchParams.get('after');
      if (after === null) return page;
      const { roomId } = room;
      const message = { id: 'same-message', roomId, memberId: ann.memberId, text: 'x', timestamp: 1, cursor: after };
      return { messages: [message], removed: [], cursor: after };
    });
    ben.server.requests.length = 0;
    bens.readTranscriptAgain();
    await eventually(() => expect(ben.server.count('GET /api/messages')).toBeGreaterThan(0));
    await pause(QUIET_MS);
    expect(ben.server.count('GET /api/messages')).toBeLessThan(REQUESTS_MAX);
  });

  it('about keys of ever later epochs that messages and cards name', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 2);
    ben.server.requests.length = 0;
    const text = await room.seal(ann, 'a-message', 'hello');
    for (let epoch = 101; epoch < 151; epoch += 1)
      ben.server.say(ann.memberId, `message-${epoch}`, text.replace('v2.0.', `v2.${epoch}.`));
    await eventually(() => expect(linesOf(bens)).toHaveLength(50));
    expect(linesOf(bens).at(-1)).toBe('Ann: unknown-epoch');
    expect(ben.server.count('GET /api/room')).toBeLessThan(REQUESTS_MAX);
    expect(ben.server.count('GET /api/epochs')).toBeLessThan(REQUESTS_MAX);
  });

  it('about an epoch that never comes: it asks again after growing waits, and what is written waits', async () => {
    const { ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 2);
    ben.server.instead('POST /api/messages', () => refusal(409, 'epoch_changed'));
    bens.setDraft('hello');
    bens.send();
    await eventually(() => expect(messagesOf(bens)[0]).toMatchObject({ state: 'waiting' }));
    await pause(QUIET_MS);
    expect(ben.server.count('POST /api/messages')).toBe(1);
    expect(ben.server.count('GET /api/epochs')).toBeLessThan(REQUESTS_MAX);
  });
});

describe('a lie stops no page for ever', () => {
  const NONSENSE: readonly unknown[] = [
    {},
    [],
    null,
    { epochs: null, members: null, messages: null },
    { epochs: [{}] },
  ];

  it.each(['GET /api/members', 'GET /api/epochs', 'GET /api/messages', 'GET /api/room'])(
    'with nonsense for an answer to %s: after the first real one the page goes on',
    async (request) => {
      const { room, ann, ben } = await meet();
      const bens = await ben.open();
      await seesPeople(bens, 2);
      for (const nonsense of NONSENSE) {
        ben.server.instead(request, () => Response.json(nonsense));
        ben.server.tell('member.updated', { memberId: ann.memberId, card: 'v2.9.AAAAAAAAAAAAAAAA.BBBB' });
        bens.readTranscriptAgain();
        await bens.confirm().catch(note);
        await pause(50);
      }
      ben.server.honest(request);
      ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
      await eventually(() => expect(linesOf(bens)).toContain('Ann: it is me'));
      const again = ben.open();
      await seesPeople(await again, 2);
    },
  );

  it('with nonsense for a list of people at first: it is read again', async () => {
    const { room, ann, ben } = await meet();
    let asked = 0;
    ben.server.answer('GET /api/members', (body) => ((asked += 1) > NONSENSE.length ? body : NONSENSE[asked - 1]));
    const bens = await ben.open();
    await seesPeople(bens, 2);
    ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
    await eventually(() => expect(linesOf(bens)).toEqual(['Ann: it is me']));
  });

  it('with nonsense for events, or events that cannot be', async () => {
    const { room, ann, ben } = await meet();
    const bens = await ben.open();
    await seesPeople(bens, 2);
    const { memberId } = await someone('Nobody');
    for (const [event, data] of [
      ['room.rekeyed', {}],
      ['room.rekeyed', { epoch: -1, by: 7 }],
      ['member.left', { memberId: ann.memberId, reason: 'moved' }],
      ['member.left', { memberId, reason: 'left' }],
      ['member.joined', { memberId, joinedAt: 'never' }],
      ['presence.changed', { here: [memberId] }],
      ['room.updated', { ownerId: memberId }],
      ['message.removed', { id: 'no-such-message', memberId, by: memberId }],
      ['chat.message', { id: 'x', text: null }],
      ['no.such.event', null],
    ] as const)
      ben.server.tell(event, data as Record<string, unknown>);
    ben.server.tell('chat.message', { id: 'odd-place' }, 'no place');
    ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
    await eventually(() => expect(linesOf(bens)).toEqual(['Ann: it is me']));
    expect(ben.faults).toEqual([]);
  });

  it('with a card that never comes: what stands behind is shown once it does', async () => {
    const { room, ann, ben } = await meet();
    const stranger = await someone('Stranger');
    const bens = await ben.open();
    await seesPeople(bens, 2);
    ben.server.answer('GET /api/members', () => refusal(503, 'storage_unavailable'));
    ben.server.say(stranger.memberId, 'strange-words', await room.seal(stranger, 'strange-words', 'who am I?'));
    ben.server.say(ann.memberId, 'real-words', await room.seal(ann, 'real-words', 'it is me'));
    await pause(QUIET_MS);
    expect(linesOf(bens)).toEqual([]);
    expect(ben.server.count('GET /api/members')).toBeLessThan(REQUESTS_MAX);
    ben.server.honest('GET /api/members');
    await eventually(() => expect(linesOf(bens)).toEqual(['null: unverified', 'Ann: it is me']));
  });
});
