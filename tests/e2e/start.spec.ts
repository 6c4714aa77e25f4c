import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { expect, test } from '@playwright/test';
import { freePort } from '../../scripts/built-server.mjs';

interface Started {
  npm: ChildProcess;
  port: number;
  output: () => string;
  /** npm's exit code. */
  ended: Promise<unknown>;
}

async function npmStart(settings: Record<string, string>): Promise<Started> {
  const port = await freePort();
  const { HOSTNAME: _, npm_execpath: npmScript, ...own } = process.env;
  // Under npm its own script is known. Running that directly avoids the shell that Windows needs to find npm, and
  // signals reach npm.
  const [command, args] = npmScript ? [process.execPath, [npmScript]] : ['npm', []];
  const npm = spawn(command, [...args, 'start', '--silent'], {
    env: { ...own, PORT: String(port), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return { npm, port, output: () => output, ended: once(npm, 'close').then(([code]: unknown[]) => code) };
}

/** Structured log lines, and npm's remarks on the user's configuration, come beside it. */
const isLog = (line: string) => line.startsWith('{"') || line.startsWith('npm warn');

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

test('npm start says in one line where it is and which storage it uses, listens on every interface, and ends with npm', async () => {
  const { npm, port, output } = await npmStart({});
  try {
    await expect.poll(output, { timeout: 30_000 }).toContain('ready');
    const forPeople = output()
      .split('\n')
      .filter((line) => line !== '' && !isLog(line));
    expect(forPeople).toEqual([
      `Mayfly is ready on http://localhost:${port} (storage: embedded, rooms live in this process alone)`,
    ]);

    const addresses = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ address }) => !address.startsWith('fe80'));
    expect(addresses).not.toEqual([]);
    for (const { address, family } of addresses) {
      expect(await answers(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}/api/health`), address).toBe(
        true,
      );
    }
  } finally {
    npm.kill('SIGTERM');
  }
  await expect.poll(() => answers(`http://localhost:${port}/api/health`), { timeout: 10_000 }).toBe(false);
});

test('a start with wrong settings names every fault and exits with 1', async () => {
  const { ended, output } = await npmStart({
    UPSTASH_REDIS_REST_URL: 'https://example.com',
    RATE_LIMITS: 'maybe',
    TRUSTED_PROXIES: '-1',
  });
  expect(await ended).toBe(1);
  expect(output()).not.toContain('ready');
  for (const name of ['UPSTASH_REDIS_REST_TOKEN', 'RATE_LIMITS', 'TRUSTED_PROXIES']) expect(output()).toContain(name);
});
