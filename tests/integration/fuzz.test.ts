import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handleRealtime } from '@/server/api/realtime';
import { openStorage } from '@/server/storage/client';
import { type TestApp, startApp } from '@tests/support/app';
import { collectGarbage } from '@tests/support/collect-garbage';
import {
  aim,
  aimLikely,
  aimRequest,
  FUZZED_OPERATOR,
  fuzzedHeaders,
  fuzzedQuery,
  fuzzedRequest,
  type Ground,
  likelyRequest,
  mutated,
} from '@tests/support/fuzzed-requests';
import { knock } from '@tests/support/doors';
import { ENDPOINTS, NAMED_FILE, NAMED_MESSAGE, OPERATOR_ENDPOINTS } from '@tests/support/endpoints';
import { expectEveryKeyToEnd } from '@tests/support/room-keys';
import { listenTo } from '@tests/support/room-stream';
import { type RoomsApi, roomsApi } from '@tests/support/rooms';
import { eventually } from '@tests/support/storage-expectations';
import { describeOnEveryStorage, type TestStorage } from '@tests/support/storages';

/** `FUZZ_SEED` repeats a run. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now());
/** All of it where a request costs no round trip, and a sample where it does. */
const REQUESTS = { embedded: 20_000, redis: 3_000, upstash: 1_500 };
/** Outcomes that a run of 20,000 cannot miss, and outcomes that a sample cannot miss. */
const STATUSES_OF_ALL = [200, 201, 204, 400, 401, 403, 404, 413, 415, 422];
const STATUSES_OF_SAMPLE = [200, 400, 403, 404, 415, 422];
const REQUESTS_PER_ROOM = 50;
const REQUESTS_PER_LOOK = 500;
/** The same for requests that are nearly right, most of which cost a command. */
const LIKELY_REQUESTS = { embedded: 3_000, redis: 1_000, upstash: 500 };
const LIKELY_REQUESTS_PER_ROOM = 25;
/** Rekeys are of sealed rooms, pieces are bytes and reports are read where there are some; whispers need somebody who listens. */
const NEVER_ACCEPTED = ['POST /api/room/rekey', 'PUT /api/files/piece', 'GET /api/files/piece', 'POST /api/whispers'];
const ACCEPTED = [...ENDPOINTS, ...OPERATOR_ENDPOINTS]
  .map(({ method, path }) => `${method} ${path}`)
  .filter((call) => !NEVER_ACCEPTED.includes(call))
  .sort();
const HEAP_GROWTH_MAX = 48 * 1_024 * 1_024;

async function freshGround(api: RoomsApi, { isPublic = false } = {}): Promise<Ground> {
  const owner = await api.open();
  await owner.beginFile({ id: NAMED_FILE, bytes: 60, pieces: 1 });
  const guest = await api.join(owner.roomId);
  await owner.steer({ entry: 'knock' });
  const knocker = await knock(api, owner.roomId, { name: 'Quiet Otter' });
  await owner.steer({ entry: 'open', ...(isPublic && { listed: true, topic: 'Rainy evenings' }) });
  return { owner, guest, knocker };
}

/** A room's life as people live it, and how many commands its messages take. */
async function serveProperly(api: RoomsApi, { url }: TestApp, { recorded }: TestStorage): Promise<number> {
  const { owner, guest } = await freshGround(api);
  const before = recorded.length;
  const texts = Array.from({ length: 10 }, (_, index) => ({ text: `message ${index}` }));
  for (const words of texts) expect((await owner.send(words)).status).toBe(201);
  expect((await guest.history()).body).toMatchObject({ messages: texts });
  const cost = recorded.slice(before).filter(({ args }) => args.includes(owner.roomId)).length;
  const stream = await listenTo(url, guest);
  await owner.send({ text: 'live' });
  await eventually(() => expect(stream.data('chat.message')).toMatchObject([{ text: 'live' }]));
  expect((await owner.destroy()).status).toBe(204);
  await eventually(() => expect(stream.ended).toBe(true));
  return cost;
}

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeEach(() => {
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});

describeOnEveryStorage('requests that nobody in their right mind sends', (current) => {
  it(`get no 5xx, leave no key without an end, and harm nobody (seed ${seed})`, { timeout: 120_000 }, async () => {
    const app = await startApp(current().storage, { publicRooms: true });
    const api = roomsApi(app, { operatorToken: FUZZED_OPERATOR });
    // The first life teaches Redis the scripts.
    await serveProperly(api, app, current());
    const costBefore = await serveProperly(api, app, current());
    const numRuns = REQUESTS[current().storage.kind];
    const statuses = new Map<number, number>();
    let ground = await freshGround(api);
    let heapBefore = 0;
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fuzzedRequest, async (request) => {
        count += 1;
        if (count === Math.floor(numRuns / 4)) heapBefore = collectGarbage();
        if (count % REQUESTS_PER_LOOK === 0) {
          await expectEveryKeyToEnd(current());
          await current().flush();
        }
        // A public room takes no files.
        if (count % REQUESTS_PER_ROOM === 0)
          ground = await freshGround(api, { isPublic: count % (2 * REQUESTS_PER_ROOM) === 0 });
        const { path, question } = aimRequest(request, ground);
        const { status } = await api.ask(request.method, path, question);
        expect(status).toBeLessThan(500);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
      { seed, numRuns, endOnFailure: true },
    );
    await current().flush();
    expect(collectGarbage() - heapBefore).toBeLessThan(HEAP_GROWTH_MAX);
    expect(await serveProperly(api, app, current())).toBe(costBefore);
    // If all were turned away by the same check, the test would prove little.
    const expected = numRuns === REQUESTS.embedded ? STATUSES_OF_ALL : STATUSES_OF_SAMPLE;
    expect([...statuses.keys()]).toEqual(expect.arrayContaining(expected));
    console.log(`answers by status: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`);
    await app.close();
  });

  it(
    `nor do those that are nearly right, of which each call takes some (seed ${seed})`,
    { timeout: 120_000 },
    async () => {
      const app = await startApp(current().storage, { publicRooms: true });
      const api = roomsApi(app, { operatorToken: FUZZED_OPERATOR });
      const numRuns = LIKELY_REQUESTS[current().storage.kind];
      const accepted = new Set<string>();
      const fullGround = async (isPublic: boolean) => {
        const fresh = await freshGround(api, { isPublic });
        const { owner, guest } = fresh;
        await guest.send({ id: NAMED_MESSAGE });
        await api.ask('POST', `/api/reports?roomId=${owner.roomId}`, { token: owner.token });
        return fresh;
      };
      let [ground, count] = [await fullGround(true), 0];
      await fc.assert(
        fc.asyncProperty(likelyRequest, async (request) => {
          count += 1;
          if (count % LIKELY_REQUESTS_PER_ROOM === 0) {
            await expectEveryKeyToEnd(current());
            await current().flush();
            ground = await fullGround(count % (2 * LIKELY_REQUESTS_PER_ROOM) === 0);
          }
          const { path, question } = aimLikely(request, ground);
          const { status } = await api.ask(request.endpoint.method, path, question);
          expect(status).toBeLessThan(500);
          if (status < 300) accepted.add(`${request.endpoint.method} ${request.endpoint.path}`);
        }),
        { seed, numRuns, endOnFailure: true },
      );
      await current().flush();
      await serveProperly(api, app, current());
      if (numRuns === LIKELY_REQUESTS.embedded) expect([...accepted].sort()).toEqual(ACCEPTED);
      await app.close();
    },
  );
});

describe('bytes on the socket of the event stream', () => {
  // Half as many missed one of the responses below once in some hundred runs.
  const SOCKETS = 1_200;
  const head = fc
    .tuple(fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'DELETE'), fuzzedQuery, fuzzedHeaders, fc.boolean())
    .map(([method, query, headers, aimed]) => {
      const target = `/api/realtime?${aimed ? 'channel=<room>&' : ''}${query.replaceAll('roomId=', 'channel=').replaceAll('after=', 'last_ack_<room>=')}`;
      const lines = Object.entries(headers)
        .filter(([name]) => name !== 'host')
        .map(([name, text]) => `${name}: ${text}`);
      return [`${method} ${target} HTTP/1.1`, 'host: localhost', ...lines, 'connection: close', '', ''].join('\r\n');
    });

  /** The status line of the response, or nothing if the connection was closed without one. */
  const exchange = (port: number, bytes: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      const done = () => {
        socket.destroy();
        resolve(answer.split('\r\n', 1)[0] ?? '');
      };
      socket
        .on('error', done)
        .on('close', done)
        .on('data', (chunk) => {
          answer += chunk.toString('latin1');
          if (answer.includes('\r\n')) done();
        });
      // Half closed, so that the server does not wait for the rest of an unfinished request.
      socket.end(bytes);
    });

  it(`get a refusal or a stream, and no 5xx (seed ${seed})`, { timeout: 60_000 }, async () => {
    const storage = await openStorage({ kind: 'embedded' });
    const app = await startApp(storage);
    const api = roomsApi(app);
    const server = createServer(
      (incoming, outgoing) => void handleRealtime(app.context, { trustedProxies: 1 }, incoming, outgoing),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ground = await freshGround(api);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(head, mutated(head)), { minLength: 20, maxLength: 20 }), async (heads) => {
        const lines = await Promise.all(heads.map((text) => exchange(port, aim(text, ground))));
        for (const line of lines) {
          expect(line).not.toMatch(/ 5\d\d/);
          seen.add(line);
        }
      }),
      { seed, numRuns: SOCKETS / 20, endOnFailure: true },
    );
    for (const line of ['HTTP/1.1 401 Unauthorized', 'HTTP/1.1 404 Not Found', 'HTTP/1.1 400 Bad Request'])
      expect([...seen]).toContain(line);
    const stream = await listenTo(`http://127.0.0.1:${port}`, ground.guest);
    await ground.owner.send({ text: 'still here' });
    await eventually(() => expect(stream.data('chat.message')).toMatchObject([{ text: 'still here' }]));
    await app.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await storage.close();
  });
});
