import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pieceBytesOf } from '@/domain/file';
import { type TestApp, startApp } from '@tests/support/app';
import { type EmbeddedFaultWorld, startEmbeddedFaultWorld } from '@tests/support/embedded-fault-world';
import { type WireFault } from '@tests/support/fault-proxy';
import { randomFrom, run } from '@tests/support/fault-schedule';
import { type FaultWorld, startFaultWorld } from '@tests/support/fault-world';
import { fileOf, type TestFile } from '@tests/support/files';
import { OCTETS, roomsApi, type Seat } from '@tests/support/rooms';
import { STORAGE_KINDS } from '@tests/support/storages';

/** All of them with `npm run test:long`, else a sample. */
const isLong = process.env.MAYFLY_LONG === '1';
/** For each storage. */
const SCHEDULES = 100;
const LARGE_SCHEDULES = 6;
const SAMPLE = 5;
const MB = 1_048_576;
const SETTLED_MS = 20_000;
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);

type Trouble =
  | { on: 'redis' | 'people'; fault: Exclude<WireFault, 'refused-subscribe' | 'failing-range'> }
  /** An empty Redis takes the place of the one that is stopped; or another process answers from now on. */
  | { on: 'server'; fault: 'restart' }
  | { on: 'app'; fault: 'restart' }
  /** The owner removes the first file. */
  | { on: 'file'; fault: 'removed' };

const wire = fc.constantFrom('cut', 'half-open', 'lost-answers', 'delayed', 'fragmented');
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 6, arbitrary: wire.map((fault) => ({ on: 'redis', fault }) as const) },
  { weight: 6, arbitrary: wire.map((fault) => ({ on: 'people', fault }) as const) },
  { weight: 1, arbitrary: fc.constant({ on: 'server', fault: 'restart' } as const) },
  { weight: 2, arbitrary: fc.constant({ on: 'app', fault: 'restart' } as const) },
  { weight: 2, arbitrary: fc.constant({ on: 'file', fault: 'removed' } as const) },
);
const DURATION_MS = 300;
const scheduleOf = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  files: fc.integer({ min: 1, max: 3 }),
  /** How often each piece is sent. */
  times: fc.integer({ min: 1, max: 3 }),
  troubles: fc.array(fc.tuple(trouble, fc.nat(DURATION_MS), fc.integer({ min: 10, max: 120 })), {
    minLength: 1,
    maxLength: 4,
  }),
});
type Schedule = typeof scheduleOf extends fc.Arbitrary<infer One> ? One : never;

/** What became of a file: all of it is there, or the server has said that it is not. */
type Outcome = 'there' | 'removed' | 'room gone';

const GONE: Record<string, Outcome> = {
  file_not_found: 'removed',
  room_not_found: 'room gone',
  not_a_member: 'room gone',
};

/** Asks until there is an answer that is not a fault of the line or the storage, as a page does. */
async function askUntilTold(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    try {
      const response = await ask();
      if (response.status < 500) return response;
      await response.body?.cancel();
    } catch {
      // Cut off. Only asking again shows whether it was done.
    }
    await pause(10);
  }
}

async function outcomeOf(response: Response): Promise<Outcome | null> {
  const text = await response.text();
  if (response.ok) return null;
  const { code } = JSON.parse(text) as { code: string };
  const outcome = GONE[code];
  if (outcome === undefined) throw new Error(`Refused with ${code}`);
  return outcome;
}

const TIMEOUT_MS = 2_000;

async function send(
  origin: string,
  { roomId, token }: Seat,
  file: TestFile,
  order: readonly number[],
): Promise<Outcome> {
  const headers = { authorization: `Bearer ${token}` };
  const ask = (method: string, path: string, question: { body: BodyInit; headers: Record<string, string> }) =>
    askUntilTold(() =>
      fetch(`${origin}/api/${path}roomId=${roomId}`, {
        method,
        body: question.body,
        headers: { ...headers, ...question.headers },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
  const json = { body: JSON.stringify(file.beginning), headers: { 'content-type': 'application/json' } };
  const begun = await outcomeOf(await ask('POST', 'files?', json));
  if (begun !== null) return begun;
  for (const index of order) {
    const body = new Uint8Array(file.pieces[index] ?? Buffer.alloc(0));
    const path = `files/piece?fileId=${file.id}&index=${index}&`;
    const refused = await outcomeOf(await ask('PUT', path, { body, headers: OCTETS }));
    if (refused !== null) return refused;
  }
  return 'there';
}

/** What a reader finds in the end. */
async function find(origin: string, { roomId, token }: Seat, file: TestFile): Promise<Buffer | Outcome> {
  const read: Buffer[] = [];
  for (const index of file.pieces.keys()) {
    const response = await askUntilTold(() =>
      fetch(`${origin}/api/files/piece?roomId=${roomId}&fileId=${file.id}&index=${index}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
    if (!response.ok) return (await outcomeOf(response)) ?? 'there';
    read.push(Buffer.from(await response.arrayBuffer()));
  }
  return Buffer.concat(read);
}

describe.each(STORAGE_KINDS)('files over a troubled wire (%s)', (kind) => {
  let world: FaultWorld | EmbeddedFaultWorld;
  const apps: TestApp[] = [];
  const seen = { there: 0, removed: 0, 'room gone': 0 };
  beforeAll(async () => {
    world = await (kind === 'embedded' ? startEmbeddedFaultWorld() : startFaultWorld(kind));
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await world.stop();
    console.log(`files over a troubled wire (${kind}): ${JSON.stringify(seen)}, seed ${seed}`);
  });

  const suffer = async ([what, , lastsMs]: Schedule['troubles'][number], remove: () => Promise<unknown>) => {
    if (what.on === 'file') return remove();
    if (what.on === 'app') {
      const app = await startApp(world.storage);
      apps.push(app);
      world.aim(Number(new URL(app.url).port));
      return undefined;
    }
    return world.suffer(what, lastsMs, { destroy: remove, screens: [] });
  };

  /** Everything that the storage still has of a room: keys without an end first of all. */
  const keysOf = async (roomId: string) => {
    const keys = (await world.server.command('KEYS', `*${roomId}*`)) as string[];
    return Promise.all(keys.map(async (key) => [key, Number(await world.server.command('PTTL', key))] as const));
  };

  async function live(schedule: Schedule, bytes: number): Promise<void> {
    const random = world.seed(schedule.seed);
    const content = randomFrom(schedule.seed);
    const api = roomsApi(world.app);
    // A wire that has just been mended may still refuse the first.
    const owner = await vi.waitFor(() => api.open(), { timeout: SETTLED_MS, interval: 20 });
    const guest = await vi.waitFor(() => api.join(owner.roomId), { timeout: SETTLED_MS, interval: 20 });
    const files = Array.from({ length: schedule.files }, () =>
      fileOf(Buffer.from(Uint8Array.from({ length: bytes }, () => Math.floor(content() * 256)))),
    );
    const [first] = files;
    const remove = () => (first === undefined ? Promise.resolve() : owner.removeFile(first.id));
    const outcomes: Outcome[] = [];
    await run([
      ...schedule.troubles.map((one) => ({ atMs: one[1], work: () => suffer(one, remove).catch(() => undefined) })),
      ...files.map((file, index) => ({
        atMs: Math.floor(random() * 50),
        work: async () => {
          const order = Array.from({ length: schedule.times }, () => [...file.pieces.keys()])
            .flat()
            .sort(() => content() - 0.5);
          outcomes[index] = await send(world.origin, guest, file, order);
        },
      })),
    ]);
    world.mend();
    for (const [index, file] of files.entries()) {
      const found = await find(world.origin, owner, file);
      // A file that the server took whole is whole, or it says that the file or its room is gone.
      if (Buffer.isBuffer(found)) expect(found.equals(file.bytes), `file ${index}`).toBe(true);
      else expect(found, `file ${index} was ${outcomes[index]}`).not.toBe('there');
      const wasLost = schedule.troubles.some(([{ on }]) => on === 'server' || (on === 'file' && index === 0));
      if (!wasLost) expect(Buffer.isBuffer(found), `file ${index} was ${outcomes[index]}`).toBe(true);
      seen[Buffer.isBuffer(found) ? 'there' : found] += 1;
    }
    for (const [key, leftMs] of await keysOf(owner.roomId)) expect(leftMs, key).toBeGreaterThan(0);
    await vi.waitFor(() => owner.destroy(), { timeout: SETTLED_MS, interval: 20 });
    await vi.waitFor(async () => expect(await keysOf(owner.roomId)).toEqual([]), { timeout: SETTLED_MS, interval: 20 });
  }

  const livesOf = (files: string, numRuns: number, bytes: number) =>
    it(
      `lose nothing silently and leave no key behind: ${numRuns} schedules with ${files} (seed ${seed})`,
      { timeout: 1_800_000 },
      async () => {
        await fc.assert(
          fc.asyncProperty(scheduleOf, (schedule) => live(schedule, bytes)),
          { seed, numRuns, endOnFailure: true },
        );
      },
    );

  livesOf('files of three small pieces', isLong ? SCHEDULES : SAMPLE, 2 * pieceBytesOf(false) + 1_000);
  if (isLong) livesOf('files of ten megabytes', LARGE_SCHEDULES, 10 * MB);
});
