/**
 * Finds the programs that the tests need, installs those that are missing, or says in one sentence what to install.
 * As a program: `node scripts/needs.mjs chromium redis-server nginx`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { Trouble, isProgram, run, runMain, runTool } from './project.mjs';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const REDIS_NAMES = ['redis-server', 'valkey-server'];

/**
 * The browser for the tests: the one that CHROMIUM_PATH names, Playwright's own download, or one of the system's.
 * @returns {string | undefined} the path of one that runs here
 */
export function findChromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (!runs(chosen)) throw new Trouble(`CHROMIUM_PATH is ${chosen}, which does not run: correct it or unset it.`);
    return chosen;
  }
  return [chromium.executablePath(), ...CHROMIUM_NAMES.flatMap(onPath), ...CHROMIUM_PLACES].find((file) => runs(file));
}

/** @returns {string | undefined} */
const findRedisServer = () => REDIS_NAMES.flatMap(onPath).find((file) => runs(file));

/** Debian installs nginx in a folder that only root has in its PATH. @returns {string | undefined} the path of one that runs here */
export const findNginx = () =>
  [...onPath('nginx'), '/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((file) => runs(file, '-v'));

/**
 * Each need has a way to find it, a way to install it, and advice for when neither works. `get` may
 * fail silently, because all that counts is whether the program is found afterwards.
 * @type {Record<string, { find: () => string | undefined, get: () => Promise<void>, advice: string }>}
 */
const NEEDS = {
  'redis-server': {
    find: findRedisServer,
    get: () => installPackage('redis-server'),
    advice:
      'The tests need redis-server on the PATH: install it (Debian and Ubuntu: apt-get install redis-server, macOS: brew install redis).',
  },
  chromium: {
    find: findChromium,
    get: async () => {
      // Ubuntu's package of that name is a stub for a snap, which containers cannot run.
      if (!isUbuntu()) await installPackage('chromium');
      if (findChromium()) return;
      console.log("Getting Playwright's Chromium …");
      await runTool('playwright', ['install', ...(isDebianRoot() ? ['--with-deps'] : []), 'chromium'], {
        output: 'dropped',
      });
    },
    advice:
      'The browser tests need Chromium: install it, run `npx playwright install --with-deps chromium`, or name one in CHROMIUM_PATH.',
  },
  nginx: {
    find: findNginx,
    get: () => installPackage('nginx'),
    advice:
      'The browser tests need nginx: install it (Debian and Ubuntu: apt-get install nginx, macOS: brew install nginx).',
  },
};

/** @param {readonly string[]} names keys of NEEDS @throws {Trouble} the sentence that says what to install */
export async function ensureNeeds(names) {
  for (const name of names) {
    const need = NEEDS[name];
    if (!need) throw new Trouble(`Unknown need: ${name}.`);
    if (need.find()) continue;
    await need.get();
    if (!need.find()) throw new Trouble(need.advice);
  }
}

/** @param {string} name */
async function installPackage(name) {
  if (!isDebianRoot()) return;
  console.log(`Installing ${name} …`);
  /** @type {Parameters<typeof run>[2]} */
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, output: 'dropped' };
  await run('apt-get', ['update'], options);
  await run('apt-get', ['install', '--yes', '--no-install-recommends', name], options);
}

const isDebianRoot = () => process.getuid?.() === 0 && onPath('apt-get').length > 0;
const isUbuntu = () => existsSync('/etc/os-release') && /^ID=ubuntu$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** @param {string} name @returns {string[]} where the PATH has a program of that name */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .filter((file) => existsSync(file));
}

/** A file may exist and yet be a stub or lack its libraries, so it counts only if it prints its version. @param {string} file */
function runs(file, question = '--version') {
  if (!existsSync(file)) return false;
  // Chrome for Windows opens a window instead.
  if (process.platform === 'win32') return true;
  return spawnSync(file, [question], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    await ensureNeeds(process.argv.slice(2));
    return 0;
  });
}
