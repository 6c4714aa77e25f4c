import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRedisServer } from '@tests/support/redis-server';
import { UPSTASH_BRIDGE_TOKEN } from '@tests/support/upstash-bridge';
import { startBuiltServer } from '../../scripts/built-server.mjs';
import { ensureBuild } from '../../scripts/current-build.mjs';
import { ensureNeeds } from '../../scripts/needs.mjs';
import { describeMachine } from './machine';
import { type Running, startBuilt, startPlain } from './running';

/**
 * `npm run bench:files`: what files cost everybody else, and what they cost beside a plain server. Milliseconds depend on the machine; the
 * ratios carry over. Nothing is pinned to a core: the threads that collect a server's garbage run beside it in use, and on its own core each
 * would be a pause of it.
 */
const FILE_BYTES = 10 * 1_024 * 1_024;
const PIECE_BYTES = 262_144;
const PIECES = FILE_BYTES / PIECE_BYTES;
const FILES = 4;
const READERS = 50;
/** Quiet and busy in turn, so that other work on the machine disturbs both alike. */
const ROUNDS = 7;
/** Rooms that get their four files in a round, one after the other. */
const ROOMS = 3;
const QUIET_MESSAGES = 150;
const MESSAGE_GAP_MS = 15;
/** A message may take this many times as long as in a quiet room. */
const RATIO_MAX = 3;
const MB = 1_048_576;

interface Seat {
  roomId: string;
  token: string;
}
interface Line {
  token: string;
  paths: string[];
  bytes: number[];
}

async function post<Answer>(url: string, path: string, body: unknown, token?: string): Promise<Answer> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

const openRoom = (url: string) =>
  post<Seat>(url, '/api/room', { credentials: 'bearer', lifetimeSeconds: 3_600, maxMembers: 100 });

/** Begins a file and gives the paths of its pieces. */
async function begin(url: string, { roomId, token }: Seat): Promise<Line> {
  const id = randomBytes(11).toString('hex');
  await post(url, `/api/files?roomId=${roomId}`, { id, bytes: FILE_BYTES, pieces: PIECES }, token);
  const paths = Array.from(
    { length: PIECES },
    (_, index) => `/api/files/piece?roomId=${roomId}&fileId=${id}&index=${index}`,
  );
  return { token, paths, bytes: paths.map(() => PIECE_BYTES) };
}

interface Group {
  lines: readonly Line[];
  ends?: { path: string; token: string };
}

/** Starts the load in a process of its own; `ready` once it begins, and `took` gives the milliseconds of each group. */
function startLoad(method: 'put' | 'get', url: string, groups: readonly Group[]) {
  const program = fileURLToPath(new URL('./servers/file-load.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, method, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(groups));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ready = once(child.stdout, 'data');
  const took = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error('The load failed.');
    return printed.trim().split('\n').slice(1).map(Number);
  });
  return { ready, took };
}

const load = async (method: 'put' | 'get', url: string, lines: readonly Line[]): Promise<number> =>
  (await startLoad(method, url, [{ lines }]).took)[0] ?? Number.NaN;

const percentile = (times: readonly number[], part: number) =>
  [...times].sort((left, right) => left - right)[Math.floor(times.length * part)] ?? Number.NaN;

const median = (numbers: readonly number[]) => percentile(numbers, 0.5);

/** Sends messages one after another until `enough`, and gives the milliseconds that each took. */
async function talk(url: string, seat: Seat, enough: (sent: number) => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!enough(times.length)) {
    const begun = performance.now();
    await post(url, `/api/messages?roomId=${seat.roomId}`, { sender: 'Quiet Otter', text: 'hello' }, seat.token);
    times.push(performance.now() - begun);
    await pause(MESSAGE_GAP_MS);
  }
  return times;
}

/** Four files for a room of their own, which ends when they are there. */
async function fourFiles(url: string): Promise<Group> {
  const room = await openRoom(url);
  const lines = await Promise.all(Array.from({ length: FILES }, () => begin(url, room)));
  return { lines, ends: { path: `/api/room?roomId=${room.roomId}`, token: room.token } };
}

/** Somebody talks, alone and while four files go up at a time. */
async function measureTalk(url: string) {
  const quiet: number[] = [];
  const busy: number[] = [];
  const uploads: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const talker = await openRoom(url);
    const alone = await talk(url, talker, (sent) => sent === QUIET_MESSAGES);
    const groups: Group[] = [];
    while (groups.length < ROOMS) groups.push(await fourFiles(url));
    const { ready, took } = startLoad('put', url, groups);
    await ready;
    let isOver = false;
    const uploading = took.then((times) => {
      isOver = true;
      return times;
    });
    const beside = await talk(url, talker, () => isOver);
    const times = await uploading;
    // Code is compiled and connections are made in the first round.
    if (round === 0) continue;
    quiet.push(percentile(alone, 0.99));
    busy.push(percentile(beside, 0.99));
    uploads.push(...times);
  }
  const ratios = busy.map((ms, round) => ms / (quiet[round] ?? Number.NaN));
  return {
    quiet: median(quiet),
    busy: median(busy),
    ratio: median(ratios),
    worst: Math.max(...ratios),
    up: (FILES * FILE_BYTES) / MB / (median(uploads) / 1_000),
  };
}

/** Fifty people read the same file; the most memory that the process has meanwhile. */
async function measureReaders(server: Running) {
  const { url } = server;
  const owner = await openRoom(url);
  const line = await begin(url, owner);
  await load('put', url, [line]);
  const readers = await Promise.all(
    Array.from({ length: READERS }, async () => {
      const { token } = await post<Seat>(url, `/api/room/join?roomId=${owner.roomId}`, { credentials: 'bearer' });
      return { ...line, token };
    }),
  );
  const before = (await server.settledUsage()).rssBytes;
  let peak = before;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      peak = Math.max(peak, (await server.usage()).rssBytes);
      await pause(20);
    }
  })();
  const tookMs = await load('get', url, readers);
  over.abort();
  await watching;
  return { down: (READERS * FILE_BYTES) / MB / (tookMs / 1_000), peakMb: (peak - before) / MB };
}

/** Upstash's interface in a process of its own: in this one, its work would count as time that a message takes. */
async function startBridge(redisUrl: string) {
  const program = fileURLToPath(new URL('./run.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, 'bridge'], {
    env: { ...process.env, BENCH_REDIS_URL: redisUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { url: url.trim(), stop: () => child.kill() };
}

async function measurePlain(redisUrl: string) {
  process.env.REDIS_URL = redisUrl;
  const plain = await startPlain('plain-files.mjs');
  delete process.env.REDIS_URL;
  const lines = Array.from({ length: FILES }, (_, file): Line => {
    const paths = Array.from({ length: PIECES }, (_, index) => `/${file}/${index}`);
    return { token: '', paths, bytes: paths.map(() => PIECE_BYTES) };
  });
  const up = (FILES * FILE_BYTES) / MB / ((await load('put', plain.url, lines)) / 1_000);
  const [line] = lines;
  if (line === undefined) throw new Error('There are no files');
  const readers = Array.from({ length: READERS }, () => line);
  const down = (READERS * FILE_BYTES) / MB / ((await load('get', plain.url, readers)) / 1_000);
  await plain.stop();
  return { up, down };
}

await ensureNeeds(['redis-server']);
await ensureBuild({ quiet: true });
const redis = await startRedisServer();
const bridge = await startBridge(redis.url);
const SETTINGS: Record<string, Record<string, string>> = {
  'in the process': {},
  'over TCP': { REDIS_URL: redis.url },
  'over Upstash REST': { UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: UPSTASH_BRIDGE_TOKEN },
};
console.log(`${describeMachine()}\n`);
const plain = await measurePlain(redis.url);
console.log(`plain Node server on the same Redis: up ${plain.up.toFixed(0)} MB/s, down ${plain.down.toFixed(0)} MB/s`);
let isFair = true;
for (const [title, settings] of Object.entries(SETTINGS)) {
  const talked = await startBuilt(startBuiltServer, settings);
  const { quiet, busy, ratio, worst, up } = await measureTalk(talked.url);
  await talked.stop();
  // A process of its own, which holds no memory of the talk before.
  const read = await startBuilt(startBuiltServer, settings);
  const { down, peakMb } = await measureReaders(read);
  await read.stop();
  isFair &&= ratio <= RATIO_MAX;
  console.log(
    `${title}: a message within ${quiet.toFixed(1)} ms, beside four files ${busy.toFixed(1)} ms (× ${ratio.toFixed(2)}, worst round ${worst.toFixed(2)}); ` +
      `up ${up.toFixed(0)} MB/s, down ${down.toFixed(0)} MB/s, ${READERS} readers of one file ${peakMb.toFixed(0)} MB at most`,
  );
}
bridge.stop();
await redis.stop();
if (!isFair) process.exitCode = 1;
