import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/built-server.mjs';
import { findNginx } from '../../scripts/needs.mjs';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/nginx.conf', import.meta.url));
const START_MS = 10_000;
const POLL_MS = 20;

export interface Nginx {
  readonly url: string;
  /** What it answers while its backend is away: 502, as nginx does by itself, or a page that somebody has set up. */
  answerForBackend(status: 404 | 502 | 503): Promise<void>;
  stop(): Promise<void>;
}

/** The configuration that docs/reverse-proxies.md shows, with these ports instead of its own. */
async function exampleFor(port: number, backendPort: number): Promise<string> {
  const example = await readFile(EXAMPLE, 'utf8');
  const replaced = example
    .replace('listen 80;', `listen 127.0.0.1:${port}; include away.conf;`)
    .replace('127.0.0.1:3000', `127.0.0.1:${backendPort}`);
  if (!replaced.includes('include away.conf') || !replaced.includes(`:${backendPort};`))
    throw new Error('The example no longer has the expected ports.');
  return replaced;
}

/** Starts nginx with the configuration of the docs on a free port of 127.0.0.1, in front of `backendPort` there. */
export async function startNginx(backendPort: number): Promise<Nginx> {
  const program = findNginx();
  if (program === undefined) throw new Error('These tests need nginx.');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-nginx-'));
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text);
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  const writeAway = (status: number) =>
    write(
      'away.conf',
      status === 502 ? '' : `error_page 502 =${status} @away; location @away { internal; return ${status}; }`,
    );
  await writeAway(502);
  await write('mayfly.conf', await exampleFor(port, backendPort));
  // Its workers run as the user `nobody` instead of root, and that user may not write here.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await write(
    'nginx.conf',
    `${user} worker_processes 1; pid ${folder}/pid; events {} http { access_log off; ${own} include mayfly.conf; }`,
  );

  const nginx = spawn(
    program,
    ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`, '-g', 'daemon off;'],
    { stdio: 'ignore' },
  );
  const ended = once(nginx, 'exit');
  const stop = async () => {
    if (nginx.exitCode === null && nginx.signalCode === null) nginx.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  /** Requests it again and again until `isWanted` accepts the status. */
  const untilStatus = async (isWanted: (status: number) => boolean) => {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const status = await fetch(`${url}/api/health`).then(
        (answer) => answer.status,
        () => 0,
      );
      if (isWanted(status)) return;
      if (Date.now() > deadline || nginx.exitCode !== null) {
        const log = await readFile(`${folder}/error.log`, 'utf8').catch(() => '');
        await stop();
        throw new Error(`nginx did not answer as expected:\n${log}`);
      }
      await pause(POLL_MS);
    }
  };
  await untilStatus((status) => status !== 0);
  return {
    url,
    answerForBackend: async (wanted) => {
      await writeAway(wanted);
      nginx.kill('SIGHUP');
      await untilStatus((status) => status === wanted);
    },
    stop,
  };
}
