import { createHash, randomUUID } from 'node:crypto';
import { cp, link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT, Trouble, inProject, runTool } from './project.mjs';

/** Every file and folder of the project that affects the build's result. */
const INPUTS = [
  'src',
  'public',
  'scripts/serve.mjs',
  'scripts/listening.mjs',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
export const STANDALONE = inProject('.next', 'standalone');

/** It is inside `.next`, so that any other `next build` removes it and a half-made build is never taken for a whole one. */
const STAMP = inProject('.next', 'mayfly-build');

/** It is outside `.next`, because a build empties that folder. */
const LOCK = inProject('node_modules', '.cache', 'mayfly-build.lock');

/**
 * Makes the production build, unless the existing one was made from exactly these sources. One process
 * builds at a time: the others wait for it and then find its build current.
 * @param {{ force?: boolean, quiet?: boolean }} [options] `quiet` shows the build's output only when it fails.
 */
export async function ensureBuild({ force = false, quiet = false } = {}) {
  if (!force && (await isCurrent())) return;
  const release = await lock();
  try {
    if (!force && (await isCurrent())) return;
    if (quiet) console.log('Building Mayfly, which takes a minute or so …');
    // The stamp holds the hash from before the build, so an edit during the build makes the result outdated, not current.
    const sources = await fingerprint();
    await rm(STAMP, { force: true });
    const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    if ((await runTool('next', ['build', '--webpack'], { env, output: quiet ? 'held' : 'shown' })) !== 0)
      throw new Trouble('The build failed.');
    await assemble();
    await writeFile(STAMP, sources);
  } finally {
    await release();
  }
}

/** Copies what a server needs beside its own code, because `next build` leaves that to us. */
async function assemble() {
  await cp(inProject('.next', 'static'), path.join(STANDALONE, '.next', 'static'), { recursive: true });
  await cp(inProject('public'), path.join(STANDALONE, 'public'), { recursive: true });
  for (const file of ['serve.mjs', 'listening.mjs']) await cp(inProject('scripts', file), path.join(STANDALONE, file));
  // Next copies .env files into the build. Settings are read at the start, and old ones must not survive an edit.
  for (const file of await readdir(STANDALONE)) {
    if (file.startsWith('.env')) await rm(path.join(STANDALONE, file));
  }
}

async function isCurrent() {
  const built = await readFile(STAMP, 'utf8').catch(() => undefined);
  return built !== undefined && built === (await fingerprint());
}

/** A hash over the names and contents of all inputs, in hex. */
async function fingerprint() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    for (const file of await filesUnder(input)) {
      const content = await readFile(inProject(file));
      hash.update(`${file.split(path.sep).join('/')}\n${content.length}\n`).update(content);
    }
  }
  return hash.digest('hex');
}

/** @param {string} input a file or folder of the project @returns {Promise<string[]>} every file in it, sorted; an empty list if it does not exist */
async function filesUnder(input) {
  try {
    const entries = await readdir(inProject(input), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
      .sort();
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return [input];
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * Waits for the right to build. The lock names the process that owns it, so that the lock of a dead process is
 * ignored. If two processes ignore it in the same instant, both go on, and then Next's own lock ends the second.
 * @returns {Promise<() => Promise<void>>} releases the lock
 */
async function lock() {
  await mkdir(path.dirname(LOCK), { recursive: true });
  const mine = `${process.pid} ${randomUUID()}`;
  // Linked into place together with its content, so that nobody ever reads a lock without an owner.
  const draft = `${LOCK}.${process.pid}`;
  let announced = false;
  for (;;) {
    try {
      await writeFile(draft, mine);
      await link(draft, LOCK);
      return async () => {
        if ((await readLock()) === mine) await rm(LOCK, { force: true });
      };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    } finally {
      await rm(draft, { force: true });
    }
    const owner = Number.parseInt(await readLock(), 10);
    if (Number.isNaN(owner)) continue;
    if (!isAlive(owner)) {
      await rm(LOCK, { force: true });
      continue;
    }
    if (!announced) console.log(`Waiting for the build that process ${owner} is making …`);
    announced = true;
    await pause(200);
  }
}

const readLock = () => readFile(LOCK, 'utf8').catch(() => '');

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive, too, although we may not signal it.
    return hasCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
const hasCode = (error, code) => error instanceof Error && 'code' in error && error.code === code;
