/**
 * `npm test` and its parts: runs the named steps in order, stops at the first that fails, and then prints the
 * totals of all runners. Arguments after the names go to the step's runner: `npm run test:unit -- -t seat`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { ensureBuild } from './current-build.mjs';
import { adviceOnMissing, ensureNeeds } from './needs.mjs';
import { Trouble, inProject, run, runMain, runTool } from './project.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Tally
 * @typedef {{ code: number, tally?: Tally }} Outcome `tally` for steps that are made of tests
 * @typedef {{ needs?: string[], wants?: string[], run: (args: string[]) => Promise<Outcome> }} Step
 *   A step cannot run without its `needs`. Not every system has what it `wants`, and without that it tests less.
 */

/** Where playwright.config.ts has its report written. */
const PLAYWRIGHT_REPORT = inProject('test-results', 'report.json');

const VITEST_TALLY = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
  })
  .transform((report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }));

const PLAYWRIGHT_TALLY = z
  .object({ stats: z.object({ expected: z.number(), flaky: z.number(), unexpected: z.number(), skipped: z.number() }) })
  .transform(({ stats }) => ({
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
  }));

/** @type {Record<string, Step>} */
const STEPS = {
  types: {
    run: async () => {
      // `PageProps` and the like are written by Next from the routes.
      const code = await runTool('next', ['typegen'], { output: 'held' });
      return { code: code || (await runTool('tsc', ['--noEmit'])) };
    },
  },
  format: {
    run: async (args) => ({
      code: await runTool('prettier', [args.includes('--write') ? '--write' : '--check', '--log-level', 'warn', '.']),
    }),
  },
  lint: {
    run: async () => {
      const code = await runTool('eslint', ['.', '--max-warnings', '0']);
      return { code: code || (await run(process.execPath, [inProject('scripts', 'phrases.mjs')])) };
    },
  },
  unit: { run: (args) => runVitest('unit', args) },
  integration: { needs: ['redis-server'], run: (args) => runVitest('integration', args) },
  // The schedules of faults of which the integration tests run a sample.
  long: {
    needs: ['redis-server'],
    run: (args) => runVitest('integration', ['tests/integration/files-faults.test.ts', ...args], { MAYFLY_LONG: '1' }),
  },
  build: { run: async () => (await ensureBuild(), { code: 0 }) },
  size: { run: async () => ({ code: await run(process.execPath, [inProject('scripts', 'size.mjs')]) }) },
  attack: { needs: ['redis-server'], run: runAttack },
  e2e: { needs: ['chromium', 'redis-server', 'nginx'], run: runPlaywright },
  engines: { needs: ['chromium'], wants: ['firefox', 'webkit'], run: runEngines },
};

/** @param {string} project @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<Outcome>} */
async function runVitest(project, args, env = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'mayfly-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runTool('vitest', ['run', '--project', project, ...reporters, ...args], { env });
  const tally = await readTally(report, VITEST_TALLY);
  await rm(folder, { recursive: true });
  return { code, tally };
}

/**
 * Attacks our build or, with SUBJECT, that of another checkout. With `--long` an attack goes on until caps that take
 * minutes are reached; `--write` then puts the figures into docs/benchmarks.md.
 * @param {string[]} args @returns {Promise<Outcome>}
 */
async function runAttack(args) {
  if (!process.env.SUBJECT) await ensureBuild({ quiet: true });
  const rest = args.filter((word) => word !== '--long' && word !== '--write');
  return runVitest('attack', rest, {
    ATTACK_FORM: args.includes('--long') ? 'long' : 'short',
    ATTACK_WRITE: args.includes('--write') ? 'yes' : 'no',
  });
}

/** @param {string[]} args @returns {Promise<Outcome>} */
async function runEngines(args) {
  await ensureBuild({ quiet: true });
  return runVitest('engines', args);
}

/** @param {string[]} args @returns {Promise<Outcome>} */
async function runPlaywright(args) {
  await ensureBuild({ quiet: true });
  await rm(PLAYWRIGHT_REPORT, { force: true });
  const code = await runTool('playwright', ['test', ...args]);
  return { code, tally: await readTally(PLAYWRIGHT_REPORT, PLAYWRIGHT_TALLY) };
}

/** @param {string} file @param {z.ZodType<Tally>} schema @returns {Promise<Tally>} zeros when the runner died before it could report */
async function readTally(file, schema) {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? { passed: 0, failed: 0, skipped: 0 } : schema.parse(JSON.parse(text));
}

/** @param {Tally} tally */
const describe = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

await runMain(async () => {
  const [names, args] = splitArguments(process.argv.slice(2));
  // A missing program is reported before any time is spent.
  await ensureNeeds([...new Set(names.flatMap((name) => STEPS[name]?.needs ?? []))]);
  const missing = await adviceOnMissing(names.flatMap((name) => STEPS[name]?.wants ?? []));
  // A step that was asked for by its name, or by a machine that checks everything, must not test less in silence.
  if (missing.length > 0 && (names.length === 1 || process.env.CI)) throw new Trouble(missing.join('\n'));
  for (const advice of missing) console.log(advice);

  const total = { passed: 0, failed: 0, skipped: 0 };
  const recap = [];
  let failedAt;
  for (const name of names) {
    console.log(`\n── ${name}`);
    const began = Date.now();
    const { code, tally } = await runStep(name, args);
    // A step that fails without a failed test (types, a crash) counts as one failure, so that the totals tell the truth.
    const failed = code === 0 ? 0 : Math.max(1, tally?.failed ?? 0);
    total.passed += tally?.passed ?? 0;
    total.skipped += tally?.skipped ?? 0;
    total.failed += failed;
    const verdict = tally ? describe({ ...tally, failed }) : failed > 0 ? 'failed' : 'ok';
    recap.push(`${name.padEnd(12)} ${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s   ${verdict}`);
    if (failed > 0) {
      failedAt = name;
      break;
    }
  }

  console.log(`\n${recap.join('\n')}`);
  for (const advice of missing) console.log(advice);
  if (failedAt && failedAt !== names.at(-1)) console.log(`Stopped at ${failedAt}; the later steps were not run.`);
  if (total.passed + total.failed + total.skipped > 0) console.log(describe(total));
  return failedAt ? 1 : 0;
});

/** @param {string} name @param {string[]} args @returns {Promise<Outcome>} */
async function runStep(name, args) {
  try {
    return (await STEPS[name]?.run(args)) ?? { code: 1 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { code: 1 };
  }
}

/** @param {string[]} words @returns {[names: string[], args: string[]]} */
function splitArguments(words) {
  const end = words.findIndex((word) => !Object.hasOwn(STEPS, word));
  return end === -1 ? [words, []] : [words.slice(0, end), words.slice(end)];
}
