import { spawn, type SpawnOptions } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent, get, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, startBuiltServer } from '../../scripts/built-server.mjs';
import { STANDALONE } from '../../scripts/current-build.mjs';
import { startRedisServer } from '../support/redis-server';
import { startTcpProxy } from '../support/tcp-proxy';
import { joinRoom, openRoom, type ProgramSeat } from './support/program-seat';

/** An answer as it arrives: its status, and everything received so far. */
interface Incoming {
  status: number;
  heard: () => string;
  ended: () => boolean;
}

function follow(response: IncomingMessage): Incoming {
  let text = '';
  let ended = false;
  response
    .setEncoding('utf8')
    .on('data', (part: string) => (text += part))
    .on('close', () => (ended = true));
  return { status: response.statusCode ?? 0, heard: () => text, ended: () => ended };
}

async function openStream(url: string, { roomId, token }: ProgramSeat): Promise<Incoming> {
  const asked = get(`${url}/api/realtime?channel=${roomId}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}` },
  });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const stream = follow(response);
  await expect.poll(stream.heard).toContain('"type":"connected"');
  return stream;
}

/** Begins to send a message and stops in the middle. `finish` sends the rest and returns the answer. */
async function beginToSend(url: string, { roomId, token }: ProgramSeat): Promise<{ finish: () => Promise<Incoming> }> {
  const body = Buffer.from(JSON.stringify({ sender: 'Quiet Otter', text: 'said at the last moment' }));
  const sending = request(`${url}/api/messages?roomId=${roomId}`, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    },
  });
  sending.flushHeaders();
  // The server has seen the request when it says that the body may come.
  await once(sending, 'continue');
  sending.write(body.subarray(0, 10));
  return {
    finish: async () => {
      sending.end(body.subarray(10));
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      const answer = follow(response);
      await expect.poll(answer.ended).toBe(true);
      return answer;
    },
  };
}

/** Starts the built server as the container does, with these settings and none of our own. */
function startProgram(
  folder: string,
  settings: Record<string, string>,
  rights: Pick<SpawnOptions, 'uid' | 'gid'> = {},
) {
  const program = spawn(process.execPath, ['serve.mjs'], {
    cwd: folder,
    env: { NODE_ENV: 'production', HOSTNAME: '127.0.0.1', ...settings },
    ...rights,
  });
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { program, output: () => output, code: once(program, 'close').then(([code]: unknown[]) => code) };
}

test('SIGTERM sends streams elsewhere, lets requests under way finish and ends with 0, however busy the clients are', async () => {
  const server = await startBuiltServer({ settings: { RATE_LIMITS: 'off' } });
  try {
    const owner = await openRoom(server.url);
    const streams = [
      await openStream(server.url, owner),
      await openStream(server.url, await joinRoom(server.url, owner.roomId)),
    ];
    const sending = await beginToSend(server.url, owner);
    // This client asks again and again over a kept connection, which closing the port alone does not end.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const busy = (async () => {
      for (;;) {
        const asked = get(`${server.url}/api/room?roomId=${owner.roomId}`, { agent });
        const [response] = (await once(asked, 'response')) as [IncomingMessage];
        response.resume();
        await once(response, 'close');
      }
    })().catch((error: unknown) => error);

    const begun = Date.now();
    const ended = server.stop();
    for (const stream of streams) {
      await expect.poll(stream.ended).toBe(true);
      const words = stream.heard().trim().split('\n\n');
      expect(words.at(-1)).toMatch(/^data: \{"type":"reconnect","timestamp":\d+\}$/);
      expect(stream.heard()).not.toContain('chat.destroy');
    }
    const answer = await sending.finish();
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.heard())).toMatchObject({ text: 'said at the last moment' });
    expect(await ended).toBe(0);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(await busy).toBeInstanceOf(Error);
  } finally {
    await server.stop('SIGKILL');
  }
});

test('while Redis is away, at the start or later, every part reports 503, and everything goes on when it is back', async () => {
  const redis = await startRedisServer();
  const wire = await startTcpProxy(redis.port);
  wire.cut();
  const server = await startBuiltServer({ settings: { REDIS_URL: `redis://127.0.0.1:${wire.port}` } });
  try {
    expect(server.log()).toContain('(storage: does not answer yet)');
    const health = () => fetch(`${server.url}/api/health`).then(({ status }) => status);
    expect(await health()).toBe(503);
    wire.mend();
    await expect.poll(health, { timeout: 20_000 }).toBe(200);
    const seat = await openRoom(server.url);
    await seat.say('before');

    wire.cut();
    const parts = [
      ['GET', `/api/room?roomId=${seat.roomId}`],
      ['POST', '/api/room', {}],
      ['POST', `/api/room/join?roomId=${seat.roomId}`, {}],
      ['GET', `/api/messages?roomId=${seat.roomId}`],
      ['POST', `/api/messages?roomId=${seat.roomId}`, { sender: 'Quiet Otter', text: 'meanwhile' }],
      ['GET', `/api/members?roomId=${seat.roomId}`],
      ['GET', `/api/realtime?channel=${seat.roomId}`],
      ['GET', '/api/health'],
    ] as const;
    const answers = await Promise.all(
      parts.map(async ([method, where, json]) => ({
        where: `${method} ${where}`,
        answer: await seat.ask(method, where, json),
      })),
    );
    for (const { where, answer } of answers) {
      expect(answer.status, where).toBe(503);
      expect(Number(answer.headers.get('retry-after')), where).toBeGreaterThan(0);
      expect(await answer.json(), where).toMatchObject({ code: 'storage_unavailable' });
    }

    wire.mend();
    await expect.poll(health, { timeout: 20_000 }).toBe(200);
    await seat.say('afterwards');
    expect(await server.stop()).toBe(0);
  } finally {
    await server.stop();
    await wire.stop();
    await redis.stop();
  }
});

test('the line at the start names the storage, and neither it nor an error repeats a password', async () => {
  const password = randomBytes(12).toString('hex');
  const redis = await startRedisServer();
  try {
    await redis.command('CONFIG', 'SET', 'requirepass', password);
    const server = await startBuiltServer({ settings: { REDIS_URL: `redis://:${password}@127.0.0.1:${redis.port}` } });
    await server.stop();
    expect(server.log().split('\n')).toContain(`Mayfly is ready on ${server.url} (storage: redis)`);
    expect(server.log()).not.toContain(password);
  } finally {
    await redis.stop();
  }
  const wrong = {
    REDIS_URL: `rediss://:${password}@[127.0.0.1/x`,
    UPSTASH_REDIS_REST_TOKEN: `${password} ${password}`,
    VERCEL: '1',
  };
  const { code, output } = startProgram(STANDALONE, { ...wrong, PORT: String(await freePort()) });
  expect(await code).toBe(1);
  for (const name of ['REDIS_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'])
    expect(output()).toContain(`- ${name}`);
  expect(output()).not.toContain(password);
});

const NOBODY = 65_534;

test('the built folder runs on its own, read-only and without privileges', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-standalone-'));
  let started: ReturnType<typeof startProgram> | undefined;
  const entries = () => readdir(folder, { recursive: true });
  const setMode = async (mode: number) => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(path.join(entry.parentPath, entry.name), mode);
    }
    await chmod(folder, mode);
  };
  try {
    await cp(STANDALONE, folder, { recursive: true, verbatimSymlinks: true });
    await setMode(0o555);
    const before = await entries();
    const port = await freePort();
    const rights = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    started = startProgram(folder, { PORT: String(port) }, rights);
    const { program, output, code } = started;
    await expect.poll(output, { timeout: 30_000 }).toContain('Mayfly is ready on');
    const url = `http://127.0.0.1:${port}`;
    const page = await fetch(url);
    expect(page.status).toBe(200);
    const [, script = ''] = /src="(\/_next\/static\/[^"]+\.js)"/.exec(await page.text()) ?? [];
    expect((await fetch(url + script)).status).toBe(200);
    expect((await fetch(`${url}/icons/192.png`)).status).toBe(200);
    const seat = await openRoom(url);
    await seat.say('from a folder that nobody may write to');
    expect(await (await seat.ask('GET', `/api/messages?roomId=${seat.roomId}`)).json()).toMatchObject({
      messages: [{ text: 'from a folder that nobody may write to' }],
    });
    program.kill('SIGTERM');
    expect(await code).toBe(0);
    expect(await entries()).toEqual(before);
    expect(output()).not.toMatch(/EACCES|EROFS|EPERM/);
  } finally {
    started?.program.kill('SIGKILL');
    await started?.code;
    await setMode(0o755);
    await rm(folder, { recursive: true, force: true });
  }
});
