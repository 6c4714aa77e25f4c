/**
 * Runs the unit tests, and the integration tests on the embedded storage, on each line of Node that Mayfly supports
 * except the one running here, which has all the other checks: `npm run test:node`. Arguments after `--` go to Vitest.
 * The binaries are packages of the npm registry and are kept in the cache folder of node_modules.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { inProject, isProgram, run, runMain, TOOLS, Trouble } from './project.mjs';

const LINES = [20, 22, 24];
/** The registry's packages call Windows `win`. */
const PLATFORM = process.platform === 'win32' ? 'win' : process.platform;
/** A test that imports one of these starts a redis-server, whichever storages were chosen. */
const STARTS_REDIS = /from '@tests\/support\/(?:redis-server|redis-cluster|upstash-bridge|fault-world)'/;

/** @returns {string[]} integration tests that cannot run on the embedded storage alone, as paths in the project */
export function testsThatStartRedis() {
  const folder = path.join('tests', 'integration');
  return readdirSync(inProject(folder))
    .filter((file) => file.endsWith('.test.ts') && STARTS_REDIS.test(readFileSync(inProject(folder, file), 'utf8')))
    .map((file) => path.posix.join('tests', 'integration', file));
}

/** @param {string[]} args for Vitest @returns {Promise<number>} the first exit code that is not 0 */
async function testOnOtherLines(args) {
  const leftOut = testsThatStartRedis();
  console.log(
    `Integration tests run on the embedded storage. Left out, because they start a redis-server:\n  ${leftOut.join('\n  ')}`,
  );
  // A filter may match files of one project only.
  const filtered = args.length > 0 ? ['--passWithNoTests', ...args] : [];
  const here = Number(process.versions.node.split('.')[0]);
  for (const line of LINES.filter((other) => other !== here)) {
    const node = await nodeOf(line);
    /** @param {string} project @param {string[]} options */
    const vitest = (project, ...options) => {
      console.log(`\n── Node ${line}, ${project}`);
      return run(node, [TOOLS.vitest(), 'run', '--project', project, ...options, ...filtered], {
        env: { MAYFLY_TEST_STORAGES: 'embedded' },
      });
    };
    const code =
      (await vitest('unit')) || (await vitest('integration', ...leftOut.flatMap((file) => ['--exclude', file])));
    if (code !== 0) return code;
  }
  return 0;
}

/** @param {number} line as in 22 @returns {Promise<string>} the binary of the version that was newest when it was downloaded */
async function nodeOf(line) {
  const name = `node-${PLATFORM}-${process.arch}`;
  const folder = inProject('node_modules', '.cache', `node-${line}`);
  const binary = path.join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Trouble('Run this through npm: npm run test:node.');
  await mkdir(folder, { recursive: true });
  await run(
    process.execPath,
    [npm, 'install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${line}`],
    { output: 'held' },
  );
  if (!existsSync(binary))
    throw new Trouble(`The registry has no Node ${line} for this machine, or could not be reached (${name}).`);
  return binary;
}

if (isProgram(import.meta.url)) await runMain(() => testOnOtherLines(process.argv.slice(2)));
