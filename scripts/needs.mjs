/**
 * Finds the programs that the tests need, installs those that are missing, or says in one sentence what to install.
 * As a program: `node scripts/needs.mjs chromium redis-server nginx`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { Trouble, isProgram, run, runMain, runTool } from './project.mjs';

/** The shell is the same engine without a window, and does the same in two thirds of the time. */
const CHROMIUM_NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const FIREFOX_NAMES = ['firefox-esr', 'firefox'];
const FIREFOX_PLACE = '/Applications/Firefox.app/Contents/MacOS/firefox';
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

/** @returns {string | undefined} the path of one that runs here */
export const findFirefox = () => [...FIREFOX_NAMES.flatMap(onPath), FIREFOX_PLACE].find((file) => runs(file));

/** @returns {string | undefined} the path of an X server that needs no screen */
export const findXvfb = () => onPath('Xvfb').find((file) => runs(file, '-help'));

/**
 * WebKitGTK's driver and the browser that it drives. That browser cannot print its version without a display.
 * @returns {{ driver: string, browser: string } | undefined}
 */
export function findWebKit() {
  const driver = onPath('WebKitWebDriver').find((file) => runs(file, '--help'));
  const browser = ['/usr/libexec', '/usr/lib64', '/usr/lib', ...foldersIn('/usr/lib')]
    .map((folder) => path.join(folder, 'webkit2gtk-4.1', 'MiniBrowser'))
    .find((file) => existsSync(file));
  return driver !== undefined && browser !== undefined ? { driver, browser } : undefined;
}

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
  firefox: {
    find: findFirefox,
    get: () => installPackage('firefox-esr'),
    advice:
      'Firefox is missing, so it is not tested: install it (Debian: apt-get install firefox-esr, macOS: brew install --cask firefox).',
  },
  webkit: {
    find: () => findXvfb() && findWebKit()?.browser,
    get: () => installPackage('webkit2gtk-driver', 'xvfb'),
    advice:
      'WebKitGTK is missing, so it is not tested: install its driver and Xvfb (Debian and Ubuntu: apt-get install webkit2gtk-driver xvfb). Only Linux has it.',
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

/**
 * For what may be missing, because not every system has it.
 * @param {readonly string[]} names keys of NEEDS @returns {Promise<string[]>} a sentence for each that is missing and could not be installed
 */
export async function adviceOnMissing(names) {
  const advice = [];
  for (const name of names) {
    try {
      await ensureNeeds([name]);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      advice.push(error.message);
    }
  }
  return advice;
}

/** @param {string[]} names */
async function installPackage(...names) {
  if (!isDebianRoot()) return;
  console.log(`Installing ${names.join(' and ')} …`);
  /** @type {Parameters<typeof run>[2]} */
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, output: 'dropped' };
  await run('apt-get', ['update'], options);
  await run('apt-get', ['install', '--yes', '--no-install-recommends', ...names], options);
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

/** @param {string} folder @returns {string[]} empty where there is no such folder */
const foldersIn = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []);

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
