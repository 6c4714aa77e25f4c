import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as Builds from '../../scripts/current-build.mjs';
import type * as Servers from '../../scripts/built-server.mjs';
import type { StartBuilt } from './running';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Everything that goes into a build, and the scripts that make it. */
const INPUTS = [
  'src',
  'public',
  'scripts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
/** The route that the overlay replaces with one of another kind. */
const REPLACED = 'src/pages/api/[[...slugs]].ts';
const OVERLAY = fileURLToPath(new URL('./overlay', import.meta.url));

/** Always the same place for this checkout, so that an unchanged build is found again. */
const VARIANT = join(tmpdir(), `mayfly-bench-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`);

/**
 * Builds Mayfly once more in a folder of its own, where the routes of `overlay` are added to Mayfly's own or replace
 * them, so that the subjects run under the same Next with the same settings. Returns the function that starts it.
 */
export async function buildVariant(): Promise<StartBuilt> {
  await mkdir(VARIANT, { recursive: true });
  for (const input of INPUTS) {
    await rm(join(VARIANT, input), { recursive: true, force: true });
    await cp(join(ROOT, input), join(VARIANT, input), { recursive: true });
  }
  await rm(join(VARIANT, REPLACED));
  await cp(OVERLAY, VARIANT, { recursive: true });
  await takePackages();
  // The scripts work on the folder that they are in, so the copy has to run its own.
  const script = (name: string) => pathToFileURL(join(VARIANT, 'scripts', name)).href;
  const builds = (await import(/* @vite-ignore */ script('current-build.mjs'))) as typeof Builds;
  await builds.ensureBuild({ quiet: true });
  const servers = (await import(/* @vite-ignore */ script('built-server.mjs'))) as typeof Servers;
  return (options) => servers.startBuiltServer(options);
}

/** Links each file if the disk allows it, because the bundler accepts no link to a folder outside. */
async function takePackages(): Promise<void> {
  const from = join(ROOT, 'node_modules');
  const to = join(VARIANT, 'node_modules');
  await rm(to, { recursive: true, force: true });
  if (spawnSync('cp', ['-Rl', from, to]).status !== 0) {
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
  }
  // Locks and caches of the original do not belong in the copy.
  await rm(join(to, '.cache'), { recursive: true, force: true });
}
