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
import { describeMachine, pinLoad } from './machine';
import { type Running, startBuilt, startPlain } from './running';

/**
 * `npm run bench:files`: what files cost everybody else, and what they cost beside a plain server. Milliseconds depend on the machine; the
 * ratios carry over.
 */
const FILE_BYTES = 10 * 1_024 * 1_024;
const PIECE_BYTES = 262_144;
const PIECES = FILE_BYTES / PIECE_BYTES;
const FILES = 4;
const READERS = 50;
const MESSAGES = 400;
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

/** Runs the load in a process of its own; gives the milliseconds that it took. */
async function load(method: 'put' | 'get', url: string, lines: readonly Line[]): Promise<number> {
  const program = fileURLToPath(new URL('./servers/file-load.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, method, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(lines));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error('The load failed.');
  return Number(printed);
}

const percentile = (times: readonly number[], part: number) =>
  [...times].sort((left, right) => left - right)[Math.floor(times.length * part)] ?? Number.NaN;

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

/** Four files go up again and again, each round into a room of its own, while somebody else talks. */
async function measureTalk(url: string) {
  const talker = await openRoom(url);
  await talk(url, talker, (sent) => sent === MESSAGES / 4);
  const quiet = await talk(url, talker, (sent) => sent === MESSAGES);
  const uploads: number[] = [];
  const over = new AbortController();
  const uploading = (async () => {
    while (!over.signal.aborted) {
      const room = await openRoom(url);
      const lines = await Promise.all(Array.from({ length: FILES }, () => begin(url, room)));
      uploads.push(await load('put', url, lines));
      const { roomId, token } = room;
      await fetch(`${url}/api/room?roomId=${roomId}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      });
    }
  })();
  const busy = await talk(url, talker, (sent) => sent === MESSAGES);
  over.abort();
  await uploading;
  return {
    quiet: percentile(quiet, 0.99),
    busy: percentile(busy, 0.99),
    up: (FILES * FILE_BYTES) / MB / (percentile(uploads, 0.5) / 1_000),
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
pinLoad();
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
  const { quiet, busy, up } = await measureTalk(talked.url);
  await talked.stop();
  // A process of its own, which holds no memory of the talk before.
  const read = await startBuilt(startBuiltServer, settings);
  const { down, peakMb } = await measureReaders(read);
  await read.stop();
  isFair &&= busy <= RATIO_MAX * quiet;
  console.log(
    `${title}: a message within ${quiet.toFixed(1)} ms, beside four files ${busy.toFixed(1)} ms (× ${(busy / quiet).toFixed(2)}); ` +
      `up ${up.toFixed(0)} MB/s, down ${down.toFixed(0)} MB/s, ${READERS} readers of one file ${peakMb.toFixed(0)} MB at most`,
  );
}
bridge.stop();
await redis.stop();
if (!isFair) process.exitCode = 1;
