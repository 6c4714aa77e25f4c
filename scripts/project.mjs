import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @param {string[]} segments */
export const inProject = (...segments) => path.join(ROOT, ...segments);

/**
 * The tools' own JavaScript, run with this very Node. It is the file that `npx` would find, but without a shell in
 * between, so that signals and exit codes arrive and Windows needs no `.cmd`.
 */
const require = createRequire(import.meta.url);
/** @param {string} name @param {string} file */
const tool = (name, file) => path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
export const TOOLS = {
  next: () => tool('next', 'dist/bin/next'),
  tsc: () => tool('typescript', 'bin/tsc'),
  eslint: () => tool('eslint', 'bin/eslint.js'),
  prettier: () => tool('prettier', 'bin/prettier.cjs'),
  vitest: () => tool('vitest', 'vitest.mjs'),
  playwright: () => tool('@playwright/test', 'cli.js'),
};

const ENDING_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM']);

/**
 * What happens to a program's output: `shown` as it comes, `held` back unless the program fails, or `dropped`.
 * @typedef {'shown' | 'held' | 'dropped'} Output
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, output?: Output }} [options]
 * @returns {Promise<number>} its exit code, 1 when a signal ended it
 */
export function run(command, args, { env = {}, output = 'shown' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: output === 'shown' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const held = [];
    child.stdout?.on('data', (chunk) => held.push(chunk));
    child.stderr?.on('data', (chunk) => held.push(chunk));
    // A signal that ends us is meant for the program, too: a build that went on would keep the next one waiting.
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => void child.kill(signal);
    for (const signal of ENDING_SIGNALS) process.on(signal, forward);
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of ENDING_SIGNALS) process.off(signal, forward);
      if (code !== 0 && output === 'held') process.stderr.write(Buffer.concat(held));
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs one of the tools.
 * @param {keyof typeof TOOLS} name
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, output?: Output }} [options]
 */
export const runTool = (name, args, options) => run(process.execPath, [TOOLS[name](), ...args], options);

/** Is this module the program itself, rather than imported by another? @param {string} moduleUrl */
export const isProgram = (moduleUrl) =>
  process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl);

/**
 * A failure whose message says everything that a person needs to know, so it is printed without a stack.
 */
export class Trouble extends Error {
  /** @override */
  name = 'Trouble';
}

/**
 * `npm start` runs us in a shell. When npm is asked to end, it ends that shell and leaves us running on the port, so we
 * treat the end of the shell as the signal.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

/** Runs a program's main function, which resolves to the exit code. @param {() => Promise<number>} main */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    process.exitCode = 1;
  }
}
