/** `npm run dev`: Next's development server, with one line for the address and the storage. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import nextEnv from '@next/env';
import { browserAddress, isBanner, listenHost, readyLine } from './listening.mjs';
import { ROOT, TOOLS, endWithNpm } from './project.mjs';

// HOSTNAME and PORT may be in .env, too. The other settings are left to Next, which notices edits of the file.
const own = { ...process.env };
const { combinedEnv } = nextEnv.loadEnvConfig(ROOT, true);
const host = listenHost(combinedEnv.HOSTNAME);

/** @type {NodeJS.ProcessEnv} */
const env = {
  ...own,
  NODE_ENV: 'development',
  NEXT_TELEMETRY_DISABLED: '1',
  ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
};
if (combinedEnv.PORT) env.PORT = combinedEnv.PORT;
const server = spawn(process.execPath, [TOOLS.next(), 'dev', '--hostname', host], {
  cwd: ROOT,
  env,
  stdio: ['inherit', 'pipe', 'inherit'],
});

/** Next logs every request. These lines are about our own requests for the storage, so they are not shown. */
const OWN_REQUEST = /GET \/api\/health\b/;
let asking = true;
let announced = false;
createInterface({ input: server.stdout }).on('line', (line) => {
  // Next takes the next free port when its own is in use, so only it knows the address.
  const port = /- Local:\s+\S+:(\d+)/.exec(stripVTControlCharacters(line))?.[1];
  if (port && !announced) {
    announced = true;
    void readyLine(browserAddress(host, Number(port))).then((ready) => {
      console.log(ready);
      // Next logs the last of our requests only after answering it.
      setTimeout(() => (asking = false), 500);
    });
  }
  if (!isBanner(line) && !(asking && OWN_REQUEST.test(line))) console.log(line);
});

// A terminal signals the whole group, and `kill` signals only this process. Next ignores a second signal.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => server.kill(signal));
endWithNpm();
server.once('close', (code) => process.exit(code ?? 1));
