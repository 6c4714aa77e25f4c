/**
 * `npm run audit`: `npm audit` without the advisories that audit-exceptions.json excuses, each with a reason and a last day.
 * It is not part of `check`: a new advisory must not break an unchanged tree, and some registries do not serve audits.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Trouble, inProject, runMain } from './project.mjs';

const EXCEPTIONS = z.array(
  z.strictObject({
    id: z.string().startsWith('GHSA-'),
    package: z.string(),
    reason: z.string().min(1),
    until: z.iso.date(),
  }),
);

/** The parts of npm's report that are read. A cause that is a string names another vulnerable package, which has an entry of its own. */
const REPORT = z.object({
  message: z.string().optional(),
  vulnerabilities: z
    .record(
      z.string(),
      z.object({
        via: z.array(
          z.union([
            z.string(),
            z.object({ name: z.string(), severity: z.string(), title: z.string(), url: z.string() }),
          ]),
        ),
      }),
    )
    .optional(),
});

/** @typedef {{ id: string, package: string, severity: string, title: string }} Advisory `id` as in GHSA-… */

await runMain(async () => {
  const exceptions = EXCEPTIONS.parse(
    JSON.parse(await readFile(inProject('scripts', 'audit-exceptions.json'), 'utf8')),
  );
  const advisories = readAdvisories();
  const today = new Date().toISOString().slice(0, 10);
  const inForce = exceptions.filter(({ until }) => until >= today);
  const open = advisories.filter(({ id }) => !inForce.some((exception) => exception.id === id));

  for (const { id, package: name, reason, until } of exceptions) {
    const state =
      until < today
        ? 'has run out'
        : advisories.some((advisory) => advisory.id === id)
          ? `until ${until}`
          : 'is no longer needed';
    console.log(`exception  ${id}  ${name}: ${reason} (${state})`);
  }
  for (const { id, package: name, severity, title } of open)
    console.error(`${severity.padEnd(9)}  ${id}  ${name}: ${title}`);
  console.log(`${advisories.length} known, ${advisories.length - open.length} excepted, ${open.length} open`);
  return open.length === 0 ? 0 : 1;
});

/** @returns {Advisory[]} each one once, however many packages it affects */
function readAdvisories() {
  // npm is a different kind of script on every system; only a shell finds it on all of them.
  const { stdout } = spawnSync('npm audit --json', {
    cwd: inProject(),
    shell: true,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout.trim() === '') throw new Trouble('npm audit gave no report.');
  const report = REPORT.parse(JSON.parse(stdout));
  if (!report.vulnerabilities)
    throw new Trouble(`The registry did not serve the audit: ${report.message ?? 'it gave no reason'}.`);
  /** @type {Map<string, Advisory>} */
  const found = new Map();
  for (const cause of Object.values(report.vulnerabilities).flatMap(({ via }) => via)) {
    if (typeof cause === 'string') continue;
    const id = cause.url.split('/').at(-1) ?? cause.url;
    found.set(id, { id, package: cause.name, severity: cause.severity, title: cause.title });
  }
  return [...found.values()];
}
